"""From pairs of stories to blocks in which few stories meet many others."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

SIDE = 512
"""Stories of a side of a block: a large component is compared in blocks of 512 × 512."""

_STORY = ["id", "headline", "text", "source", "language", "time"]


def blocks(pairs: DataFrame, parts: DataFrame, texts: DataFrame, partitions: int) -> DataFrame:
    """Rows for `Compare`: the stories of a block, then its pairs, sorted.

    A component of up to 512 stories is a block, so that each of its texts travels once; of a
    larger one every two runs of 512 stories are.
    """
    order = Window.partitionBy("part").orderBy("ordinal")
    chunk = F.floor((F.row_number().over(order) - 1) / SIDE).cast("long")
    placed = parts.withColumn("chunk", chunk)
    a = placed.select(F.col("ordinal").alias("a"), "part", F.col("chunk").alias("chunk_a"))
    b = placed.select(F.col("ordinal").alias("b"), F.col("chunk").alias("chunk_b"))
    pairs = pairs.join(a, "a").join(b, "b")
    block = ["part", "chunk_a", "chunk_b"]
    ends = [pairs.select(*block, F.col(end).alias("ordinal")) for end in ("a", "b")]
    stories = ends[0].unionByName(ends[1]).distinct().join(texts, "ordinal")
    stories = stories.select(
        *block,
        F.lit(0).cast("long").alias("kind"),
        F.col("ordinal").alias("a"),
        F.lit(None).cast("long").alias("b"),
        *_STORY,
    )
    pairs = pairs.select(*block, F.lit(1).cast("long").alias("kind"), "a", "b")
    rows = stories.unionByName(pairs, allowMissingColumns=True)
    return rows.repartition(partitions, *block).sortWithinPartitions(*block, "kind", "a", "b")
