"""From stories to their clusters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from . import _core
from ._settings import Size, Window, settings
from ._table import Table

Progress = Callable[[str, int, int | None], object]

_LABELS = {"read": "reading", "compare": "comparing", "cluster": "clustering"}


class Skipped(NamedTuple):
    """A row that made no story."""

    row: int
    """Its place in the input, from 0."""
    reason: str
    """What was expected, what came, the way out."""


class Report:
    """All that a scan found. Everything is sorted and independent of the order of the input."""

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
        kept. What is not kept is a duplicate."""
        return self._table("members")

    @property
    def singles(self) -> list[str]:
        """Ids of the stories that are in no cluster."""
        return self._inner.singles()

    @property
    def skipped(self) -> list[Skipped]:
        """Rows that made no story, with the reason."""
        return [Skipped(row, reason) for row, reason in self._inner.skipped()]

    @property
    def warnings(self) -> list[str]:
        """What should be seen beside the result: repeated ids, large families."""
        return self._inner.warnings()

    @property
    def summary(self) -> dict[str, int]:
        """How many stories, clusters, clustered stories, pairs and skipped rows there are."""
        return self._inner.summary()

    def to_jsonl(self, path: str | os.PathLike[str] | None = None, *, singles: bool = False) -> str | None:
        """The bytes of `dedup scan --format jsonl` for these stories: as a string, or into a file."""
        text = self._inner.to_jsonl(singles)
        if path is None:
            return text
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return None

    def __repr__(self) -> str:
        counts = self.summary
        return "Report({stories} stories, {clustered} in {clusters} clusters, {pairs} pairs)".format(**counts)


def scan(
    stories: Any,
    *,
    id: str = "id",
    text: str = "text",
    headline: str | None = None,
    source: str | None = None,
    time: str | None = None,
    language: str | None = None,
    level: str = "rewrite",
    threshold: float = 0.7,
    shingle: int = 5,
    window: Window = "7d",
    linkage: str = "average",
    keep: str = "first",
    keep_furniture: bool = False,
    all_relations: bool = False,
    facts: bool = False,
    strict: bool = False,
    threads: int | None = None,
    memory: Size = None,
    progress: Progress | bool | None = None,
) -> Report:
    """Says which stories are versions of one report.

    `stories` is a table with the Arrow PyCapsule interface (pyarrow Table, RecordBatch or
    RecordBatchReader, polars or pandas frame), whose columns are read in place; or an iterable of
    dicts or of strings. Strings, and rows of a table without an id column, are numbered from 0.

    `id`, `text`, `headline`, `source`, `time` and `language` name columns; by default the usual
    names count (`id`, `guid`, `url` …, `text`, `body` …, `headline`, `title`, `date` …). A row
    without a text is skipped and told in `Report.skipped`; `strict=True` raises instead.

    `level` is what is joined: `identical`, `copy` or `rewrite`. `threshold`, in [0.3, 1], is the
    Jaccard similarity of runs of `shingle` tokens from which a pair is a copy. `window` (`7d`,
    `36h`, a timedelta, None) is how far apart versions may be where times are known. `linkage` is
    `single`, `average` or `complete`; `keep` is `first`, `last`, `longest` or `source:A,B`.
    `memory` (`2G`, bytes) bounds the comparison of copies; the result is the same.

    `progress` is called with a stage (`read`, `compare`, `cluster`), the bytes done and those in
    all or None; True shows a tqdm bar if tqdm is installed.

    The interpreter lock is released; Ctrl-C ends the scan.

    Raises ValueError for a setting out of range or a column that is missing, TypeError for a
    column that holds no strings. Cost: near-linear; `dedup scan` of the same stories and a few
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
        strict=strict,
        threads=threads,
        memory=memory,
    )
    names: dict[str, Any] = {
        "id": id,
        "text": text,
        "headline": headline,
        "source": source,
        "time": time,
        "language": language,
    }
    with _Bar(progress) as told:
        return Report(_core.scan(_readable(stories), checked, progress=told, **names))


def _readable(stories: Any) -> Any:
    """A table with `__arrow_c_stream__`, or a list."""
    if hasattr(stories, "__arrow_c_stream__") or isinstance(stories, list):
        return stories
    if hasattr(stories, "__arrow_c_array__"):
        import pyarrow

        return pyarrow.table(pyarrow.record_batch(stories))
    if isinstance(stories, (str, bytes, dict)) or not isinstance(stories, Iterable):
        raise TypeError(f"expected a table or an iterable of stories, found {type(stories).__name__}")
    return list(stories)


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
