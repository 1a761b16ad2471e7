"""Scans what outgrows one machine, with Apache Spark and the kernels of the program.

>>> from wirededup import spark as dedup_spark
>>> pairs, clusters = dedup_spark.scan(spark.read.parquet("stories/"), work="hdfs:///tmp/dedup")

The result is that of `dedup scan` on the same stories, for any number of partitions, order of
rows and way to find components. `keep` gives the frame with one story of each report.
Needs PySpark 3.5 or 4, pyarrow and this package on every
executor. `wirededup/spark/__main__.py` is a job for spark-submit; the logger `wirededup.spark` tells the stages.
"""

from ._scan import Result, keep, scan

__all__ = ["Result", "keep", "scan"]
