"""From stories as they come to an index on disk that knows every report it has seen."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from . import _core
from ._scan import Report
from ._settings import Window, settings


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
    """The closest first, 50 at most."""
    hits_in_all: int
    known: bool
    """Whether the very same story was in already, so that nothing was added."""


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


class Index:
    """An index of stories: one SQLite file that keeps their clusters as they come and go.

    >>> with dedup.Index("wire.db", level="copy") as index:
    ...     index.add([{"id": "afp-1", "text": text}])
    ...     index.query({"id": "post-7", "text": other}).seen
    'version'

    Level, threshold, shingle, window, linkage, keep and keep_furniture are settings of the file,
    as in `scan`; to open it again with others is refused. One process writes, any number read
    (`read_only=True`). When a call that writes returns, what it did is on the disk.

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
        level: str = "rewrite",
        threshold: float = 0.7,
        shingle: int = 5,
        window: Window = "7d",
        linkage: str = "average",
        keep: str = "first",
        keep_furniture: bool = False,
    ) -> None:
        checked = settings(
            level=level,
            threshold=threshold,
            shingle=shingle,
            window=window,
            linkage=linkage,
            keep=keep,
            keep_furniture=keep_furniture,
        )
        names: dict[str, Any] = {
            "id": id,
            "text": text,
            "headline": headline,
            "source": source,
            "time": time,
            "language": language,
        }
        self._inner = _core.Index(os.fspath(path), checked, read_only, **names)

    def add(self, stories: Iterable[Any]) -> list[Answer]:
        """Adds stories, texts or dicts, all in one durable step; says of each what was known
        of it before. A story that is in already is not added again."""
        return [_answer(line) for line in self._inner.add(list(stories))]

    def query(self, story: Any) -> Answer:
        """Says whether the report of a story has been seen. Cost: a few milliseconds."""
        return _answer(self._inner.query(story))

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Takes stories out; gives those ids that no story has."""
        return self._inner.remove(list(ids))

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
