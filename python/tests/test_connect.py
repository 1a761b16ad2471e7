"""A scan through a server of Spark Connect, which has no context, gives what a scan gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("pyspark")
pytest.importorskip("grpc")

SCRIPT = """
import json, sys
from pyspark.sql import SparkSession
import wirededup.spark as dedup

spark = SparkSession.builder.remote("local[1]").getOrCreate()
stories = spark.createDataFrame(json.loads(sys.argv[1]))
try:
    dedup.keep(stories)
except ValueError as error:
    refused = str(error)
result = dedup.scan(stories, work=sys.argv[2], level="copy")
print("said", json.dumps([refused, [row["members"] for row in result.clusters.collect()]]))
"""


def test_spark_connect(tmp_path):
    """In a process of its own: one that has a context takes no session of a server."""
    text = "The ferry ran aground off the cape on Sunday with 212 people aboard, the coast guard said in a statement"
    rows = [{"id": name, "text": text + end} for name, end in [("a", "."), ("b", "!"), ("c", " on Monday.")]]
    rows.append({"id": "d", "text": "Rain is expected in the north of the country until the end of the week."})
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(rows), str(tmp_path / "work")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        timeout=1_200,
    )
    said = [line for line in ran.stdout.splitlines() if line.startswith("said ")]
    assert said, ran.stderr[-2000:]
    refused, clusters = json.loads(said[0].removeprefix("said "))
    assert refused.startswith("expected work=FOLDER")
    assert clusters == [["a", "b", "c"]]
