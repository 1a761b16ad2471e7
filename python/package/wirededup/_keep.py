"""From a frame to the same frame with one story of each report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from ._frames import readable
from ._scan import Options, scan

if TYPE_CHECKING:
    from typing_extensions import Unpack

F = TypeVar("F")


def keep(stories: F, **options: Unpack[Options]) -> F:
    """The rows of `stories` as they are and in their order, one of each cluster: a pandas or polars
    frame, a pyarrow Table or a list, as it came in; of a RecordBatchReader a Table, of another
    iterable a list. Takes the settings of `scan`; `keep=` says which one stays.

    >>> dedup.keep(["The ferry ran aground.", "The ferry ran aground!", "Rain."])
    ['The ferry ran aground.', 'Rain.']

    Rows that made no story stay: nothing is known of them. `scan` tells them, and what a row that
    goes is a version of. Raises what `scan` raises.
    """
    rows = _rows(stories)
    mask = scan(rows, **options).mask()
    if isinstance(rows, list):
        return cast(F, [row for row, kept in zip(rows, mask) if kept])
    home = type(rows).__module__.partition(".")[0]
    if home == "pandas":
        # By place: a list of no truths would stand for no columns.
        return cast(F, rows.iloc[[place for place, kept in enumerate(mask) if kept]])
    if home == "polars":
        return cast(F, rows.filter(mask))
    import pyarrow

    return cast(F, rows.filter(pyarrow.array(mask, pyarrow.bool_())))


def _rows(stories: Any) -> Any:
    """What can be read twice: first to be compared, then to be taken from."""
    home, kind = type(stories).__module__.partition(".")[0], type(stories).__name__
    if home in ("pandas", "polars") or home == "pyarrow" and kind in ("Table", "RecordBatch"):
        return stories
    if hasattr(stories, "__arrow_c_stream__"):
        import pyarrow

        return pyarrow.table(stories)
    return readable(stories, {})
