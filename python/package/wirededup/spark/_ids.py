"""From ids as given to ids that are unique, as the program makes them."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

MOST_REPEATS = 1_000_000
_FLIP = -(1 << 63)


def unsigned(name: str) -> F.Column:
    """A column that sorts by its bits as an unsigned number."""
    return F.col(name).bitwiseXOR(F.lit(_FLIP))


def unique(rows: DataFrame) -> tuple[DataFrame, list[str]]:
    """Rows with ids of which none repeats, and what is to be said of it.

    The second story of one id, by content, gets the suffix `#2` and so on.
    """
    repeats = rows.groupBy("id").count().where("count > 1").select("id", "count")
    known = {row["id"]: row["count"] for row in repeats.limit(MOST_REPEATS + 1).collect()}
    if not known:
        return rows, []
    if len(known) > MOST_REPEATS:
        raise ValueError(
            f"expected unique ids, found more than {MOST_REPEATS} that repeat; name a better column with id="
        )
    spark = rows.sparkSession
    base = F.regexp_extract("id", r"^(.*)#\d+$", 1)
    repeated = F.broadcast(spark.createDataFrame([(id,) for id in known], "base string"))
    taken = {row["id"] for row in rows.select("id", base.alias("base")).join(repeated, "base").select("id").collect()}
    taken |= set(known)
    renamed = []
    for id in sorted(known, key=lambda id: id.encode()):
        number = 1
        for nth in range(2, known[id] + 1):
            number += 1
            while f"{id}#{number}" in taken:
                number += 1
            taken.add(f"{id}#{number}")
            renamed.append((id, nth, f"{id}#{number}"))
    order = Window.partitionBy("id").orderBy(
        unsigned("identity_a"), unsigned("identity_b"), F.col("time").asc_nulls_first(), "source", "row"
    )
    twins = rows.join(repeated.withColumnRenamed("base", "id"), "id", "left_semi")
    twins = twins.withColumn("nth", F.row_number().over(order))
    names = F.broadcast(spark.createDataFrame(renamed, "id string, nth int, unique string"))
    twins = twins.join(names, ["id", "nth"], "left").withColumn("id", F.coalesce("unique", "id"))
    others = rows.join(repeated.withColumnRenamed("base", "id"), "id", "left_anti")
    count, last = len(renamed), max(known, key=lambda id: id.encode())
    noun = "story has an id that was" if count == 1 else "stories have ids that were"
    warning = f"{count} {noun} given before, `{last}` for one; kept apart as `{last}#2` and so on"
    return others.unionByName(twins.select(*rows.columns)), [warning]


def numbered(rows: DataFrame) -> DataFrame:
    """Rows with `place` instead of an ordinal: in the order of ids, with gaps between partitions."""
    return rows.orderBy("id").withColumn("place", F.monotonically_increasing_id())


def ordinals(rows: DataFrame) -> DataFrame:
    """Rows with `ordinal`, their place in the order of ids, from 0 and without gaps."""
    partition = F.shiftright("place", 33)
    counts = rows.groupBy(partition.alias("partition")).count().orderBy("partition").collect()
    starts, start = [], 0
    for row in counts:
        starts.append((row["partition"], start))
        start += row["count"]
    known = F.broadcast(rows.sparkSession.createDataFrame(starts, "partition long, start long"))
    inside = F.col("place").bitwiseAND(F.lit((1 << 33) - 1))
    joined = rows.withColumn("partition", partition).join(known, "partition")
    return joined.withColumn("ordinal", F.col("start") + inside).drop("partition", "start", "place")
