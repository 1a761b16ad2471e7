"""From two sets of shingles to how alike they are."""

from __future__ import annotations

from collections.abc import Iterable

from . import _core


def _sets(a: str | Iterable[int], b: str | Iterable[int], width: int) -> tuple[int, int, int]:
    def of(x: str | Iterable[int]) -> list[int]:
        return _core.shingles(x, width) if isinstance(x, str) else list(x)

    return _core.overlap(of(a), of(b))


def jaccard(a: str | Iterable[int], b: str | Iterable[int], *, shingle: int = 5) -> float:
    """Exact Jaccard similarity of two texts or two sets of shingles; two empty ones give 0."""
    shared, of_a, of_b = _sets(a, b, shingle)
    union = of_a + of_b - shared
    return shared / union if union else 0.0


def containment(part: str | Iterable[int], whole: str | Iterable[int], *, shingle: int = 5) -> float:
    """The share of the shingles of `part` that is found in `whole`; 0 for an empty part."""
    shared, of_part, _ = _sets(part, whole, shingle)
    return shared / of_part if of_part else 0.0
