"""From the clusters of a run to the rows of its input that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .. import _core
from .._settings import settings
from ._ids import unique

_TOLD = {
    "id": T.StringType(),
    "identity_a": T.LongType(),
    "identity_b": T.LongType(),
    "time": T.LongType(),
    "source": T.StringType(),
}
"""What tells stories of one id apart."""


class _Beside:
    """Puts that beside each row; nulls beside one that made no story."""

    def __init__(self, columns: list[str], names: dict[str, Any]) -> None:
        self.columns, self.names = columns, names

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow

        checked = settings(level="identical")
        for batch in batches:
            if batch.num_rows:
                found = _core.fingerprints(batch.select(self.columns), checked, **self.names)
                told = [found.column(name) for name in _TOLD]
                yield pyarrow.RecordBatch.from_arrays([*batch.columns, *told], [*_held(len(batch.columns)), *_TOLD])


def _held(count: int) -> list[str]:
    """Names for the columns of the user, which may be called anything."""
    return [f"_{number}" for number in range(count)]


def kept(df: DataFrame, columns: list[str], clusters: DataFrame, names: dict[str, Any]) -> DataFrame:
    """The rows of `df` but for those that another row of their cluster stands for.

    Where no id repeats it is a join by id. Rows of an id that does are told apart as the scan did.
    """
    members = clusters.select("canonical", F.explode("members").alias("id"))
    gone = members.where("id != canonical").select("id")
    held = _held(len(df.columns))
    ids = [name for name in columns if _core.role(name, **names) == "id"]
    if len(ids) == 1 and isinstance(df.schema[ids[0]].dataType, (T.StringType, T.IntegralType)):
        key = F.col(f"`{ids[0]}`").cast("string")
        rows = df.withColumn("_key", F.when(key != "", key)).toDF(*held, "_key")
    else:
        rows = _beside(df, columns, names).withColumnRenamed("id", "_key").select(*held, "_key")
    repeated = rows.groupBy("_key").count().where("count > 1 and _key is not null").select("_key")
    if not repeated.limit(1).collect():
        return _without(rows, gone).select(*held).toDF(*df.columns)
    once = rows.join(repeated, "_key", "left_anti")
    twins = rows.join(repeated, "_key", "left_semi").select(*held).toDF(*df.columns)
    twins = _beside(twins, columns, names).withColumn("row", F.monotonically_increasing_id())
    # Given ids that look like those that `unique` makes are taken.
    taken = once.where(F.col("_key").rlike(r"#\d+$")).select(F.col("_key").alias("id"))
    named, _ = unique(twins.where("id is not null").unionByName(taken, allowMissingColumns=True))
    stay = named.where("row is not null").join(gone, "id", "left_anti").select(*held)
    stay = stay.unionByName(twins.where("id is null").select(*held))
    return stay.unionByName(_without(once, gone).select(*held)).toDF(*df.columns)


def _without(rows: DataFrame, gone: DataFrame) -> DataFrame:
    return rows.join(gone.withColumnRenamed("id", "_key"), "_key", "left_anti")


def _beside(df: DataFrame, columns: list[str], names: dict[str, Any]) -> DataFrame:
    fields = [T.StructField(name, field.dataType) for name, field in zip(_held(len(df.columns)), df.schema.fields)]
    schema = T.StructType([*fields, *(T.StructField(name, kind) for name, kind in _TOLD.items())])
    return df.mapInArrow(_Beside(columns, names), schema)
