"""A job for spark-submit: scans Parquet or JSON lines, writes pairs and clusters as Parquet.

spark-submit … "$(python -c 'import wirededup.spark as m; print(m.__path__[0])')/__main__.py" stories/ \\
    --work hdfs:///tmp/dedup --output hdfs:///out
"""

from __future__ import annotations

import argparse
import logging
import sys

from pyspark.sql import SparkSession

from wirededup import spark as dedup_spark
from wirededup.spark._files import files


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="wirededup.spark", description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", help="Parquet files or folders, or JSON lines (.json, .jsonl, also packed)")
    parser.add_argument("--output", required=True, help="an empty folder: pairs, clusters and lines go there")
    parser.add_argument("--kept", action="store_true", help="writes the rows that are kept, too")
    parser.add_argument("--overwrite", action="store_true", help="writes over what a run before has put there")
    parser.add_argument("--format", choices=["parquet", "jsonl"], help="of the input; by default by its name")
    parser.add_argument("--work", help="a folder for the stages, which all executors reach")
    parser.add_argument("--fresh", action="store_true", help="does not take up stages of a run before")
    parser.add_argument("--partitions", type=int, help="how finely shuffled stages are cut")
    parser.add_argument("--components", choices=["auto", "task", "stars"], default="auto")
    for name in ("id", "text"):
        parser.add_argument(f"--{name}", default=name, help=f"the column of the {name}")
    for name in ("headline", "source", "time", "language"):
        parser.add_argument(f"--{name}", help=f"the column of the {name}")
    parser.add_argument("--level", choices=["identical", "copy", "rewrite"], default="rewrite")
    parser.add_argument("--threshold", type=float, default=0.7)
    parser.add_argument("--shingle", type=int, default=5)
    parser.add_argument("--window", default="7d")
    parser.add_argument("--linkage", choices=["single", "average", "complete"], default="average")
    parser.add_argument("--keep", default="first")
    parser.add_argument("--keep-furniture", action="store_true")
    given = vars(parser.parse_args(arguments))
    paths, output, form = given.pop("paths"), given.pop("output"), given.pop("format")
    keeps, overwrites = given.pop("kept"), given.pop("overwrite")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("py4j").setLevel(logging.WARNING)
    spark = SparkSession.builder.appName("dedup").getOrCreate()
    outputs = ["pairs", "clusters", "lines", *(["kept"] if keeps else [])]
    for name in outputs if not overwrites else []:
        if files(spark).first(f"{output}/{name}") is not None:
            parser.error(f"expected {output}/{name} to be empty; name another folder, or say --overwrite")
    is_json = form == "jsonl" or form is None and any(".json" in path for path in paths)
    df = spark.read.json(paths) if is_json else spark.read.parquet(*paths)
    result = dedup_spark.scan(df, resume=not given.pop("fresh"), **given)
    result.pairs.write.mode("overwrite").parquet(f"{output}/pairs")
    result.clusters.write.mode("overwrite").parquet(f"{output}/clusters")
    result.lines.write.mode("overwrite").text(f"{output}/lines")
    if keeps:
        result.kept.write.mode("overwrite").parquet(f"{output}/kept")
    skipped = result.skipped.count()
    print(f"{result.pairs.count()} pairs, {result.clusters.count()} clusters, {skipped} rows skipped", file=sys.stderr)
    for warning in result.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return 3 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
