"""From the frame of the user to what is known of it before the first stage."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .. import _core
from .._settings import settings

_KEYS = ("id", "date", "source")


def checked_columns(df: DataFrame, options: dict[str, Any], names: dict[str, str | None]) -> list[str]:
    """The columns that stand for a part of a story.

    Raises ValueError for one that is missing or stands twice, TypeError for one of another type.
    """
    if not isinstance(df, DataFrame) and not hasattr(df, "mapInArrow"):
        raise TypeError(f"expected a Spark DataFrame, found {type(df).__name__}; wirededup.scan takes other frames")
    import pyarrow

    columns = list(dict.fromkeys(_core.columns(df.columns, **names)))
    for name in columns:
        if df.columns.count(name) > 1:
            raise ValueError(f"expected one column `{name}`, found {df.columns.count(name)}; rename or drop one")
    empty = pyarrow.record_batch({name: pyarrow.array([], pyarrow.string()) for name in columns})
    _core.fingerprints(empty, settings(**options), **names)
    for name in columns:
        _refuse_type(name, _core.role(name, **names), df.schema[name].dataType)
    return columns


def _refuse_type(name: str, role: str, kind: T.DataType) -> None:
    fits = isinstance(kind, (T.StringType, T.NullType)) or type(kind).__name__ in ("CharType", "VarcharType")
    fits |= role in _KEYS and isinstance(kind, (T.IntegralType, T.FloatType, T.DoubleType))
    fits |= role == "date" and isinstance(kind, (T.DateType, T.TimestampType, T.TimestampNTZType))
    if fits:
        return
    found, advice = kind.simpleString(), f'cast it: df.withColumn("{name}", F.col("{name}").cast("string"))'
    if isinstance(kind, T.BinaryType):
        advice = f'decode it: df.withColumn("{name}", F.decode("{name}", "UTF-8"))'
    elif isinstance(kind, T.StructType):
        advice = f'name one of its fields: df.withColumn("{name}", F.col("{name}.{kind.names[0]}"))'
    elif isinstance(kind, T.ArrayType):
        advice = f'join it: df.withColumn("{name}", F.concat_ws("\\n", "{name}"))'
    raise TypeError(f"expected strings in column `{name}`, found {found}; {advice}")


def content(df: DataFrame, columns: list[str], names: dict[str, str | None]) -> dict[str, Any]:
    """Rows, bytes of text and a checksum that no order of rows changes: by these a run knows again
    what it had read. Cost: the input is read once more."""
    texts = [F.col(f"`{name}`") for name in columns if _core.role(name, **names) in ("text", "headline")]
    length = sum((F.coalesce(F.length(text), F.lit(0)) for text in texts), F.lit(0)).cast("long")
    # The seed of the hash, and the sum as a decimal: neither overflows under ANSI rules.
    mark = F.xxhash64(*[F.col(f"`{name}`") for name in columns]).cast("decimal(38,0)")
    row = df.agg(F.count("*").alias("rows"), F.sum(length).alias("bytes"), F.sum(mark).alias("sum")).first()
    return {"rows": row["rows"], "characters": row["bytes"] or 0, "checksum": str(row["sum"] or 0)}
