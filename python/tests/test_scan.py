"""From frames and lists to what the program says of them."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pandas
import polars
import pyarrow
import pytest
import wirededup as dedup

LEVELS = ["identical", "copy", "rewrite"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_table_says_what_the_program_says(stories, said, level):
    assert dedup.scan(pyarrow.Table.from_pylist(stories), level=level).to_jsonl() == said(stories, "--level", level)


def test_settings_arrive(stories, said):
    report = dedup.scan(
        stories, level="copy", threshold=0.5, shingle=3, linkage="complete", keep="longest", keep_furniture=True,
        window="36h", threads=1, memory="300M", all_relations=True,
    )  # fmt: skip
    flags = "--level copy --threshold 0.5 --shingle 3 --linkage complete --keep longest --keep-furniture --window 36h"
    assert report.to_jsonl() == said(stories, *flags.split(), "--relations", "all")


def test_a_model_of_ones_own_judges_everywhere(stories, said, program, tmp_path):
    """As `--model FILE` of the program: in a scan, an index, an explanation and `keep`."""
    samples = os.path.join(os.path.dirname(__file__), "..", "..", "samples")
    built = tmp_path / "wire.model"
    fit = [program, "fit", os.path.join(samples, "labels.jsonl"), samples, "--closed", "-o", str(built), "-q"]
    subprocess.run(fit, check=True)
    lines = built.read_text().splitlines(keepends=True)
    strict = tmp_path / "strict.model"
    strict.write_text("".join("start\t-40\n" if line.startswith("start\t") else line for line in lines))
    report = dedup.scan(stories, model=strict)
    assert report.to_jsonl() == said(stories, "--model", str(strict))
    assert report.to_jsonl() != dedup.scan(stories).to_jsonl()
    by_id = {story["id"]: story for story in stories}
    a, b = by_id["belta-en-operation"], by_id["sputnik-en-operation"]
    assert dedup.explain(a, b, model=str(strict)).score < dedup.explain(a, b).score
    assert len(dedup.keep(stories, model=strict)) > len(dedup.keep(stories))
    with dedup.Index(tmp_path / "wire.db", model=strict):
        pass
    with pytest.raises(ValueError, match="model"):
        dedup.Index(tmp_path / "wire.db")
    with pytest.raises(OSError, match="none.model"):
        dedup.scan(stories, model=tmp_path / "none.model")
    strict.write_text("start\tx\n")
    with pytest.raises(ValueError, match="line 1 of the model"):
        dedup.scan(stories, model=strict)
    with pytest.raises(ValueError, match="path of a model file"):
        dedup.scan(stories, model=3)


def test_every_kind_of_input_gives_the_same(stories):
    table = pyarrow.Table.from_pylist(stories)
    expected = dedup.scan(table, level="copy").to_jsonl()
    view = table.set_column(table.column_names.index("text"), "text", table["text"].cast(pyarrow.string_view()))
    large = table.set_column(table.column_names.index("text"), "text", table["text"].cast(pyarrow.large_string()))
    inputs = [
        table.to_reader(max_chunksize=50), table.slice(0), view, large, polars.DataFrame(table), table.to_pandas(),
        table.combine_chunks().to_batches()[0], stories, iter(stories), table.to_pandas(types_mapper=pandas.ArrowDtype),
        pyarrow.concat_tables([table.slice(0, 301), table.slice(301)]),
    ]  # fmt: skip
    for given in inputs:
        assert dedup.scan(given, level="copy").to_jsonl() == expected, type(given)


def test_neither_order_nor_threads_can_be_seen(stories):
    expected = dedup.scan(stories).to_jsonl()
    assert dedup.scan(stories[::-1], threads=1).to_jsonl() == expected


def test_tables_go_to_any_library(stories):
    report = dedup.scan(stories)
    pairs = pyarrow.table(report.pairs)
    assert pairs.num_rows == len(report.pairs) == report.summary["pairs"] > 100
    assert polars.DataFrame(report.pairs).height == len(pandas.DataFrame.from_arrow(report.pairs)) == pairs.num_rows
    assert report.pairs.column_names == pairs.column_names
    clusters = report.clusters.to_pylist()
    assert sum(len(cluster["members"]) for cluster in clusters) == report.summary["clustered"] == len(report.members)
    kept = report.members.to_polars().filter(polars.col("kept"))
    assert kept["id"].to_list() == [cluster["canonical"] for cluster in clusters]
    assert len(report.singles) + report.summary["clustered"] == report.summary["stories"] == len(stories)


def test_strings_are_numbered_from_0():
    text = "The ferry ran aground off the cape on Sunday."
    report = dedup.scan([text, "Something else happened.", text.upper()])
    assert report.clusters.to_pylist()[0]["members"] == ["0", "2"]
    assert report.singles == ["1"]
    table = pyarrow.table({"text": [text, text]})
    assert dedup.scan(table).clusters.to_pylist()[0]["members"] == ["0", "1"]


def test_columns_of_other_types_and_names():
    text = "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said."
    when = datetime.datetime(2024, 3, 1, 12, tzinfo=datetime.timezone.utc)
    columns = {
        "number": [7, 12],
        "what": pyarrow.array([text, text]).dictionary_encode(),
        "at": [when, when - datetime.timedelta(hours=1)],
        "who": ["Post", "AFP"],
    }
    names = {"id": "number", "text": "what", "time": "at", "source": "who"}
    # Ids are of the type of their column; the order is that of the program, of strings.
    expected = {"canonical": 12, "origin": "12", "members": [12, 7], "weakest": 1.0}
    table = pyarrow.table(columns)
    assert dedup.scan(table, **names).clusters.to_pylist() == [expected]
    assert dedup.scan(table.to_pylist(), **names).clusters.to_pylist() == [expected]


def test_bad_rows_are_told():
    table = pyarrow.table({"id": ["a", "b", "c"], "text": ["one story", None, "another story"]})
    report = dedup.scan(table)
    assert [row for row, _ in report.skipped] == [1]
    assert "text" in report.skipped[0].reason and "--" not in report.skipped[0].reason
    assert [row.row for row in dedup.scan(table.to_pylist()).skipped] == [1]
    with pytest.raises(ValueError, match="expected a text"):
        dedup.scan(table, strict=True)


def test_repeated_ids_are_warned_of():
    report = dedup.scan([{"id": "a", "text": "one two three"}, {"id": "a", "text": "four five six"}])
    assert report.warnings == ["1 story has an id that was given before, `a` for one; kept apart as `a#2` and so on"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"threshold": 1.5}, "expected a threshold from 0.3 to 1, found 1.5"),
        ({"shingle": 0}, "expected a shingle of 1 to 32 tokens, found 0"),
        ({"threads": 0}, "expected 1 to 1024 threads, found 0; leave it out for one a core"),
        ({"level": "near"}, "expected a level of identical, copy or rewrite, found `near`"),
        ({"keep": "newest"}, "expected first, last, longest or source:A,B to keep, found `newest`"),
        ({"window": "7w"}, "expected a time such as 7d, 36h or 90m, or off for no limit, found '7w'"),
        ({"memory": "much"}, "expected a size such as 300M or 2G, found 'much'"),
        ({"text": "words"}, "expected a text field (tried words), found keys id, text; name it with text="),
        ({"id": "key"}, "expected an id field (tried key), found keys id, text; name it with id="),
        ({"source": "who"}, "expected a column `who` for the source, found id, text"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_program(options, sentence):
    with pytest.raises(ValueError) as raised:
        dedup.scan(pyarrow.table({"id": ["a"], "text": ["b"]}), **options)
    assert str(raised.value) == sentence


def test_what_is_no_story_is_refused():
    with pytest.raises(TypeError, match="found int at 1"):
        dedup.scan(["a", 1])
    with pytest.raises(TypeError, match="expected strings in column `text`"):
        dedup.scan(pyarrow.table({"text": [1, 2]}))
    with pytest.raises(TypeError, match="expected a table or an iterable"):
        dedup.scan("a story")
    assert dedup.scan([]).summary["stories"] == 0


def test_progress_is_told(stories):
    told = []
    dedup.scan(stories * 60, progress=lambda *now: told.append(now))
    assert {stage for stage, *_ in told} <= {"read", "compare", "cluster"} and told
    assert dedup.scan(stories, level="copy", progress=True).summary["stories"] == len(stories)


def test_what_a_callback_raises_ends_the_scan(stories):
    def refuse(*_):
        raise KeyError("enough")

    with pytest.raises(KeyError):
        dedup.scan(stories * 200, progress=refuse)


def test_other_threads_run_during_a_scan(stories):
    counted, done = [0], threading.Event()

    def count():
        while not done.wait(0.001):
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    before = counted[0]
    dedup.scan(stories * 40)
    during = counted[0] - before
    done.set()
    thread.join()
    assert during > 5


def test_ctrl_c_ends_a_scan():
    code = """
    import wirededup as dedup, os, signal, threading
    words = [f"word{n}" for n in range(20_000)]
    stories = [" ".join(words[(i * 37) % 19_000 :][:400]) for i in range(30_000)]
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        dedup.scan(stories * 3, threads=1)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        os._exit(0)
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=240)
    assert ran.stdout == "interrupted\n", ran


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_scans_too(stories):
    dedup.scan(stories[:50])
    child = os.fork()
    if child == 0:
        os._exit(0 if dedup.scan(stories[:50]).summary["stories"] == 50 else 1)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            assert status == 0
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the forked process hangs")


def test_to_jsonl_writes_a_file(stories, tmp_path):
    report = dedup.scan(stories, level="copy")
    assert report.to_jsonl(tmp_path / "out.jsonl", singles=True) is None
    written = (tmp_path / "out.jsonl").read_bytes().decode()
    assert written == report.to_jsonl(singles=True) and '"type":"single"' in written
