"""The code of the pages runs as printed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import polars
import pyarrow
import pytest
import wirededup as dedup
from pyarrow import parquet

HERE = Path(__file__).resolve().parents[1]
TEXT = "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said in a statement."
OTHER = "Rain is expected in the north of the country until the end of the week, forecasters said on Monday."


def code(page):
    """The Python of a page, block by block."""
    return re.findall(r"```python\n(.*?)```", (HERE / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the stories that the pages read."""
    monkeypatch.chdir(tmp_path)
    rows = [
        {"id": "afp-1", "text": TEXT, "published": "2024-03-01T12:00:00Z", "outlet": "AFP"},
        {"id": "post-7", "text": TEXT.upper(), "published": "2024-03-01T13:00:00Z", "outlet": "Post"},
        {"id": "met-2", "text": OTHER, "published": "2024-03-01T14:00:00Z", "outlet": "Met"},
    ]
    rows = [{**row, "body": row["text"], "source": row["outlet"]} for row in rows]
    Path("stories.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    table = pyarrow.Table.from_pylist(rows)
    for folder in ("stories", "archive"):
        Path(folder).mkdir()
        parquet.write_table(table, f"{folder}/part-0.parquet")
    return rows


def names():
    return {"a": TEXT, "b": OTHER, "text": TEXT, "other": OTHER}


def test_the_readme_runs_as_printed(place):
    known, blocks = names(), code("README.md")
    assert len(blocks) >= 7
    for block in blocks:
        if "spark" in block:
            continue
        exec(compile(block, "README.md", "exec"), known)
    assert known["kept"]["id"].to_list() == ["afp-1", "met-2"] and Path("out.html").exists()


def test_the_guide_for_migration_runs_as_printed(place):
    blocks = code("MIGRATION.md")
    assert len(blocks) >= 8
    for block in blocks:
        if "spark" in block:
            continue
        known = {**names(), "stories": polars.read_ndjson("stories.jsonl"), "dedup": dedup, "polars": polars}
        exec(compile(block, "MIGRATION.md", "exec"), known)
        if "kept" in known:
            kept = known["kept"]
            assert len(kept) == 2, block


def test_the_code_for_spark_runs_as_printed(place):
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    for page in ("README.md", "MIGRATION.md"):
        for block in code(page):
            if "spark" in block:
                known = {"spark": spark, "dedup": dedup}
                exec(compile(block, page, "exec"), known)
                assert sorted(row["id"] for row in known["kept"].collect()) == ["afp-1", "met-2"]
    spark.stop()


def test_the_notebook_runs(place):
    notebook = json.loads((HERE / "examples/wire.ipynb").read_text(encoding="utf-8"))
    known: dict[str, object] = {}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        exec(compile("".join(cell["source"]), "wire.ipynb", "exec"), known)
    assert len(cells) >= 5


def test_the_reference_names_all_that_is_public(tmp_path):
    import runpy

    build = runpy.run_path(str(HERE / "docs/build"))
    page = build["reference"]()
    for name in dedup.__all__:
        assert f"`{name}" in page, name
    aliases = ("Keep", "Level", "Linkage", "__version__")
    undocumented = [name for name in dedup.__all__ if name not in aliases and not getattr(dedup, name).__doc__]
    assert undocumented == []
