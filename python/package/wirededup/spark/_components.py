"""From pairs of stories to connected components, in one task or by stars."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ._kernels import PARTS, Stream
from ._stage import Stages

MOST_ROUNDS = 64


def components(stages: Stages, name: str, pairs: DataFrame, way: str, bound: int) -> DataFrame:
    """A row a story: its ordinal, and the least ordinal of its component.

    `way` is `task` (union-find in one task), `stars` (large-star and small-star; Kiveris et al.
    2014, rounds that grow with the logarithm of the size), or `auto`: a task up to `bound` pairs.
    """
    pairs = pairs.select("a", "b")
    if way == "auto":
        way = "task" if pairs.count() <= bound else "stars"
    if way == "task":
        return stages.stage(name, lambda: pairs.repartition(1).mapInArrow(Stream("Components"), PARTS))
    return stages.stage(name, lambda: _by_stars(stages, name, pairs))


def _by_stars(stages: Stages, name: str, pairs: DataFrame) -> DataFrame:
    edges, before = pairs.distinct(), None
    for round in range(MOST_ROUNDS):
        # Each round is written, so that a plan never grows and a lost task repeats one round.
        path = f"{stages.folder}/rounds/{name}-{round % 2}"
        _small_star(_large_star(edges)).write.mode("overwrite").parquet(path)
        edges = stages.spark.read.parquet(path)
        sums = edges.agg(F.count("*"), F.sum(F.xxhash64("a", "b").cast("decimal(38,0)"))).first()
        if sums == before:
            break
        before = sums
    else:
        raise RuntimeError(f"the components have not settled in {MOST_ROUNDS} rounds; this is a fault in dedup")
    roots = edges.select(F.col("b").alias("ordinal"), F.col("b").alias("part"))
    return edges.select(F.col("a").alias("ordinal"), F.col("b").alias("part")).unionByName(roots).distinct()


def _large_star(edges: DataFrame) -> DataFrame:
    """Ties every larger neighbour of a story to the least of its neighbours and itself."""
    both = edges.unionByName(edges.select(F.col("b").alias("a"), F.col("a").alias("b")))
    least = both.groupBy("a").agg(F.min("b").alias("least")).select("a", F.least("a", "least").alias("least"))
    larger = both.where(F.col("b") > F.col("a")).join(least, "a")
    return larger.select(F.col("b").alias("a"), F.col("least").alias("b")).distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Ties every smaller neighbour of a story, and itself, to the least of them."""
    down = edges.select(F.greatest("a", "b").alias("a"), F.least("a", "b").alias("b")).where("a != b")
    least = down.groupBy("a").agg(F.min("b").alias("least"))
    tied = down.join(least, "a")
    others = tied.where("b != least").select(F.col("b").alias("a"), F.col("least").alias("b"))
    return others.unionByName(tied.select("a", F.col("least").alias("b"))).distinct()
