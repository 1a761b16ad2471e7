"""From two stories to what ties them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from . import _core, _html
from ._frames import names_of
from ._settings import Level, Model, settings


class Passage(NamedTuple):
    """A stretch that two stories share."""

    a: str
    """As it stands in the first."""
    b: str
    """As it stands in the second."""
    tokens: int
    """Its length."""


class Explanation:
    """What ties two stories. `str()` of it is what `dedup explain` prints."""

    __slots__ = ("_text", "facts")

    facts: dict[str, Any]
    """All of it, as `dedup explain --format json` has it."""

    def __init__(self, facts: dict[str, Any], text: str) -> None:
        self.facts = facts
        self._text = text

    @property
    def relation(self) -> str | None:
        """`identical`, `copy`, `edited`, `excerpt`, `extended`, `update`, `correction`, `repeat`,
        `rewrite`, `translation`, `roundup`, `related`, `template`, or None."""
        return self.facts["relation"]

    @property
    def score(self) -> float:
        """The probability that both are versions of one report."""
        return self.facts["score"]

    @property
    def jaccard(self) -> float:
        """Distinct shingles in both over those in either."""
        return self.facts["jaccard"]

    @property
    def direction(self) -> str:
        """`a-to-b` if b took it from a, `b-to-a`, or `unknown`."""
        return self.facts["direction"]

    @property
    def passages(self) -> list[Passage]:
        """What both say in the same words, in the order of the first."""
        return [Passage(p["text_a"], p["text_b"], p["tokens"]) for p in self.facts["passages"]]

    def __str__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        told = f"{self.relation or 'no tie'}, score {self.score}, Jaccard {self.jaccard}, {self.direction}"
        rows = ((passage.a, passage.b, passage.tokens) for passage in self.passages)
        return _html.table(["a", "b", "tokens"], rows, told)

    def __repr__(self) -> str:
        return f"Explanation(relation={self.relation!r}, score={self.score})"


def explain(
    a: str | dict[str, Any],
    b: str | dict[str, Any],
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
    keep_furniture: bool = False,
    model: Model = None,
) -> Explanation:
    """Says what ties two stories, each a text or a dict as `scan` takes it; settings are as there.

    Raises ValueError for a dict without a text.
    """
    checked = settings(
        level=level, threshold=threshold, shingle=shingle, keep_furniture=keep_furniture, model=model
    )
    names = names_of(id, text, headline, source, time, language)
    facts, shown = _core.explain(a, b, checked, **names)
    return Explanation(json.loads(facts), shown)
