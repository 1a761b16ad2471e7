"""From a table of the compiled part to the one that is handed out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from . import _core, _html

FIRST = 10
"""Rows that a notebook shows."""


class Table:
    """An Arrow table that any library with the PyCapsule interface reads without a copy:
    `pyarrow.table(t)`, `polars.DataFrame(t)`, `pandas.DataFrame.from_arrow(t)`, DuckDB.

    Iterating gives a dict a row. It pickles.
    """

    __slots__ = ("_inner",)

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __arrow_c_schema__(self) -> object:
        return self._inner.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._inner.__arrow_c_stream__(requested_schema)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (_core.packed(self._inner),)

    def __len__(self) -> int:
        return len(self._inner)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_pylist())

    def __repr__(self) -> str:
        return f"Table({len(self)} rows: {', '.join(self.column_names)})"

    def _repr_html_(self) -> str:
        first = self.to_pylist(FIRST)
        caption = f"{len(self):,} rows" + (f", the first {FIRST}" if len(self) > FIRST else "")
        return _html.table(self.column_names, (row.values() for row in first), caption)

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self._inner.column_names)

    def to_pyarrow(self) -> Any:
        """As a `pyarrow.Table`."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> Any:
        """As a `polars.DataFrame`."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> Any:
        """As a `pandas.DataFrame`; needs pyarrow too."""
        return self.to_pyarrow().to_pandas()

    def to_pylist(self, most: int | None = None) -> list[dict[str, Any]]:
        """As a list of dicts, a row each, the first `most` of them; needs pyarrow or polars."""
        try:
            table = self.to_pyarrow()
        except ImportError:
            frame = self.to_polars()
            return list((frame if most is None else frame.head(most)).to_dicts())
        return list((table if most is None else table.slice(0, most)).to_pylist())

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Writes a Parquet file; needs pyarrow or polars."""
        try:
            from pyarrow import parquet
        except ImportError:
            self.to_polars().write_parquet(path)
        else:
            parquet.write_table(self.to_pyarrow(), path, compression="zstd")


def _restored(packed: bytes) -> Table:
    return Table(_core.unpacked(packed))
