"""A living index says what a scan says."""

from __future__ import annotations

import dedup
import pytest

TEXT = "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said in a statement."


def test_an_index_keeps_what_it_was_told(tmp_path):
    path = tmp_path / "wire.db"
    with dedup.Index(path, level="copy") as index:
        (first,) = index.add([{"id": "afp-1", "text": TEXT, "date": "2024-03-01T12:00:00Z", "source": "AFP"}])
        assert (first.id, first.seen, first.hits) == ("afp-1", "new", [])
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
