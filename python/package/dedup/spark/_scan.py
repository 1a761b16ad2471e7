"""From a data frame of stories to its verified pairs and clusters."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .._settings import Window, seconds, settings
from ._copies import Run, classes, copies, firsts
from ._files import files, is_classic
from ._ids import numbered, ordinals, unique
from ._input import checked_columns, content
from ._kernels import FOUND, STORIES, TIES, Batches, Stream
from ._rewrites import rewrites
from ._stage import Stages

PAIRS = [
    "a",
    "b",
    "relation",
    "score",
    "jaccard",
    "containment_a",
    "containment_b",
    "direction",
    "reason",
    "agency",
    "cut",
]
CLUSTERS = ["canonical", "origin", "members", "weakest"]

BOUND = 100_000_000
"""Pairs up to which components are found in one task: about 4 GB there."""


class _Frames(NamedTuple):
    pairs: DataFrame
    """A row a verified relation, as `dedup.Report.pairs`."""
    clusters: DataFrame
    """A row a cluster, as `dedup.Report.clusters`."""


class Result(_Frames):
    """`pairs, clusters`; and beside them what else a scan says."""

    lines: DataFrame
    """A row (`line`) a pair and a cluster, as `dedup scan --format jsonl` writes them."""
    skipped: DataFrame
    """A row (`reason`) a record that made no story."""
    warnings: list[str]
    """What should be seen beside the result."""


def scan(
    df: DataFrame,
    *,
    id: str = "id",
    text: str = "text",
    headline: str | None = None,
    source: str | None = None,
    time: str | None = None,
    language: str | None = None,
    level: str = "rewrite",
    threshold: float = 0.7,
    shingle: int = 5,
    window: Window = "7d",
    linkage: str = "average",
    keep: str = "first",
    keep_furniture: bool = False,
    work: str | None = None,
    resume: bool = True,
    partitions: int | None = None,
    components: str = "auto",
    bound: int = BOUND,
) -> Result:
    """Says which stories are versions of one report, as `dedup.scan` does.

    Every story needs an id. `work` is a folder that all executors reach; each stage lies there as
    Parquet, and a run with the same settings goes on behind the last finished one, unless
    `resume=False`. Without it a temporary folder of this machine serves, which does for a local
    master only. `partitions` is how finely shuffled stages are cut, by default
    `spark.sql.shuffle.partitions`. `components` is `task`, `stars` or `auto`: one task up to
    `bound` pairs.

    Raises ValueError for a setting out of range, a column that is missing, or a `work` folder of
    another run.
    """
    options: dict[str, Any] = {
        "level": level,
        "threshold": threshold,
        "shingle": shingle,
        "window": seconds(window),
        "linkage": linkage,
        "keep": keep,
        "keep_furniture": keep_furniture,
    }
    settings(**options)
    if components not in ("auto", "task", "stars"):
        raise ValueError(f"expected components of auto, task or stars, found {components!r}")
    names: dict[str, Any] = {
        "id": id,
        "text": text,
        "headline": headline,
        "source": source,
        "time": time,
        "language": language,
    }
    columns = checked_columns(df, options, names)
    spark = df.sparkSession
    work = _work(spark, work)
    found = content(df, columns, names)
    about = {"settings": options, "columns": columns, "input": found}
    stages = Stages(spark, work, about, resume)
    partitions = partitions or int(spark.conf.get("spark.sql.shuffle.partitions"))

    def read() -> DataFrame:
        rows = df.select(*[F.col(f"`{name}`") for name in columns])
        rows = rows.mapInArrow(Batches("fingerprints", options, **names), STORIES)
        # The number of a row is for joins only; what is found depends on ids alone.
        return rows.withColumn("row", F.monotonically_increasing_id())

    stories = stages.stage("stories", read)

    def sort() -> DataFrame:
        rows, told = unique(stories.where("reason is null").drop("headline", "text", "language", "reason"))
        stages.warnings.extend(told)
        return numbered(rows)

    rows = ordinals(stages.stage("rows", sort))
    texts = stories.select("row", "headline", "text", "source", "language", "time")
    run = Run(stages, options, partitions, components, bound, rows, texts)
    repeated = classes(run)
    ties = spark.createDataFrame([], TIES)
    translated = None
    if level != "identical":
        compared = firsts(run, repeated)
        ties = copies(run, compared)
        if level == "rewrite":
            ties, translated = rewrites(run, compared, repeated, ties)
    found = _clusters(run, repeated, ties, translated)
    result = Result(found.where("kind = 'pair'").select(*PAIRS), found.where("kind = 'cluster'").select(*CLUSTERS))
    result.lines = found.select("line")
    result.skipped = stories.where("reason is not null").select("reason")
    result.warnings = stages.warnings
    return result


def _work(spark: SparkSession, work: str | None) -> str:
    """The folder for the stages.

    Raises ValueError for one that the executors cannot reach.
    """
    master = spark.sparkContext.master if is_classic(spark) else "a server of Spark Connect"
    is_here = master.startswith("local")
    if work is None:
        if not is_here:
            raise ValueError(f"expected work=FOLDER, which all executors of {master} reach, found none")
        work = tempfile.mkdtemp(prefix="dedup-")
        # Frames of the result are read from it until the end.
        atexit.register(shutil.rmtree, work, ignore_errors=True)
    elif not is_here and files(spark).is_local(work):
        raise ValueError(
            f"expected work=FOLDER, which all executors of {master} reach, found {work!r} of this machine; "
            f"if it is shared, write file://{work}"
        )
    return work


def _clusters(run: Run, repeated: DataFrame, ties: DataFrame, translated: DataFrame | None) -> DataFrame:
    """Pairs and clusters of every component, by the code of the program."""
    same = repeated.where("ordinal != first").select(F.col("first").alias("a"), F.col("ordinal").alias("b"))
    edges = ties.where("joins = 1").select("a", "b").unionByName(same)
    parts = run.parts("parts", edges)

    def made() -> DataFrame:
        stories = parts.join(run.texts(parts), "ordinal").withColumnRenamed("ordinal", "a")
        flag = F.lit(0).cast("long").alias("translated")
        if translated is not None:
            stories = stories.join(translated.withColumnRenamed("ordinal", "a"), "a", "left")
            flag = F.coalesce("translated", F.lit(0)).cast("long").alias("translated")
        story = ["id", "headline", "text", "source", "language", "time"]
        stories = stories.select("part", F.lit(0).cast("long").alias("kind"), "a", *story, flag)
        b = parts.select(F.col("ordinal").alias("b"), F.col("part").alias("other"))
        tied = ties.join(parts.withColumnRenamed("ordinal", "a"), "a").join(b, "b").where("part = other")
        tied = tied.drop("other", "joins").withColumn("kind", F.lit(1).cast("long"))
        rows = stories.unionByName(tied, allowMissingColumns=True)
        rows = rows.repartition(run.partitions, "part").sortWithinPartitions("part", "kind", "a", "b")
        return rows.mapInArrow(Stream("Cluster", run.options), FOUND)

    return run.stages.stage("found", made)
