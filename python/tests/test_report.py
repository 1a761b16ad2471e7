"""What a report, a table and an explanation can do."""

from __future__ import annotations

import pickle

import polars
import pyarrow
import pytest
import wirededup as dedup
from pyarrow import parquet


def test_reports_and_tables_pickle(stories):
    report = dedup.scan(stories, level="copy")
    again = pickle.loads(pickle.dumps(report))
    assert again.to_jsonl() == report.to_jsonl() and again.to_jsonl(singles=True) == report.to_jsonl(singles=True)
    assert (again.summary, again.warnings, again.singles) == (report.summary, report.warnings, report.singles)
    assert again.mask() == report.mask() and again.skipped == report.skipped
    for name in ("pairs", "clusters", "members"):
        assert pyarrow.table(getattr(again, name)) == pyarrow.table(getattr(report, name))
    assert pickle.loads(pickle.dumps(again)).to_jsonl() == report.to_jsonl()
    assert list(pickle.loads(pickle.dumps(report.clusters))) == report.clusters.to_pylist()
    with pytest.raises(ValueError, match="write the page before"):
        again.to_html()


def test_hashers_pickle():
    hasher = dedup.MinHasher(64, seed=9)
    again = pickle.loads(pickle.dumps(hasher))
    assert (again.values, again.seed) == (64, 9) and again.of_text("a b c d e f") == hasher.of_text("a b c d e f")


def test_band_keys_come_as_columns_take_them():
    signature = dedup.MinHasher(128).of_text(" ".join(f"word{n}" for n in range(300)))
    keys = dedup.band_keys(signature, 32, 4)
    signed = dedup.band_keys(signature, 32, 4, dtype="int64")
    assert [key % 2**64 for key in signed] == keys and min(signed) < 0 <= min(keys)
    assert polars.Series(signed).dtype == polars.Int64
    packed = dedup.band_keys(signature, 32, 4, dtype="bytes")
    assert [int.from_bytes(key, "big") for key in packed] == keys
    with pytest.raises(ValueError, match="expected a dtype of uint64, int64 or bytes, found `int32`"):
        dedup.band_keys(signature, 32, 4, dtype="int32")


def test_reports_and_tables_are_iterated(stories):
    report = dedup.scan(stories, level="copy")
    clusters = list(report)
    assert [cluster._asdict() for cluster in clusters] == list(report.clusters) == report.clusters.to_pylist()
    assert clusters[0].canonical in clusters[0].members
    assert report.clusters.to_pylist(2) == report.clusters.to_pylist()[:2]


def test_notebooks_show_them_without_markup_of_stories():
    text = "<script>alert(1)</script> The ferry ran aground off the cape on Sunday with all aboard."
    report = dedup.scan([{"id": "<b>a", "text": text}, {"id": "b", "text": text}, {"id": "c"}])
    for page in (report._repr_html_(), report.clusters._repr_html_(), dedup.explain(text, text)._repr_html_()):
        assert "<table>" in page and "<b>" not in page and "<script>" not in page
    assert "&lt;b&gt;a" in report._repr_html_() and "1 rows skipped" in report._repr_html_()
    many = dedup.scan([{"id": f"{n}-{m}", "text": f"Story number {n} of the day"} for n in range(20) for m in range(2)])
    assert "20 rows, the first 10" in many.clusters._repr_html_()


def test_pages_and_parquet_are_written(stories, tmp_path):
    report = dedup.scan(stories[:60], texts=True)
    assert report.to_html(tmp_path / "report.html") is None
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page == report.to_html() and page.startswith("<!") and report.clusters.to_pylist()[0]["canonical"] in page
    report.to_parquet(tmp_path / "out")
    for name in ("pairs", "clusters", "members"):
        assert parquet.read_table(tmp_path / f"out/{name}.parquet") == pyarrow.table(getattr(report, name))


def test_to_html_is_the_page_of_the_program(stories, program, tmp_path):
    import json
    import subprocess

    path = tmp_path / "stories.jsonl"
    path.write_text("".join(json.dumps(story, ensure_ascii=False) + "\n" for story in stories[:60]), encoding="utf-8")
    ran = subprocess.run([program, "scan", path, "--format", "html"], capture_output=True, text=True)
    report = dedup.scan(stories[:60], texts=True, facts=True, all_relations=True)
    assert report.to_html() == ran.stdout
