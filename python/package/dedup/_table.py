"""From a table of the compiled part to the one that is handed out."""

from __future__ import annotations

from typing import Any


class Table:
    """An Arrow table that any library with the PyCapsule interface reads without a copy:
    `pyarrow.table(t)`, `polars.DataFrame(t)`, `pandas.DataFrame.from_arrow(t)`, DuckDB."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __arrow_c_schema__(self) -> object:
        return self._inner.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._inner.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._inner)

    def __repr__(self) -> str:
        return f"Table({len(self)} rows: {', '.join(self.column_names)})"

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

    def to_pylist(self) -> list[dict[str, Any]]:
        """As a list of dicts, a row each; needs pyarrow."""
        return self.to_pyarrow().to_pylist()
