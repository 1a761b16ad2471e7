"""From a data frame of stories to its verified pairs and clusters."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .. import _core
from .._frames import names_of
from .._settings import Keep, Level, Linkage, Window, seconds, settings
from .._settings import kept as kept_by
from ._copies import Run, classes, copies, firsts
from ._files import files, is_classic
from ._ids import numbered, ordinals, unique
from ._input import checked_columns, content
from ._kept import kept
from ._kernels import FOUND, STORIES, TIES, Batches, Scan, Stream
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
SMALL = 200_000
"""Stories up to which one task runs the whole scan, if their texts are few enough."""
SMALL_TEXTS = 1 << 30
"""Characters of their texts up to which it does: they go through a file there."""
TASK_MEMORY = 256 << 20
"""Bytes that the scan of one task may take."""
A_TASK = 10_000
"""Stories from which a shuffled stage is worth one more task."""


Components = Literal["auto", "task", "stars"]
"""How connected components are found."""


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
    counters: dict[str, float]
    """Seconds that each stage took; 0 for one that a run before had finished."""
    _kept: Callable[[], DataFrame]

    @property
    def kept(self) -> DataFrame:
        """The rows of the input as they are, one of each cluster; those that made no story stay.
        Cost: a join by id."""
        return self._kept()


def scan(
    df: DataFrame,
    *,
    id: str = "id",
    text: str = "text",
    headline: str | None = None,
    source: str | None = None,
    time: str | None = None,
    language: str | None = None,
    level: Level = "rewrite",
    threshold: float = 0.7,
    shingle: int = 5,
    window: Window = "7d",
    linkage: Linkage = "average",
    keep: Keep = "first",
    keep_furniture: bool = False,
    work: str | None = None,
    resume: bool = True,
    partitions: int | None = None,
    components: Components = "auto",
    bound: int = BOUND,
    small: int = SMALL,
) -> Result:
    """Says which stories are versions of one report, as `dedup.scan` does.

    Every story needs an id. `work` is a folder of its own that all executors reach; each stage lies
    there as Parquet, and a run with the same settings over the same content goes on behind the last
    finished one, unless `resume=False`. A folder that holds anything else is refused, and nothing
    in it is ever deleted. Without it a temporary folder serves, for a local master only.

    At level rewrite, and up to `small` stories at the others, one task runs the whole scan, in 256 MB
    of memory beside what the stories need; at levels identical and copy giving `components` spreads
    it. `partitions` is how finely shuffled stages are cut, by default one for 10,000 stories, up
    to `spark.sql.shuffle.partitions`. `components` is `task`, `stars` or `auto`: one task up to
    `bound` pairs.

    The logger `wirededup.spark` says at level INFO when a stage begins and ends. Cost: the input is read
    once for its checksum, and once more.

    Raises ValueError for a setting out of range, a column that is missing, or a `work` folder of
    another run or of something else; TypeError for a column that holds no strings.
    """
    options: dict[str, Any] = {
        "level": level,
        "threshold": threshold,
        "shingle": shingle,
        "window": seconds(window),
        "linkage": linkage,
        "keep": kept_by(keep),
        "keep_furniture": keep_furniture,
    }
    settings(**options)
    if components not in ("auto", "task", "stars"):
        raise ValueError(f"expected components of auto, task or stars, found {components!r}")
    names = names_of(id, text, headline, source, time, language)
    columns = checked_columns(df, options, names)
    spark = df.sparkSession
    work = _work(spark, work)
    found = content(df, columns, names)
    stages = Stages(spark, work, {"settings": options, "columns": columns, "input": found}, resume)
    rows = df.select(*[F.col(f"`{name}`") for name in columns])
    is_small = found["rows"] <= small and found["characters"] <= SMALL_TEXTS
    with _partitions(spark, partitions, found["rows"]) as partitions:
        # How rare a phrase is and how telling a word is depend on all stories: only a scan of them
        # all says what a scan says.
        if level == "rewrite" or (components == "auto" and is_small):
            return _in_one_task(stages, df, rows, options, names)
        how = (options, names, partitions, components, bound)
        return _by_stages(stages, df, rows, *how)


@contextmanager
def _partitions(spark: SparkSession, given: int | None, rows: int) -> Iterator[int]:
    """How finely shuffled stages are cut; Spark cuts what it shuffles itself likewise meanwhile.

    And it sends no frame around of itself: it would go by the size of Parquet files, which says
    little of what their rows take in memory. What is small enough is said to be so where it is.
    """
    shuffled, sent = "spark.sql.shuffle.partitions", "spark.sql.autoBroadcastJoinThreshold"
    before = {name: str(spark.conf.get(name)) for name in (shuffled, sent)}
    most = int(before[shuffled])
    partitions = given or min(most, max(1, -(-rows // A_TASK)))
    spark.conf.set(shuffled, str(min(partitions, most)))
    spark.conf.set(sent, "-1")
    try:
        yield partitions
    finally:
        for name, value in before.items():
            spark.conf.set(name, value)


def _in_one_task(
    stages: Stages, df: DataFrame, rows: DataFrame, options: dict[str, Any], names: dict[str, Any]
) -> Result:
    """The result of a scan that one task runs."""
    kernel = Scan(options, names, TASK_MEMORY)
    found = stages.stage("scan", lambda: rows.repartition(1).mapInArrow(kernel, FOUND))
    stages.warnings.extend(row["line"] for row in found.where("kind = 'warning'").collect())
    skipped = found.where("kind = 'skipped'").select(F.col("line").alias("reason"))
    return _result(stages, found.where("kind in ('pair', 'cluster')"), skipped, df, names)


def _result(stages: Stages, found: DataFrame, skipped: DataFrame, df: DataFrame, names: dict[str, Any]) -> Result:
    columns = list(dict.fromkeys(_core.columns(df.columns, **names)))
    clusters = found.where("kind = 'cluster'").select(*CLUSTERS)
    result = Result(found.where("kind = 'pair'").select(*PAIRS), clusters)
    result.lines, result.skipped = found.select("line"), skipped
    result.warnings, result.counters = stages.warnings, stages.counters
    result._kept = lambda: kept(df, columns, clusters, names)
    return result


def _by_stages(
    stages: Stages,
    df: DataFrame,
    given: DataFrame,
    options: dict[str, Any],
    names: dict[str, Any],
    partitions: int,
    components: str,
    bound: int,
) -> Result:
    """The result of a scan stage by stage."""
    spark = stages.spark

    def read() -> DataFrame:
        rows = given.mapInArrow(Batches("fingerprints", options, **names), STORIES)
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
    if options["level"] != "identical":
        compared = firsts(run, repeated)
        ties = copies(run, compared)
    found = _clusters(run, repeated, ties)
    skipped = stories.where("reason is not null").select("reason")
    return _result(stages, found, skipped, df, names)


def _work(spark: SparkSession, work: str | None) -> str:
    """The folder for the stages.

    Raises ValueError for none, and for one that the executors cannot reach.
    """
    master = spark.sparkContext.master if is_classic(spark) else "a server of Spark Connect"
    is_here = master.startswith("local")
    if work is None:
        if not is_here:
            raise ValueError(f"expected work=FOLDER, which all executors of {master} reach, found none")
        work = tempfile.mkdtemp(prefix="dedup-")
        # Frames of the result are read from it until the end.
        atexit.register(shutil.rmtree, work, ignore_errors=True)
    elif not work.strip("/ "):
        raise ValueError(f"expected work=FOLDER, a folder of its own, found {work!r}; name one")
    elif not is_here and files(spark).is_local(work):
        raise ValueError(
            f"expected work=FOLDER, which all executors of {master} reach, found {work!r} of this machine; "
            f"if it is shared, write file://{work}"
        )
    return work


def _clusters(run: Run, repeated: DataFrame, ties: DataFrame) -> DataFrame:
    """Pairs and clusters of every component, by the code of the program."""
    same = repeated.where("ordinal != first").select(F.col("first").alias("a"), F.col("ordinal").alias("b"))
    edges = ties.select("a", "b").unionByName(same)
    parts = run.parts("parts", edges)

    def made() -> DataFrame:
        stories = parts.join(run.texts(parts), "ordinal").withColumnRenamed("ordinal", "a")
        story = ["id", "headline", "text", "source", "language", "time"]
        stories = stories.select("part", F.lit(0).cast("long").alias("kind"), "a", *story)
        b = parts.select(F.col("ordinal").alias("b"), F.col("part").alias("other"))
        tied = ties.join(parts.withColumnRenamed("ordinal", "a"), "a").join(b, "b").where("part = other")
        tied = tied.drop("other").withColumn("kind", F.lit(1).cast("long"))
        rows = stories.unionByName(tied, allowMissingColumns=True)
        rows = rows.repartition(run.partitions, "part").sortWithinPartitions("part", "kind", "a", "b")
        return rows.mapInArrow(Stream("Cluster", run.options), FOUND)

    return run.stages.stage("found", made)


def keep(df: DataFrame, **options: Any) -> DataFrame:
    """The rows of `df` as they are, one of each cluster, as `dedup.keep` gives them. Takes the
    settings of `scan`; `keep=` says which one stays."""
    return scan(df, **options).kept
