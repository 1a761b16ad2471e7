"""From fingerprints to verified copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .. import _core
from ._blocks import blocks
from ._components import components
from ._kernels import BANDS, MET, PAIRS, TIES, Batches, Stream
from ._stage import Stages

FEW = 1_000_000
"""Stories of which a list is sent to every executor: about 100 MB there."""


@dataclass
class Run:
    """What all stages of a run share."""

    stages: Stages
    options: dict[str, Any]
    """Settings of the library, as keyword arguments."""
    partitions: int
    way: str
    bound: int
    rows: DataFrame
    """A row a story: ordinal, row, id, source, time, identity, tokens, keys."""
    stories: DataFrame
    """A row a record: row, headline, text, source, language, time."""

    def parts(self, name: str, pairs: DataFrame) -> DataFrame:
        return components(self.stages, name, pairs, self.way, self.bound)

    def compared(self, name: str, pairs: DataFrame) -> DataFrame:
        """The ties of pairs that are verified block by block."""
        parts = self.parts(f"{name}-parts", pairs)
        kernel = Stream("Compare", self.options)
        return self.stages.stage(
            name, lambda: blocks(pairs, parts, self.texts(parts), self.partitions).mapInArrow(kernel, TIES)
        )

    def texts(self, wanted: DataFrame) -> DataFrame:
        """The stories of some ordinals, each once: ordinal, id, headline, text, source, language, time.

        Few enough are sent to every executor, so that of the texts only these travel.
        """
        wanted = wanted.select("ordinal")
        rows = self.rows.select("ordinal", "row", "id")
        if wanted.count() <= FEW:
            wanted = F.broadcast(F.broadcast(wanted).join(rows, "ordinal"))
        else:
            wanted = wanted.join(rows, "ordinal")
        return self.stories.join(wanted, "row").drop("row")

    def id_of(self, ordinal: int) -> str:
        return self.rows.where(F.col("ordinal") == ordinal).select("id").first()["id"]


def classes(run: Run) -> DataFrame:
    """Stories that are identical with another: ordinal, and the first of its class."""

    def made() -> DataFrame:
        identity = ["identity_a", "identity_b"]
        rows = run.rows.where("tokens > 0").select("ordinal", *identity)
        repeated = rows.groupBy(*identity).agg(F.min("ordinal").alias("first"), F.count("*").alias("members"))
        return rows.join(repeated.where("members > 1"), identity).select("ordinal", "first")

    return run.stages.stage("classes", made)


def firsts(run: Run, repeated: DataFrame) -> DataFrame:
    """The stories that are compared: the first of every class with any token."""
    others = repeated.where("ordinal != first").select("ordinal")
    return run.rows.where("tokens > 0").join(others, "ordinal", "left_anti")


def copies(run: Run, compared: DataFrame) -> DataFrame:
    """Verified copies among the stories to be compared."""

    def meet() -> DataFrame:
        bands = compared.select("ordinal", "keys").mapInArrow(Batches("bands"), BANDS)
        bands = bands.repartition(run.partitions, "bucket").sortWithinPartitions("bucket", "ordinal")
        return bands.mapInArrow(Stream("BucketPairs", None, _core.FAMILY), MET)

    def near() -> DataFrame:
        pairs = met.where("kind = 0").select("a", "b").distinct()
        keys = run.rows.select("ordinal", "keys")
        for end in ("a", "b"):
            pairs = pairs.join(keys.select(F.col("ordinal").alias(end), F.col("keys").alias(f"keys_{end}")), end)
        return pairs.mapInArrow(Batches("alike", run.options), PAIRS)

    met = run.stages.stage("met", meet)
    candidates = run.stages.stage("candidates", near)
    ties = run.compared("copies", candidates)
    families = met.where("kind = 1").select(F.col("a").alias("bucket"), F.col("b").alias("ordinal"))
    if families.isEmpty():
        return ties
    return _with_families(run, families, ties)


def _with_families(run: Run, families: DataFrame, ties: DataFrame) -> DataFrame:
    """Adds the ties inside large buckets: a template, or a story printed everywhere."""
    least = families.groupBy("bucket").agg(F.min("ordinal").alias("a"))
    stars = families.join(least, "bucket").select("a", F.col("ordinal").alias("b")).where("a != b").distinct()
    parts = run.parts("family-parts", stars)

    def made() -> DataFrame:
        rows = parts.join(run.texts(parts), "ordinal")
        rows = rows.repartition(run.partitions, "part").sortWithinPartitions("part", "ordinal")
        return rows.mapInArrow(Stream("Families", run.options), TIES)

    led = run.stages.stage("family-copies", made)
    for row in parts.groupBy("part").count().orderBy("part").collect():
        run.stages.warnings.append(
            f"{row['count']} stories around `{run.id_of(row['part'])}` share one template; "
            "each was compared with the leaders of that family, not with all others"
        )
    return ties.unionByName(led).dropDuplicates(["a", "b"])
