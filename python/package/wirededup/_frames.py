"""From what a caller has to what the compiled part reads: the columns that stand for a part of a
story, as a stream of Arrow batches, or a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import _core

Names = dict[str, Any]
"""The keyword arguments that name columns."""

_KEYS = ("id", "date", "source")


def names_of(
    id: str, text: str, headline: str | None, source: str | None, time: str | None, language: str | None
) -> Names:
    """Names of columns as the compiled part takes them."""
    return {"id": id, "text": text, "headline": headline, "source": source, "time": time, "language": language}


def readable(stories: Any, names: Names) -> Any:
    """What exports a stream of Arrow batches, or a list.

    Raises TypeError for what is neither, with the way out.
    """
    if isinstance(stories, list):
        return stories
    home, kind = type(stories).__module__.partition(".")[0], type(stories).__name__
    if kind in ("Series", "ChunkedArray") or home == "pyarrow" and kind.endswith("Array"):
        call = ".to_pylist()" if home == "pyarrow" else ".to_list()"
        raise TypeError(f"expected a table or an iterable of stories, found {kind}; for texts alone call {call}")
    if home == "pandas" and kind == "DataFrame":
        return _of_pandas(stories, names)
    if home == "polars" and kind == "DataFrame":
        return _of_polars(stories, names)
    if home == "pyarrow" and kind in ("Table", "RecordBatch"):
        found = stories.select(_places(stories.schema.names, names))
        return found if kind == "Table" else _of_batch(found)
    if hasattr(stories, "__arrow_c_stream__"):
        return stories
    if hasattr(stories, "__arrow_c_array__"):
        import pyarrow

        return _of_batch(pyarrow.record_batch(stories))
    is_iterable = isinstance(stories, Iterable) and not isinstance(stories, (str, bytes, dict))
    advice = _advice(stories, home)
    if advice or not is_iterable:
        raise TypeError(f"expected a table or an iterable of stories, found {kind}{advice}")
    return list(stories)


def held(stories: Any) -> bool:
    """Whether a table lies in memory already, so that no file has to hold it."""
    return any(hasattr(stories, name) for name in ("nbytes", "estimated_size", "memory_usage"))


def _advice(stories: Any, home: str) -> str:
    if home == "pyspark":
        return "; on Spark call wirededup.spark.scan"
    if home == "dask":
        return "; call .compute() first"
    if isinstance(stories, (str, bytes)):
        return "; read the file first, or put texts in a list"
    if isinstance(stories, dict):
        return "; put stories in a list"
    for name in ("to_arrow", "to_reader", "scanner", "collect", "to_table", "read"):
        if callable(getattr(stories, name, None)):
            return "; call .scanner().to_reader() first" if name == "scanner" else f"; call .{name}() first"
    return ""


def _of_batch(batch: Any) -> Any:
    import pyarrow

    return pyarrow.Table.from_batches([batch])


def _places(columns: Iterable[Any], names: Names) -> list[int]:
    """Where the columns are that stand for a part of a story.

    Raises ValueError if one that is needed is missing.
    """
    columns = list(columns)
    _core.require([str(name) for name in columns], **names)
    return [place for place, name in enumerate(columns) if isinstance(name, str) and _core.role(name, **names)]


def _of_polars(frame: Any, names: Names) -> Any:
    import polars

    columns = [frame.columns[place] for place in _places(frame.columns, names)]
    found = frame.select(columns)
    # Polars exports a column of nothing as it is, without the buffers that others expect.
    empty = [name for name, kind in found.schema.items() if kind == polars.Null]
    for name, kind in found.schema.items():
        if kind == polars.Object:
            raise TypeError(f"expected strings in column `{name}`, found Python objects; cast it to polars.String")
    return found.with_columns(polars.col(empty).cast(polars.String)) if empty else found


def _of_pandas(frame: Any, names: Names) -> Any:
    import pyarrow

    places = _places(frame.columns, names)
    columns = [str(frame.columns[place]) for place in places]
    arrays = [_array(frame.iloc[:, place], name, _core.role(name, **names)) for place, name in zip(places, columns)]
    return pyarrow.Table.from_arrays(arrays, names=columns)


def _array(series: Any, name: str, role: str) -> Any:
    """A column of pandas as Arrow; Python objects that can be a key as they print."""
    import pyarrow

    try:
        array = pyarrow.array(series, from_pandas=True)
    except UnicodeEncodeError:
        return _array(series.map(_characters).astype(object), name, role)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError):
        array = None
    if array is not None and (role not in _KEYS or _is_key(array.type)):
        return array
    if role not in _KEYS:
        odd = next(value for value in series if not isinstance(value, str) and value == value and value is not None)
        raise TypeError(f"expected strings in column `{name}`, found {type(odd).__name__}; cast it with .astype(str)")
    gone = series.isna()
    printed = [None if is_gone else str(value) for value, is_gone in zip(series, gone)]
    return pyarrow.array(printed, pyarrow.large_string())


def _characters(value: Any) -> Any:
    """A string without the halves of characters that JSON can hold: they are as unreadable here as for
    the program."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_key(kind: Any) -> bool:
    from pyarrow import types

    checks: tuple[Callable[[Any], bool], ...] = (
        types.is_string, types.is_large_string, types.is_string_view, types.is_integer, types.is_floating,
        types.is_temporal, types.is_null, types.is_dictionary,
    )  # fmt: skip
    return any(check(kind) for check in checks)
