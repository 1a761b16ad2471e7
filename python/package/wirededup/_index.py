"""From stories as they come to an index on disk that knows every report it has seen."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from . import _core
from ._frames import names_of, readable
from ._scan import Report, Skipped
from ._settings import Keep, Level, Linkage, Model, Window, settings


class Hit(NamedTuple):
    """A story of the index that another one is a version of."""

    id: str
    relation: str
    score: float
    """The probability that both are versions of one report."""
    jaccard: float
    containment_a: float
    """Share of the story asked for that is found in this one."""
    containment_b: float
    source: str | None
    time: str | None


class Answer(NamedTuple):
    """What an index says about one story."""

    id: str
    """Under which the story is in the index, or was asked for."""
    seen: str
    """`new`, `identical` or `version`."""
    of: str | None
    """The closest story of the index."""
    cluster: str | None
    """The id of the canonical of its report."""
    hits: list[Hit]
    """The closest first, 20 at most."""
    hits_in_all: int
    known: bool
    """Whether the very same story was in already, so that nothing was added."""


class Answers(list[Answer]):
    """An answer a story, in order; and the rows that made no story."""

    skipped: list[Skipped]
    """Rows of the input, from 0, with the reason."""

    def __init__(self, told: tuple[list[str], list[tuple[int, str]]]) -> None:
        super().__init__(_answer(line) for line in told[0])
        self.skipped = [Skipped(row, reason) for row, reason in told[1]]


def _answer(line: str) -> Answer:
    facts = json.loads(line)
    hits = [Hit(*(hit.get(name) for name in Hit._fields)) for hit in facts["hits"]]
    return Answer(
        facts["id"], facts["answer"], facts["of"], facts["cluster"], hits, facts["hits_in_all"],
        facts.get("known", False),
    )  # fmt: skip


def _moment(time: str | datetime.datetime | None) -> str | None:
    if isinstance(time, datetime.datetime):
        return (time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)).isoformat()
    return time


class Unset:
    """Says that a setting was not given, where None means no limit."""


UNSET = Unset()


class Index:
    """An index of stories: one SQLite file that keeps their clusters as they come and go.

    >>> with dedup.Index("wire.db", level="copy") as index:
    ...     index.add([{"id": "afp-1", "text": text}])
    ...     index.query({"id": "post-7", "text": other}).seen
    'version'

    Level, threshold, shingle, window, linkage, keep, keep_furniture and model are settings of the file,
    as in `scan` and with its defaults; to open it again with others is refused. One process writes,
    any number read (`read_only=True`): one that names no settings takes those of the file, one that
    names any is refused as a writer is. `len(index)` counts stories, `id in index` looks for one. When a call that
    writes returns, what it did is on the disk.

    Raises ValueError for settings other than those of the file, OSError if it cannot be opened,
    RuntimeError if somebody else writes it or it is damaged.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        id: str = "id",
        text: str = "text",
        headline: str | None = None,
        source: str | None = None,
        time: str | None = None,
        language: str | None = None,
        level: Level | None = None,
        threshold: float | None = None,
        shingle: int | None = None,
        window: Window | Unset = UNSET,
        linkage: Linkage | None = None,
        keep: Keep | None = None,
        keep_furniture: bool | None = None,
        model: Model = None,
    ) -> None:
        asked: dict[str, Any] = {
            "level": level,
            "threshold": threshold,
            "shingle": shingle,
            "linkage": linkage,
            "keep": keep,
            "keep_furniture": keep_furniture,
            "model": model,
        }
        asked = {name: value for name, value in asked.items() if value is not None}
        if not isinstance(window, Unset):
            asked["window"] = window
        # A reader that names no settings takes those of the file.
        checked = None if read_only and not asked else settings(**asked)
        self._names = names_of(id, text, headline, source, time, language)
        self._path = os.fspath(path)
        self._inner = _core.Index(self._path, checked, read_only, **self._names)

    def add(self, stories: Any, *, strict: bool = False) -> Answers:
        """Adds the stories of a table, or texts or dicts, as `scan` takes them, all in one durable
        step; says of each what was known of it before. A story that is in already is not added
        again. A row that makes no story is skipped and told in `skipped`; `strict=True` raises
        ValueError instead, and adds nothing."""
        return Answers(self._inner.add(readable(stories, self._names), strict))

    def query(self, story: Any) -> Answer:
        """Says whether the report of a story has been seen. Cost: a few milliseconds."""
        return _answer(self._inner.query(story))

    def query_many(self, stories: Any, *, strict: bool = False) -> Answers:
        """Says the same of each story of a table or an iterable; rows are skipped as by `add`."""
        return Answers(self._inner.query_many(readable(stories, self._names), strict))

    def __repr__(self) -> str:
        return f"Index({self._path!r})"

    def __len__(self) -> int:
        """How many stories there are."""
        return len(self._inner)

    def __contains__(self, id: object) -> bool:
        """Whether a story has the id."""
        return id in self._inner

    def __bool__(self) -> bool:
        """True: an index without a story is an index."""
        return True

    def remove(self, ids: Iterable[str | int]) -> list[str]:
        """Takes stories out; gives those ids that no story has."""
        if isinstance(ids, str):
            raise TypeError("expected an iterable of ids, found a string; put it in a list")
        return self._inner.remove([str(id) for id in ids])

    def expire(self, before: str | datetime.datetime) -> int:
        """Takes out what was published before a moment; gives how many stories that were."""
        return self._inner.expire(_moment(before))

    def report(
        self,
        *,
        since: str | datetime.datetime | None = None,
        until: str | datetime.datetime | None = None,
        source: str | None = None,
        least: int = 0,
        story: str | None = None,
    ) -> Report:
        """The stories with their clusters and pairs, as a scan would report them: those with a
        story since or until a time, of a source, of `least` stories or more, of one story."""
        return Report(self._inner.report(_moment(since), _moment(until), source, least, story))

    @property
    def clusters(self) -> Any:
        """A row a cluster, as in `Report.clusters`."""
        return self.report().clusters

    def stats(self) -> dict[str, Any]:
        """How many stories, texts, clusters, ties and bytes there are."""
        return json.loads(self._inner.stats())

    def verify(self) -> list[str]:
        """What does not hold of all that the file promises; empty for a sound file."""
        return self._inner.verify()

    def close(self) -> None:
        """Ends its use; a call after that raises ValueError."""
        self._inner.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
