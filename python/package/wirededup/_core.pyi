"""The compiled part."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypedDict, overload

from typing_extensions import Unpack

__version__: str
FAMILY: int

class Names(TypedDict, total=False):
    """Columns that stand for the parts of a story; `id` and `text` by default the usual ones."""

    id: str
    text: str
    headline: str | None
    source: str | None
    time: str | None
    language: str | None

class Settings:
    """Checked settings of a run."""

    def __new__(
        cls,
        *,
        level: str = "rewrite",
        threshold: float = 0.7,
        shingle: int = 5,
        window: int | None = 604_800,
        linkage: str = "average",
        keep: str = "first",
        keep_furniture: bool = False,
        all_relations: bool = False,
        facts: bool = False,
        texts: bool = False,
        strict: bool = False,
        threads: int | None = None,
        memory: int | None = None,
        model: str | None = None,
    ) -> Settings: ...

class Report:
    """All that a run found."""

    def pairs(self) -> Any: ...
    def clusters(self) -> Any: ...
    def members(self) -> Any: ...
    def mask(self) -> list[bool] | None: ...
    def singles(self) -> list[str] | list[int]: ...
    def skipped(self) -> list[tuple[int, str]]: ...
    def warnings(self) -> list[str]: ...
    def summary(self) -> dict[str, int]: ...
    def to_jsonl(self, singles: bool) -> str: ...
    def to_html(self) -> str: ...

class Index:
    """An index that is open, or was."""

    def __new__(
        cls,
        path: str,
        settings: Settings | None,
        read_only: bool,
        **names: Unpack[Names],
    ) -> Index: ...
    def add(self, stories: Any, strict: bool) -> tuple[list[str], list[tuple[int, str]]]: ...
    def query(self, story: Any) -> str: ...
    def query_many(self, stories: Any, strict: bool) -> tuple[list[str], list[tuple[int, str]]]: ...
    def __len__(self) -> int: ...
    def __contains__(self, id: object) -> bool: ...
    def remove(self, ids: Sequence[str]) -> list[str]: ...
    def expire(self, before: str | None) -> int: ...
    def report(
        self,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        least: int = 0,
        story: str | None = None,
    ) -> Report: ...
    def stats(self) -> str: ...
    def verify(self) -> list[str]: ...
    def close(self) -> None: ...

class MinHasher:
    """Makes signatures: MinHash by one permutation, drawn from a seed."""

    def __new__(cls, values: int = 128, seed: int = 431215141232) -> MinHasher: ...
    def signature(self, shingles: Sequence[int]) -> list[int]:
        """The signature of shingles, in any order, repeats allowed; empty for none."""
    def of_text(self, text: str, width: int = 5) -> list[int]:
        """The signature of a text by its shingles of `width` tokens."""
    @staticmethod
    def estimate(a: Sequence[int], b: Sequence[int]) -> float:
        """The share of equal values: an estimate of the Jaccard similarity."""
    @property
    def values(self) -> int:
        """How many values a signature has."""
    @property
    def seed(self) -> int:
        """What the permutation was drawn from."""

def scan(
    stories: Any,
    settings: Settings,
    *,
    needs_id: bool = False,
    spool: bool = True,
    progress: Callable[[str, int, int | None], object] | None = None,
    **names: Unpack[Names],
) -> Report: ...
def explain(a: Any, b: Any, settings: Settings, **names: Unpack[Names]) -> tuple[str, str]: ...
def columns(given: Sequence[str], /, **names: Unpack[Names]) -> list[str]: ...
def role(name: str, /, **names: Unpack[Names]) -> str: ...
def require(columns: Sequence[str], /, **names: Unpack[Names]) -> None: ...
def packed(table: Any) -> bytes: ...
def unpacked(packed: bytes) -> Any: ...
def found(report: Report) -> list[Any]: ...
def tokens(text: str) -> list[str]:
    """The tokens of a text, in order, as they are compared."""

def token_hashes(text: str) -> list[int]:
    """The 64-bit hashes of the tokens of a text, in order."""

def shingles(text: str, width: int = 5) -> list[int]:
    """The distinct shingles of `width` tokens of a text, ascending."""

def overlap(a: Sequence[int], b: Sequence[int]) -> tuple[int, int, int]:
    """Distinct shingles in both, in `a` and in `b`."""

def banding(values: int, threshold: float) -> tuple[int, int]:
    """Bands and rows: the longest rows that still find 999 of 1,000 pairs at the threshold."""

@overload
def band_keys(
    signature: Sequence[int], bands: int, rows: int, dtype: Literal["uint64", "int64"] = "uint64"
) -> list[int]:
    """The 64-bit key of each band of a signature; two stories with one in common are candidates.
    `dtype` is `uint64`, `int64` (the same bits, for columns of pandas, Spark and SQL) or `bytes`
    (eight, the highest first)."""

@overload
def band_keys(signature: Sequence[int], bands: int, rows: int, dtype: Literal["bytes"]) -> list[bytes]: ...
def strip(text: str, headline: str = "") -> tuple[str, str]:
    """Headline and body without dateline, byline, credits and their like."""

def fingerprints(rows: Any, settings: Settings, **names: Unpack[Names]) -> Any: ...
def bands(rows: Any) -> Any: ...
def alike(rows: Any, settings: Settings) -> Any: ...

class BucketPairs:
    def __new__(cls, family: int) -> BucketPairs: ...
    def push(self, rows: Any) -> list[Any]: ...
    def finish(self) -> list[Any]: ...

class Components:
    def __new__(cls) -> Components: ...
    def push(self, rows: Any) -> list[Any]: ...
    def finish(self) -> list[Any]: ...

class Compare:
    def __new__(cls, settings: Settings) -> Compare: ...
    def push(self, rows: Any) -> list[Any]: ...
    def finish(self) -> list[Any]: ...

class Families:
    def __new__(cls, settings: Settings) -> Families: ...
    def push(self, rows: Any) -> list[Any]: ...
    def finish(self) -> list[Any]: ...

class Cluster:
    def __new__(cls, settings: Settings) -> Cluster: ...
    def push(self, rows: Any) -> list[Any]: ...
    def finish(self) -> list[Any]: ...
