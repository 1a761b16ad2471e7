"""Spark says what a scan says: for any partitions, order, and way to find components."""

from __future__ import annotations

import os
import random
import sys

import pytest
import wirededup as dedup

pyspark = pytest.importorskip("pyspark")
from wirededup import spark as dedup_spark  # noqa: E402

COLUMNS = ["id", "headline", "text", "source", "date"]


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    # Executors run the Python that has the wheel.
    os.environ["PYSPARK_PYTHON"] = sys.executable

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "1g")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.default.parallelism", "2")
        # To compile each plan takes longer than to run it on so few rows.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def frame(spark, stories, partitions):
    rows = [tuple(story.get(name) for name in COLUMNS) for story in stories]
    schema = ", ".join(f"{name} string" for name in COLUMNS)
    return spark.createDataFrame(rows, schema).repartition(partitions)


def lines(result):
    return sorted(row["line"] for row in result.lines.collect())


def expected(stories, **settings):
    report = dedup.scan(stories, **settings)
    found = report.to_jsonl().splitlines()
    return sorted(line for line in found if '"type":"pair"' in line or '"type":"cluster"' in line), report


@pytest.mark.parametrize(
    ("partitions", "components", "settings"),
    [
        (1, "task", {"level": "copy"}),
        (7, "stars", {"level": "copy", "linkage": "complete", "keep": "longest"}),
        (3, "auto", {"level": "rewrite"}),
    ],
)
def test_the_result_is_that_of_a_scan(spark, stories, tmp_path, partitions, components, settings):
    shuffled = random.Random(partitions).sample(stories, len(stories))
    result = dedup_spark.scan(
        frame(spark, shuffled, partitions), components=components, partitions=partitions, work=str(tmp_path), **settings
    )
    found, report = expected(stories, **settings)
    assert lines(result) == found
    assert result.warnings == report.warnings
    pairs, clusters = result
    assert pairs.columns == report.pairs.column_names and clusters.columns == report.clusters.column_names
    assert pairs.count() == len(report.pairs) and clusters.count() == len(report.clusters)


def test_a_run_goes_on_where_it_was_broken_off(spark, stories, tmp_path):
    df = frame(spark, stories, 2)
    work = tmp_path / "work"
    settings = {"level": "copy", "partitions": 2, "work": str(work)}
    found = lines(dedup_spark.scan(df, **settings))
    stages = sorted(path for path in work.iterdir() if path.is_dir() and path.name[:2].isdigit())
    for path in stages[-2:]:
        (path / "_SUCCESS").unlink()
    before = {path: (path / "_SUCCESS").stat().st_mtime_ns for path in stages[:-2]}
    result = dedup_spark.scan(df, **settings)
    assert lines(result) == found and result.warnings
    assert {path: (path / "_SUCCESS").stat().st_mtime_ns for path in stages[:-2]} == before
    with pytest.raises(ValueError, match="holds the stages of another run: settings was"):
        dedup_spark.scan(df, threshold=0.8, **settings)


def test_what_makes_no_story_is_told(spark, tmp_path):
    rows = [("a", "one two three"), (None, "four five six"), ("c", None), ("", "x")]
    result = dedup_spark.scan(
        spark.createDataFrame(rows, "id string, text string"), level="identical", work=str(tmp_path)
    )
    reasons = [row["reason"] for row in result.skipped.collect()]
    assert len(reasons) == 3 and sum("an id" in reason for reason in reasons) == 2
    assert result.pairs.count() == 0


def test_what_is_wrong_is_said_at_once(spark):
    df = spark.createDataFrame([("a", "b")], "id string, text string")
    for wrong, sentence in [
        ({"threshold": 0.1}, "expected a threshold from 0.3 to 1"),
        ({"components": "magic"}, "expected components of auto, task or stars"),
        ({"text": "words"}, "expected a text field"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            dedup_spark.scan(df, **wrong)


def test_large_families_are_compared_with_their_leaders(spark, tmp_path):
    # One word differs, so that every band has a bucket of more than 2,048 and nobody meets elsewhere.
    form = " ".join(f"form{n}" for n in range(60))
    stories = [{"id": f"f{n:05d}", "text": f"{form} x{n}"} for n in range(2_400)]
    result = dedup_spark.scan(
        frame(spark, stories, 3), level="copy", partitions=3, work=str(tmp_path), components="stars"
    )
    found, report = expected(stories, level="copy")
    assert report.warnings and "share one template" in report.warnings[0]
    assert lines(result) == found
    assert result.warnings == report.warnings


def test_a_folder_that_is_not_ours_is_left_alone(spark, tmp_path):
    df = spark.createDataFrame([("a", "one two three")], "id string, text string")
    mine = {"notes.txt": "keep me", "settings.json": '{"colour": "red"}', "01-stories/part-0.parquet": "mine"}
    for kept in mine:
        folder = tmp_path / kept.replace("/", "-")
        (folder / kept).parent.mkdir(parents=True)
        (folder / kept).write_text(mine[kept])
        for resume in (True, False):
            with pytest.raises(ValueError, match="to be empty or of a run before, found .* nothing was touched"):
                dedup_spark.scan(df, work=str(folder), level="identical", resume=resume)
        assert [path for path in folder.rglob("*") if path.is_file()] == [folder / kept]
        assert (folder / kept).read_text() == mine[kept]
    with pytest.raises(ValueError, match="to be empty or of a run before"):
        dedup_spark.scan(df, work=str(tmp_path / "notes.txt" / "notes.txt"), level="identical")


def test_a_folder_that_is_none_or_damaged_is_said_so(spark, tmp_path):
    df = spark.createDataFrame([("a", "one two three")], "id string, text string")
    for none in ("", "/", "//"):
        with pytest.raises(ValueError, match="expected work=FOLDER, a folder of its own, found"):
            dedup_spark.scan(df, work=none, level="identical")
    dedup_spark.scan(df, work=str(tmp_path), level="identical")
    (tmp_path / "settings.json").write_text('{"made_by": "wired')
    with pytest.raises(ValueError, match="to be empty or of a run before, found .* nothing was touched"):
        dedup_spark.scan(df, work=str(tmp_path), level="identical")


def test_what_others_put_beside_the_stages_stays(spark, tmp_path):
    df = spark.createDataFrame([("a", "one two three"), ("b", "one two three")], "id string, text string")
    dedup_spark.scan(df, work=str(tmp_path), level="identical")
    (tmp_path / "notes.txt").write_text("keep me")
    again = dedup_spark.scan(df, work=str(tmp_path), level="copy", resume=False)
    assert again.clusters.count() == 1 and (tmp_path / "notes.txt").read_text() == "keep me"


def test_a_run_does_not_take_up_the_stages_of_another_input(spark, tmp_path):
    schema = "id string, text string"
    first = spark.createDataFrame([("a", "one two three"), ("b", "one two three")], schema)
    other = spark.createDataFrame([("a", "one two three"), ("b", "four five six")], schema)
    assert dedup_spark.scan(first, work=str(tmp_path / "work"), level="identical").clusters.count() == 1
    with pytest.raises(ValueError, match="holds the stages of another run: input was"):
        dedup_spark.scan(other, work=str(tmp_path / "work"), level="identical")
    assert dedup_spark.scan(other, work=str(tmp_path / "work"), level="identical", resume=False).clusters.count() == 0
    # The same path with new content.
    path = str(tmp_path / "stories")
    first.write.parquet(path)
    work = str(tmp_path / "of-a-path")
    assert dedup_spark.scan(spark.read.parquet(path), work=work, level="identical").clusters.count() == 1
    assert dedup_spark.scan(spark.read.parquet(path), work=work, level="identical").clusters.count() == 1
    other.write.mode("overwrite").parquet(path)
    with pytest.raises(ValueError, match="input was"):
        dedup_spark.scan(spark.read.parquet(path), work=work, level="identical")


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("cast(text as binary)", r"found binary; decode it: df.withColumn\(\"text\", F.decode"),
        ("named_struct('body', text)", r"found struct<body:string>; name one of its fields: .*text.body"),
        ("array(text)", r"found array<string>; join it"),
        ("length(text)", r"found int; cast it"),
    ],
)
def test_text_that_is_no_string_is_said_at_once(spark, column, sentence):
    df = spark.createDataFrame([("a", "b")], "id string, text string").selectExpr("id", f"{column} as text")
    with pytest.raises(TypeError, match=sentence):
        dedup_spark.scan(df)


ROWS = [
    ("a", "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said."),
    ("a", "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said."),
    ("c", "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said!"),
    ("b", "Rain is expected in the north of the country until the end of the week, forecasters said."),
    ("b", "Something else happened today."),
    ("d", None),
]  # fmt: skip


@pytest.mark.parametrize("small", [0, 1_000])
def test_the_kept_rows_are_those_of_a_frame(spark, tmp_path, small):
    """The same rows as `dedup.keep`, in one task and in stages, also where ids repeat."""
    import pandas

    schema = "id string, text string, extra string"
    df = spark.createDataFrame([(*row, str(number)) for number, row in enumerate(ROWS)], schema)
    result = dedup_spark.scan(df, level="copy", work=str(tmp_path / "work"), small=small)
    assert len(result.counters) == (1 if small else 9) and all(seconds > 0 for seconds in result.counters.values())
    kept = sorted((row["id"], row["text"] or "") for row in result.kept.collect())
    frame = dedup.keep(pandas.DataFrame(ROWS, columns=["id", "text"]), level="copy")
    assert result.kept.columns == df.columns
    assert kept == sorted((row.id, row.text if isinstance(row.text, str) else "") for row in frame.itertuples())
    assert result.skipped.count() == 1


def test_the_job_writes_what_a_scan_gives_and_over_nothing(spark, stories, tmp_path, capsys):
    from wirededup.spark.__main__ import main

    some = [story for story in stories if story["text"]][:200]
    frame(spark, some, 2).write.parquet(str(tmp_path / "in"))
    typed = [str(tmp_path / "in"), "--level", "copy", "--output", str(tmp_path / "out"), "--kept"]
    assert main([*typed, "--work", str(tmp_path / "work")]) == 0
    found, report = expected(some, level="copy")
    assert sorted(row["value"] for row in spark.read.text(str(tmp_path / "out/lines")).collect()) == found
    assert spark.read.parquet(str(tmp_path / "out/clusters")).count() == len(report.clusters)
    kept = sorted(row["text"] for row in spark.read.parquet(str(tmp_path / "out/kept")).collect())
    assert kept == sorted(story["text"] for story in dedup.keep(some, level="copy"))
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(typed)
    assert "to be empty; name another folder, or say --overwrite" in capsys.readouterr().err
    assert main([*typed, "--overwrite"]) == 0
    assert len(spark.read.text(str(tmp_path / "out/lines")).collect()) == len(found)


def test_shuffles_are_cut_for_what_there_is(spark, tmp_path, caplog):
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", "200")
    try:
        df = spark.createDataFrame([("a", "one two three"), ("b", "one two three")], "id string, text string")
        with caplog.at_level("INFO", logger="wirededup.spark"):
            dedup_spark.scan(df, level="identical", work=str(tmp_path), components="task")
        assert spark.conf.get("spark.sql.shuffle.partitions") == "200"
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", before)
    assert "stage stories: begins" in caplog.text
    assert len(list((tmp_path / "01-stories").glob("part-*"))) <= 2
    assert len(list((tmp_path / "03-classes").glob("part-*"))) == 1


def test_a_distant_master_needs_a_folder_that_it_reaches(spark, monkeypatch):
    from wirededup.spark import _scan

    monkeypatch.setattr(spark.sparkContext, "master", "spark://far:7077")
    with pytest.raises(ValueError, match="which all executors of spark://far:7077 reach, found none"):
        _scan._work(spark, None)
    with pytest.raises(ValueError, match="of this machine; if it is shared, write file:///tmp/work"):
        _scan._work(spark, "/tmp/work")
    assert _scan._work(spark, "file:///tmp/work") == "file:///tmp/work"
