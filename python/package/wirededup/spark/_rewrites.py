"""From verified copies to the other versions of their reports."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .. import _core
from ._copies import Run
from ._ids import unsigned
from ._kernels import LEADERS, MARKS, MET, Batches, Stream

SAMPLE = 8_192
"""Stories from which word frequencies are read."""
SPELLED_OUT = 16
"""Members of a family up to which every pair with another family is scored."""
HEADLINES = 1_000
"""Stories that may hold a run of three tokens in their headline by which a notice names one."""


def rewrites(
    run: Run, compared: DataFrame, repeated: DataFrame, copies: DataFrame
) -> tuple[DataFrame, DataFrame | None]:
    """All ties, those of `copies` among them; and the stories that are tied between scripts."""
    tokens = run.rows.agg(F.sum("tokens").alias("tokens")).first()["tokens"] or 0
    followers = _followers(run, copies)
    pairs = _candidates(run, compared, followers, copies, tokens)
    sampled, counts = _frequencies(run, compared)
    names = {"sampled": sampled, "counts": counts}
    ties = copies.unionByName(run.compared("rewrites", pairs, "evidence", **names))
    notices = run.rows.where("notice = 1")
    if not notices.isEmpty():
        named = _named(run, notices, repeated)
        ties = ties.unionByName(run.compared("notices", named, "notices", **names))
    translated = _translated(run, compared)
    if translated is None:
        return ties, None
    both = translated.select(F.explode(F.array("a", "b")).alias("ordinal")).distinct()
    return ties.unionByName(translated), both.withColumn("translated", F.lit(1))


def _followers(run: Run, copies: DataFrame) -> DataFrame:
    """Stories that another stands for: ordinal, leader."""
    parts = run.parts("copy-parts", copies)

    def made() -> DataFrame:
        rows = copies.select("a", "b").join(parts.withColumnRenamed("ordinal", "a"), "a")
        rows = rows.repartition(run.partitions, "part").sortWithinPartitions("part", "a", "b")
        return rows.mapInArrow(Stream("LeaderKernel"), LEADERS)

    return run.stages.stage("leaders", made)


def _marks(run: Run, stories: DataFrame, name: str, *rest: object) -> DataFrame:
    return run.texts(stories).mapInArrow(Batches(name, run.options, *rest), MARKS)


def _met(run: Run, name: str, marks: DataFrame, cap: int) -> DataFrame:
    """How many marks two stories share that at most `cap` have, as kind 0; as kind 1 those that more have."""

    def meet() -> DataFrame:
        rows = marks.select(F.col("mark").alias("bucket"), "ordinal")
        rows = rows.repartition(run.partitions, "bucket").sortWithinPartitions("bucket", "ordinal")
        met = rows.mapInArrow(Stream("BucketPairs", None, cap + 1), MET)
        # Counted here, so that a pair is written once.
        return met.groupBy("a", "b", "kind").count()

    return run.stages.stage(f"{name}-met", meet)


def _shared(run: Run, name: str, marks: DataFrame, least: int, percent: int) -> tuple[DataFrame, DataFrame]:
    """Pairs of stories that share enough rare marks; and the marks that are too common."""
    met = _met(run, name, marks, _core.CAP)
    pairs = met.where((F.col("kind") == 0) & (F.col("count") >= least))
    kept = marks.groupBy("ordinal").agg(F.count("*").alias("kept"))
    for end in ("a", "b"):
        pairs = pairs.join(kept.select(F.col("ordinal").alias(end), F.col("kept").alias(f"kept_{end}")), end)
    pairs = pairs.where(F.col("count") * 100 >= F.least("kept_a", "kept_b") * percent).select("a", "b")
    common = met.where("kind = 1").select(F.col("a").alias("mark"), F.col("b").alias("ordinal"))
    return pairs, common


def _candidates(run: Run, compared: DataFrame, followers: DataFrame, copies: DataFrame, tokens: int) -> DataFrame:
    """Pairs that share rare runs of three tokens or a quotation, also through a story that stands for them."""
    eligible = compared.where(F.col("tokens") >= _core.SHORTEST).join(
        followers.select("ordinal"), "ordinal", "left_anti"
    )
    marks = run.stages.stage("rare", lambda: _marks(run, eligible, "rare_keys", "body", tokens))
    pairs, common = _shared(run, "rare", marks, 3, 4 if tokens < _core.SMALL_CORPUS else 10)
    _tell_templates(run, marks, common)
    quoted = run.stages.stage("quotes", lambda: _marks(run, eligible, "quote_keys"))
    pairs = pairs.unionByName(_met(run, "quotes", quoted, _core.QUOTE_CAP).where("kind = 0").select("a", "b"))

    def made() -> DataFrame:
        leaders = followers.select("leader").distinct()
        members = followers.unionByName(leaders.select(F.col("leader").alias("ordinal"), "leader"))
        sizes = members.groupBy("leader").agg(F.count("*").alias("members"))
        spelled = members.join(sizes, "leader").where(
            (F.col("members") <= SPELLED_OUT) | (F.col("ordinal") == F.col("leader"))
        )
        found = pairs
        for end, other in (("a", "x"), ("b", "y")):
            members_of = spelled.select(F.col("leader").alias(end), F.col("ordinal").alias(other))
            found = found.join(members_of, end, "left").withColumn(other, F.coalesce(other, end))
        inside = spelled.where(f"members > 2 and members <= {SPELLED_OUT}")
        inside = inside.select("leader", F.col("ordinal").alias("x")).join(
            inside.select("leader", F.col("ordinal").alias("y")), "leader"
        )
        found = found.select("x", "y").unionByName(inside.select("x", "y")).where("x != y")
        found = found.select(F.least("x", "y").alias("a"), F.greatest("x", "y").alias("b")).distinct()
        return _in_window(run, found).join(copies.select("a", "b"), ["a", "b"], "left_anti")

    return run.stages.stage("rewrite-candidates", made)


def _in_window(run: Run, pairs: DataFrame) -> DataFrame:
    """Pairs whose times, where both are known, are near enough."""
    window = run.options["window"]
    if window is None:
        return pairs
    times = run.rows.select("ordinal", F.expr("time div 1000000").alias("time"))
    for end in ("a", "b"):
        pairs = pairs.join(times.select(F.col("ordinal").alias(end), F.col("time").alias(f"time_{end}")), end)
    near = F.coalesce(F.abs(F.col("time_a") - F.col("time_b")) <= window, F.lit(True))
    return pairs.where(near).select("a", "b")


def _tell_templates(run: Run, marks: DataFrame, common: DataFrame) -> None:
    """Warns of stories that are of one form."""
    lengths = common.groupBy("mark").agg(F.count("*").alias("length")).where(F.col("length") >= _core.TEMPLATE)
    if lengths.isEmpty():
        return
    longest = F.min(F.struct((-F.col("length")).alias("length"), "mark"))
    forms = common.join(lengths, "mark").groupBy("ordinal").agg(F.count("*").alias("shared"), longest.alias("longest"))
    kept = marks.groupBy("ordinal").agg(F.count("*").alias("kept"))
    forms = forms.join(kept, "ordinal").where(F.col("shared") * 100 >= F.col("kept") * _core.FORM)
    families = forms.groupBy("longest.mark").agg(F.count("*").alias("n"), F.min("ordinal").alias("first"))
    for row in families.where(F.col("n") >= _core.TEMPLATE).orderBy("first").collect():
        run.stages.warnings.append(
            f"{row['n']} stories around `{run.id_of(row['first'])}` are of one template; "
            "what the form says ties none of them"
        )


def _counts(marks: DataFrame) -> list[tuple[int, int]]:
    """In how many stories a mark stands; two or fewer say no more than none."""
    counts = marks.groupBy("mark").count().where("count > 2")
    return sorted((row["mark"], row["count"]) for row in counts.collect())


def _frequencies(run: Run, compared: DataFrame) -> tuple[int, list[tuple[int, int]]]:
    """Stories of the sample, and in how many of them each stem stands."""
    order = [unsigned("identity_a"), unsigned("identity_b"), F.col("ordinal")]
    sample = compared.orderBy(*order).limit(SAMPLE).select("ordinal")
    stems = run.stages.stage("stems", lambda: _marks(run, sample, "stems"))
    return min(SAMPLE, compared.count()), _counts(stems)


def _named(run: Run, notices: DataFrame, repeated: DataFrame) -> DataFrame:
    """Pairs of a notice and a story whose headline shares runs of three tokens with it."""

    def made() -> DataFrame:
        said = _marks(run, notices, "rare_keys", "notice", 0).withColumnRenamed("ordinal", "x")
        headlines = _marks(run, run.rows, "rare_keys", "headline", 0).withColumnRenamed("ordinal", "y")
        headlines = headlines.join(said.select("mark").distinct(), "mark", "left_semi")
        common = headlines.groupBy("mark").count().where(F.col("count") > HEADLINES).select("mark")
        met = said.join(headlines.join(common, "mark", "left_anti"), "mark").where("x != y")
        met = met.select(F.least("x", "y").alias("a"), F.greatest("x", "y").alias("b"))
        pairs = met.groupBy("a", "b").count().where("count > 1").select("a", "b")
        for end in ("a", "b"):
            first = repeated.select(F.col("ordinal").alias(end), F.col("first").alias(f"first_{end}"))
            pairs = pairs.join(first, end, "left")
        return pairs

    return run.stages.stage("named", made)


def _translated(run: Run, compared: DataFrame) -> DataFrame | None:
    """Ties between stories in Latin and in Cyrillic script; None for a corpus in one script."""
    wanted = compared.where((F.col("script") > 0) & (F.col("tokens") >= _core.SHORTEST))
    if wanted.select("script").distinct().count() < 2:
        return None
    marks = run.stages.stage("landmarks", lambda: _marks(run, wanted, "landmarks"))
    pairs, _ = _shared(run, "landmarks", marks, 6, 20)
    for end in ("a", "b"):
        script = wanted.select(F.col("ordinal").alias(end), F.col("script").alias(f"script_{end}"))
        pairs = pairs.join(script, end)
    pairs = run.stages.stage(
        "translation-candidates", lambda: _in_window(run, pairs.where("script_a != script_b").select("a", "b"))
    )
    sampled = marks.select("ordinal").distinct().count()
    return run.compared("translations", pairs, "translations", sampled=sampled, counts=_counts(marks))
