"""From stories to their clusters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypedDict

from . import _core, _html
from ._frames import held, names_of, readable
from ._settings import Keep, Level, Linkage, Model, Size, Window, settings
from ._table import Table

Progress = Callable[[str, int, int | None], object]

_LABELS = {"read": "reading", "compare": "comparing", "cluster": "clustering"}


class Skipped(NamedTuple):
    """A row that made no story."""

    row: int
    """Its place in the input, from 0."""
    reason: str
    """What was expected, what came, the way out."""


class Cluster(NamedTuple):
    """The versions of one report."""

    canonical: str | int
    """The one that is kept."""
    origin: str | None
    """The story, or the agency outside, that had it first."""
    members: list[str | int]
    weakest: float
    """The lowest score that holds it together."""


class Report:
    """All that a scan found. Everything is sorted and independent of the order of the input.

    Ids are of the type of their column, as long as all of them are whole numbers that differ;
    strings otherwise. Iterating gives a `Cluster` each. It pickles, but for the texts of `to_html`.
    """

    __slots__ = ("_inner", "_tables")

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._tables: dict[str, Table] = {}

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            self._tables[name] = Table(getattr(self._inner, name)())
        return self._tables[name]

    @property
    def pairs(self) -> Table:
        """A row a verified relation: a, b, relation, score, jaccard, containment_a, containment_b,
        direction, reason, agency, cut. `a` comes before `b` in id order."""
        return self._table("pairs")

    @property
    def clusters(self) -> Table:
        """A row a cluster: canonical, origin, members (a list of ids), weakest."""
        return self._table("clusters")

    @property
    def members(self) -> Table:
        """A row a story that is in a cluster: id, cluster (its row in `clusters`), canonical,
        kept, row (its place in the input, from 0; null of an index). What is not kept is a
        duplicate."""
        return self._table("members")

    @property
    def singles(self) -> list[str] | list[int]:
        """Ids of the stories that are in no cluster."""
        return self._inner.singles()  # type: ignore[no-any-return]

    @property
    def skipped(self) -> list[Skipped]:
        """Rows that made no story, with the reason."""
        return [Skipped(row, reason) for row, reason in self._inner.skipped()]

    @property
    def warnings(self) -> list[str]:
        """What should be seen beside the result: repeated ids, large families."""
        return list(self._inner.warnings())

    @property
    def summary(self) -> dict[str, int]:
        """How many stories, clusters, clustered stories, pairs and skipped rows there are."""
        return dict(self._inner.summary())

    def mask(self) -> list[bool]:
        """Of each row of the input whether it is kept: `df[report.mask()]` in pandas,
        `df.filter(report.mask())` in polars and pyarrow. All but one of a cluster are not; a row
        that made no story is, as nothing is known of it.

        Raises ValueError for the report of an index, which has no rows.
        """
        kept: list[bool] | None = self._inner.mask()
        if kept is None:
            raise ValueError("expected the report of a scan, found that of an index, which has no rows; use members")
        return kept

    def to_jsonl(self, path: str | os.PathLike[str] | None = None, *, singles: bool = False) -> str | None:
        """The bytes of `dedup scan --format jsonl` for these stories: as a string, or into a file."""
        return _written(self._inner.to_jsonl(singles), path)

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """One page that works by itself, as `dedup scan --format html` writes it: as a string, or
        into a file. With `scan(texts=True)` it shows the texts side by side."""
        return _written(self._inner.to_html(), path)

    def to_parquet(self, folder: str | os.PathLike[str]) -> None:
        """Writes `pairs.parquet`, `clusters.parquet` and `members.parquet` into a folder, which is
        made; needs pyarrow or polars."""
        os.makedirs(folder, exist_ok=True)
        for name in ("pairs", "clusters", "members"):
            self._table(name).to_parquet(os.path.join(folder, f"{name}.parquet"))

    def __iter__(self) -> Iterator[Cluster]:
        for row in self.clusters:
            yield Cluster(**row)

    def __reduce__(self) -> tuple[Any, ...]:
        return Report, (self._inner if isinstance(self._inner, Kept) else Kept.of(self._inner),)

    def __repr__(self) -> str:
        counts = self.summary
        return "Report({stories} stories, {clustered} in {clusters} clusters, {pairs} pairs)".format(**counts)

    def _repr_html_(self) -> str:
        told = [f"{len(self.skipped)} rows skipped"] if self.skipped else []
        told = [repr(self), *told, *self.warnings]
        return "".join(f"<p>{_html.shown(line)}</p>" for line in told) + self.clusters._repr_html_()


class Kept:
    """What a pickle keeps of a report."""

    def __init__(self, **parts: Any) -> None:
        self.parts = parts

    @classmethod
    def of(cls, inner: Any) -> Kept:
        """The parts of a report of the compiled part."""
        names = ("pairs", "clusters", "members")
        parts = {name: getattr(inner, name)() for name in ("singles", "skipped", "warnings", "summary", "mask")}
        tables = {name: Table(getattr(inner, name)()) for name in names}
        return cls(lines=inner.to_jsonl(True), **tables, **parts)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "parts":
            raise AttributeError(name)
        part = self.parts[name]
        return lambda: part._inner if isinstance(part, Table) else part

    def to_jsonl(self, singles: bool) -> str:
        lines: list[str] = self.parts["lines"].splitlines(keepends=True)
        return "".join(line for line in lines if singles or not line.startswith('{"type":"single"'))

    def to_html(self) -> str:
        raise ValueError("a report from a pickle has lost what the page shows; write the page before it is pickled")


def _written(text: str, path: str | os.PathLike[str] | None) -> str | None:
    if path is None:
        return text
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return None


class Options(TypedDict, total=False):
    """The settings of `scan`, for those that pass them on."""

    id: str
    text: str
    headline: str | None
    source: str | None
    time: str | None
    language: str | None
    level: Level
    threshold: float
    shingle: int
    window: Window
    linkage: Linkage
    keep: Keep
    keep_furniture: bool
    all_relations: bool
    facts: bool
    texts: bool
    strict: bool
    threads: int | None
    memory: Size
    model: Model
    progress: Progress | bool | None


def scan(
    stories: Any,
    *,
    id: str = "id",
    text: str = "text",
    headline: str | None = None,
    source: str | None = None,
    time: str | None = None,
    language: str | None = None,
    level: Level = "rewrite",
    threshold: float = 0.7,
    shingle: int = 5,
    window: Window = "7d",
    linkage: Linkage = "average",
    keep: Keep = "first",
    keep_furniture: bool = False,
    all_relations: bool = False,
    facts: bool = False,
    texts: bool = False,
    strict: bool = False,
    threads: int | None = None,
    memory: Size = None,
    model: Model = None,
    progress: Progress | bool | None = None,
) -> Report:
    """Says which stories are versions of one report.

    `stories` is a table with the Arrow PyCapsule interface (pyarrow Table, RecordBatch or
    RecordBatchReader, polars or pandas frame), whose columns are read in place; or an iterable of
    dicts or of strings. Strings, and rows of a table without an id column, are numbered from 0.
    Columns that stand for no part of a story may hold anything.

    `id`, `text`, `headline`, `source`, `time` and `language` name columns; by default the usual
    names count (`id`, `guid`, `url` …, `text`, `body` …, `headline`, `title`, `date` …). A row
    without a text is skipped and told in `Report.skipped`; `strict=True` raises instead.

    `level` is what is joined: `identical`, `copy` or `rewrite`. `threshold`, in [0.3, 1], is the
    Jaccard similarity of runs of `shingle` tokens from which a pair is a copy. `window` (`7d`,
    `36h`, a timedelta, None) is how far apart versions may be where times are known. `linkage` is
    `single`, `average` or `complete`; `keep` is `first`, `last`, `longest` or a list of sources.
    `memory` (`2G`, bytes) bounds the comparison, and what is held of a stream: a RecordBatchReader
    may be larger, its columns then wait in a temporary file. The result is the same.
    `model` is a file of `dedup fit` with the weights to judge by.
    `all_relations` reports ties that join nothing, too; `facts` what changed between two versions;
    `texts` keeps the texts of clustered stories for `Report.to_html`.

    `progress` is called with a stage (`read`, `compare`, `cluster`), the bytes done and those in
    all or None; True shows a tqdm bar if tqdm is installed.

    The interpreter lock is released; Ctrl-C ends the scan.

    Raises ValueError for a setting out of range or a column that is missing or stands twice,
    TypeError for a column that holds no strings and for what is no table.

    Cost: near-linear; `dedup scan` of the same stories and a few
    per cent.
    """
    checked = settings(
        level=level,
        threshold=threshold,
        shingle=shingle,
        window=window,
        linkage=linkage,
        keep=keep,
        keep_furniture=keep_furniture,
        all_relations=all_relations,
        facts=facts,
        texts=texts,
        strict=strict,
        threads=threads,
        memory=memory,
        model=model,
    )
    names = names_of(id, text, headline, source, time, language)
    table = readable(stories, names)
    if held(stories):
        # What lies in memory is read where it lies.
        names["spool"] = False
    with _Bar(progress) as told:
        return Report(_core.scan(table, checked, progress=told, **names))


class _Bar:
    """What a scan tells its progress: a callback as given, or a tqdm bar."""

    def __init__(self, progress: Progress | bool | None) -> None:
        self._bar: Any = None
        self._told: Any = progress if callable(progress) else None
        self._stage = ""
        if progress is True:
            try:
                from tqdm.auto import tqdm
            except ImportError:
                return
            self._bar = tqdm(unit="B", unit_scale=True)
            self._told = self._show

    def _show(self, stage: str, done: int, total: int | None) -> None:
        if stage != self._stage:
            self._stage = stage
            self._bar.reset(total=total)
            self._bar.set_description(_LABELS[stage])
        self._bar.update(done - self._bar.n)

    def __enter__(self) -> Any:
        return self._told

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
