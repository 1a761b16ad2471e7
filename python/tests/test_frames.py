"""Frames as people have them: columns that stand for nothing, odd types, rows that are bad."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import uuid

import pandas
import polars
import pyarrow
import pytest
import wirededup as dedup

TEXT = "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said."
OTHER = "Rain is expected in the north of the country until the end of the week, forecasters said."


def members(report):
    return [cluster.members for cluster in report]


def test_columns_that_stand_for_nothing_may_hold_anything():
    rows = {"id": ["a", "b"], "text": [TEXT, TEXT], "x": [object(), 3], "y": [None, None], "z": [1, "s"]}
    odd = pandas.DataFrame(rows)
    odd.insert(5, "x", [b"1", {}], allow_duplicates=True)
    assert members(dedup.scan(odd)) == [["a", "b"]]
    null = polars.DataFrame({"id": ["a", "b"], "text": [TEXT, TEXT], "headline": [None, None], "x": [object(), 1]})
    assert null.schema["headline"] == polars.Null and null.schema["x"] == polars.Object
    assert members(dedup.scan(null)) == [["a", "b"]]
    columns = [pyarrow.array(["a", "b"]), pyarrow.array([TEXT, TEXT]), pyarrow.nulls(2), pyarrow.nulls(2)]
    table = pyarrow.Table.from_arrays(columns, ["id", "text", "x", "x"])
    for given in (table, table.to_reader(), table.to_batches()[0]):
        assert members(dedup.scan(given)) == [["a", "b"]]


def test_a_column_that_counts_and_stands_twice_is_refused():
    table = pyarrow.Table.from_arrays([pyarrow.array([TEXT]), pyarrow.array([OTHER])], ["text", "text"])
    for given in (table, table.to_reader(), table.to_pandas()):
        with pytest.raises(ValueError, match="expected one column `text`, found several"):
            dedup.scan(given)


def test_keys_of_python_objects_are_read_as_they_print():
    first, second = uuid.uuid4(), uuid.uuid4()
    frame = pandas.DataFrame({"id": [first, second], "text": [TEXT, TEXT], "source": ["AFP", None]})
    assert members(dedup.scan(frame)) == [sorted([str(first), str(second)])]
    assert members(dedup.scan(pandas.DataFrame({"id": [7, "b"], "text": [TEXT, TEXT]}))) == [["7", "b"]]
    with pytest.raises(TypeError, match="expected strings in column `text`, found int"):
        dedup.scan(pandas.DataFrame({"text": ["a", 3]}))


def test_ids_keep_their_type():
    for given in (
        pandas.DataFrame({"id": [12, 7, 30], "text": [TEXT, TEXT, OTHER]}),
        polars.DataFrame({"id": [12, 7, 30], "text": [TEXT, TEXT, OTHER]}),
        [{"id": number, "text": text} for number, text in [(12, TEXT), (7, TEXT), (30, OTHER)]],
    ):
        report = dedup.scan(given)
        assert report.singles == [30] and members(report) == [[12, 7]]
        assert report.pairs.to_pylist()[0]["a"] == 12
        assert pyarrow.table(report.members).schema.field("id").type == pyarrow.int64()
    # One that repeats is told apart by a suffix, and so all are strings.
    repeated = dedup.scan(pandas.DataFrame({"id": [7, 7], "text": [TEXT, TEXT]}))
    assert members(repeated) == [["7", "7#2"]]


ROWS = [
    ("a", TEXT), ("a", TEXT), (None, TEXT), ("b", OTHER), ("b", "Something else happened today."), ("c", None),
]  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        lambda: pandas.DataFrame(ROWS, columns=["id", "text"], index=list("uvwxyz")),
        lambda: polars.DataFrame(ROWS, schema=["id", "text"], orient="row"),
        lambda: pyarrow.table({"id": [row[0] for row in ROWS], "text": [row[1] for row in ROWS]}),
        lambda: [{"id": id, "text": text} for id, text in ROWS],
    ],
)
def test_one_of_each_is_kept_whatever_the_ids(make):
    """Ids that repeat, or are not there, lose no row and leave no duplicate."""
    given = make()
    kept = dedup.keep(given, level="copy")
    assert type(kept) is type(given) and len(kept) == 4
    rows = kept if isinstance(kept, list) else (kept.to_pylist() if hasattr(kept, "to_pylist") else None)
    texts = [row["text"] for row in rows] if rows is not None else list(kept["text"])
    assert [text if isinstance(text, str) else None for text in texts] == [TEXT, OTHER, ROWS[4][1], None]
    report = dedup.scan(given, level="copy")
    assert report.mask() == [True, False, False, True, True, True] and report.skipped[0].row == 5
    assert sorted(row["row"] for row in report.members) == [0, 1, 2]


def test_keep_takes_what_scan_takes():
    texts = [TEXT, OTHER, TEXT.upper()]
    assert dedup.keep(texts) == dedup.keep(iter(texts)) == dedup.keep(tuple(texts)) == texts[:2]
    table = pyarrow.table({"text": texts, "n": [1, 2, 3]})
    assert dedup.keep(table.to_reader()) == table.slice(0, 2)
    frame = pandas.DataFrame({"text": texts, "source": ["Post", "Post", "AFP"]})
    assert list(dedup.keep(frame, keep=["AFP"]).index) == [1, 2]
    assert list(dedup.keep(frame, keep="source:AFP").index) == [1, 2]
    with pytest.raises(ValueError, match="a list of sources to keep, found 3"):
        dedup.keep(frame, keep=3)


@pytest.mark.parametrize("rule", ["first", "last", "longest", "source:AFP"])
def test_keep_gives_the_rows_of_the_program(stories, program, tmp_path, rule):
    """The same rows in the same order, also of ids that repeat and of stories without a text."""
    lines = [json.dumps(story, ensure_ascii=False) for story in stories]
    path = tmp_path / "stories.jsonl"
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    command = [program, "filter", path, "--level", "copy", "--keep", rule, "--quiet"]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert ran.returncode in (0, 3), ran.stderr
    kept = [json.loads(line) for line in ran.stdout.splitlines()]
    assert 0 < len(kept) < len(stories)
    assert dedup.keep(stories, level="copy", keep=rule) == kept
    frame = polars.DataFrame(stories).with_row_index("place")
    places = dedup.keep(frame, level="copy", keep=rule)["place"].to_list()
    assert [stories[place] for place in places] == kept


def test_half_a_character_costs_no_story(program, tmp_path):
    """What `json.loads` makes of a cut emoji is read as the program reads it."""
    halves = ["\ud83d", "\ude00", "\ud83d\ud83d\ude00"]
    rows = [{"id": f"{half}-{n}", "headline": half, "text": f"{TEXT} {OTHER} {half} {n}"} for n, half in enumerate(halves)]
    path = tmp_path / "stories.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [program, "scan", path, "--singles", "--format", "jsonl", "--level", "copy"]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout
    frame = pandas.DataFrame({name: pandas.Series([row[name] for row in rows], dtype=object) for name in rows[0]})
    for given in (rows, frame):
        assert dedup.scan(given, level="copy").to_jsonl(singles=True) == said
        assert len(dedup.keep(given, level="copy")) == 1
    assert dedup.keep([row["text"] for row in rows], level="copy") == [rows[0]["text"]]
    assert dedup.explain(rows[0], rows[1]).relation == "copy"
    with dedup.Index(tmp_path / "wire.db", level="copy") as index:
        assert [answer.seen for answer in index.add(rows)] == ["new", "version", "version"]


def test_what_is_missing_in_a_list_is_a_bad_row():
    texts = pandas.Series([TEXT, None, OTHER, float("nan"), TEXT]).to_list()
    report = dedup.scan(texts)
    assert [skipped.row for skipped in report.skipped] == [1, 3] and members(report) == [["0", "4"]]
    assert all("found what is none" in skipped.reason for skipped in report.skipped)
    assert len(dedup.keep(texts)) == 4
    with pytest.raises(ValueError, match="expected a text"):
        dedup.scan(texts, strict=True)


def test_a_frame_without_rows_keeps_its_columns():
    frame = pandas.DataFrame({"text": [TEXT], "x": [1]}, index=["u"])[:0]
    assert list(dedup.keep(frame).columns) == ["text", "x"]


def test_columns_without_a_name_are_named_in_the_message():
    with pytest.raises(ValueError, match="found keys 0, 1; name it with text="):
        dedup.scan(pandas.DataFrame([[TEXT, 1]]))
    with pytest.raises(TypeError, match="in column `text`, found Binary; decode it as UTF-8"):
        dedup.scan(pyarrow.table({"text": [TEXT.encode()]}))
    with pytest.raises(TypeError, match="in column `text`, found Int64; cast it"):
        dedup.scan(pyarrow.table({"text": [1]}))


def test_what_is_lazy_is_told_its_way():
    frame = polars.DataFrame({"text": [TEXT]})
    for given, sentence in [
        (frame.lazy(), r"found LazyFrame; call \.collect\(\) first"),
        (frame["text"], r"found Series; for texts alone call \.to_list\(\)"),
        (pandas.Series([TEXT]), r"found Series; for texts alone call \.to_list\(\)"),
        (pyarrow.array([TEXT]), r"found StringArray; for texts alone call \.to_pylist\(\)"),
        ("a story", "found str; read the file first"),
        ({"text": TEXT}, "found dict; put stories in a list"),
        (3, "found int"),
    ]:
        for call in (dedup.scan, dedup.keep):
            with pytest.raises(TypeError, match=sentence):
                call(given)


def test_a_data_set_is_told_its_way(tmp_path):
    from pyarrow import dataset, parquet

    parquet.write_table(pyarrow.table({"text": [TEXT]}), tmp_path / "a.parquet")
    files = dataset.dataset(tmp_path)
    with pytest.raises(TypeError, match=r"found FileSystemDataset; call \.scanner\(\)\.to_reader\(\)"):
        dedup.scan(files)
    assert dedup.scan(files.scanner().to_reader()).summary["stories"] == 1


def test_dicts_without_a_text_are_an_error_not_nothing():
    with pytest.raises(ValueError, match=r"expected a text field .* found keys id, words; name it with text="):
        dedup.scan([{"id": "a", "words": TEXT}, {"id": "b", "words": OTHER}])
    with pytest.raises(ValueError, match=r"expected a text field \(tried words\)"):
        dedup.scan([{"id": "a", "text": TEXT}], text="words")
    assert dedup.scan([{"id": "a", "text": TEXT}, {"id": "b"}]).summary["skipped"] == 1


def test_a_stream_waits_in_a_file_and_gives_the_same(stories):
    table = pyarrow.Table.from_pylist(stories * 30)
    columns = {"text": table["text"].dictionary_encode(), "headline": table["headline"].cast(pyarrow.string_view())}
    table = pyarrow.table({**{name: table[name] for name in ("id", "source", "date")}, **columns})
    expected = dedup.scan(table, level="copy").to_jsonl()
    # A quarter of a megabyte: all but the first batch wait in a file.
    held = dedup.scan(table.to_reader(max_chunksize=700), level="copy")
    spooled = dedup.scan(table.to_reader(max_chunksize=700), level="copy", memory="1M")
    assert held.to_jsonl() == spooled.to_jsonl() == expected
    assert spooled.mask() == dedup.scan(table, level="copy").mask()


def test_a_stream_larger_than_memory_stays_within_it():
    code = """
    import wirededup as dedup, pyarrow, random, resource, sys
    draw, words = random.Random(1), [f"word{n}" for n in range(5_000)]
    schema = pyarrow.schema({"id": pyarrow.string(), "text": pyarrow.string()})
    def batches(count):
        for number in range(count):
            texts = [" ".join(draw.choices(words, k=800)) for _ in range(400)]
            yield pyarrow.record_batch({"id": [f"{number}-{n}" for n in range(400)], "text": texts}, schema)
    reader = lambda count: pyarrow.RecordBatchReader.from_batches(schema, batches(count))
    dedup.scan(reader(1), level="copy")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = dedup.scan(reader(80), level="copy", memory="64M", threads=2)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(report.summary["stories"], (after - before) >> 10)
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    stories, grown = map(int, ran.stdout.split())
    # 200 MB of text went through.
    assert stories == 32_000 and grown < 100, f"grew by {grown} MB"
