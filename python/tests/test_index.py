"""A living index says what a scan says."""

from __future__ import annotations

import pytest
import wirededup as dedup

TEXT = "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said in a statement."


def test_an_index_keeps_what_it_was_told(tmp_path):
    path = tmp_path / "wire.db"
    with dedup.Index(path, level="copy") as index:
        (first,) = index.add([{"id": "afp-1", "text": TEXT, "date": "2024-03-01T12:00:00Z", "source": "AFP"}])
        assert (first.id, first.seen, first.hits) == ("afp-1", "new", [])
        assert repr(index) == f"Index({str(path)!r})"
        answer = index.query({"id": "post-7", "text": TEXT.upper()})
        assert (answer.seen, answer.of, answer.hits[0].source, answer.hits_in_all) == ("identical", "afp-1", "AFP", 1)
    with pytest.raises(ValueError, match="the index is closed"):
        index.query("a")
    with pytest.raises(Exception, match="threshold"):
        dedup.Index(path, level="copy", threshold=0.9)
    with dedup.Index(path, level="copy") as index, dedup.Index(path, read_only=True) as reader:
        index.add([{"id": "post-7", "text": TEXT, "date": "2024-03-02T12:00:00Z"}])
        assert reader.clusters.to_pylist()[0]["members"] == ["afp-1", "post-7"]
        with pytest.raises(Exception, match="read only"):
            reader.remove(["post-7"])
        assert index.stats()["stories"] == 2 and index.verify() == []
        assert index.expire("2024-03-02T00:00:00Z") == 1
        assert index.remove(["post-7", "nobody"]) == ["nobody"]
        assert index.stats()["stories"] == 0 and len(index.clusters) == 0


def test_the_clusters_are_those_of_a_scan(stories, tmp_path):
    unique = list({story["id"]: story for story in stories}.values())
    with dedup.Index(tmp_path / "wire.db", level="copy") as index:
        for start in range(0, len(unique), 100):
            index.add(unique[start : start + 100])
        assert index.report().to_jsonl() == dedup.scan(unique, level="copy").to_jsonl()


OTHER = "Rain is expected in the north of the country until the end of the week, forecasters said."


def test_frames_are_added_as_a_scan_takes_them(tmp_path):
    import pandas
    import polars
    import pyarrow

    rows = {"id": [1, 2, 3, 4], "text": [TEXT, TEXT.upper(), None, OTHER]}
    for number, given in enumerate([
        pandas.DataFrame(rows), polars.DataFrame(rows), pyarrow.table(rows), pyarrow.table(rows).to_reader(),
        [{"id": id, "text": text} for id, text in zip(*rows.values())],
    ]):  # fmt: skip
        with dedup.Index(tmp_path / f"{number}.db", level="copy") as index:
            answers = index.add(given)
            assert [answer.id for answer in answers] == ["1", "2", "4"]
            assert [answer.seen for answer in answers] == ["new", "identical", "new"]
            assert [skipped.row for skipped in answers.skipped] == [2] and "text" in answers.skipped[0].reason
            assert len(index) == 3 and 1 in index and "4" in index and "text" not in index and "3" not in index
            found = index.query_many(pandas.DataFrame({"text": [OTHER, None, "Something new."]}))
            assert [answer.seen for answer in found] == ["identical", "new"] and found.skipped[0].row == 1
            assert index.remove([1]) == [] and len(index) == 2
            with pytest.raises(ValueError, match="expected a text field"):
                index.add([{"id": "7", "text": OTHER}, {"id": "8"}], strict=True)
            assert len(index) == 2
            with pytest.raises(ValueError, match="has no rows"):
                index.report().mask()
    with dedup.Index(tmp_path / "0.db", level="copy") as index:
        for wrong in ("a story", {"text": TEXT}, polars.DataFrame(rows).lazy()):
            with pytest.raises(TypeError, match="expected a table or an iterable"):
                index.add(wrong)
        with pytest.raises(TypeError, match="put it in a list"):
            index.remove("ab")


def test_other_settings_are_refused_as_documented(tmp_path):
    path = tmp_path / "wire.db"
    dedup.Index(path, level="copy", window=None).close()
    for wrong in ({}, {"level": "rewrite"}, {"level": "copy"}, {"level": "copy", "window": None, "shingle": 4}):
        with pytest.raises(ValueError, match="expected|settings|made with"):
            dedup.Index(path, **wrong)
    with pytest.raises(ValueError):
        dedup.Index(path, read_only=True, level="copy", threshold=0.9)
    dedup.Index(path, read_only=True).close()
    dedup.Index(path, level="copy", window=None).close()
