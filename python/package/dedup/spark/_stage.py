"""From what a stage computes to Parquet that a later run takes up again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from .. import __version__


class Stages:
    """A folder in which every finished stage lies as Parquet."""

    def __init__(self, spark: SparkSession, folder: str, about: dict[str, Any], resume: bool) -> None:
        self.spark, self.folder = spark, folder.rstrip("/")
        self._number = 0
        self.warnings: list[str] = []
        """What should be seen beside the result."""
        about = {"version": __version__, **about}
        path = f"{self.folder}/settings.json"
        known = self._read(path) if resume else None
        if known is None:
            self._delete(self.folder)
            self._write(path, json.dumps(about, sort_keys=True))
            return
        before = json.loads(known)
        for name in sorted(set(before) | set(about)):
            if before.get(name) != about.get(name):
                raise ValueError(
                    f"{self.folder} holds the stages of another run: {name} was {before.get(name)!r} and is "
                    f"{about.get(name)!r}; name another folder, or start afresh with resume=False"
                )

    def stage(self, name: str, made: Callable[[], DataFrame]) -> DataFrame:
        """What `made` computes, written once; a run that was broken off goes on behind it."""
        self._number += 1
        path = f"{self.folder}/{self._number:02d}-{name}"
        notes = f"{path}.warnings.json"
        if self._exists(f"{path}/_SUCCESS"):
            self.warnings.extend(json.loads(self._read(notes) or "[]"))
            return self.spark.read.parquet(path)
        known = len(self.warnings)
        frame = made()
        if self.warnings[known:]:
            self._write(notes, json.dumps(self.warnings[known:]))
        self.spark.sparkContext.setJobDescription(f"dedup: {name}")
        frame.write.mode("overwrite").option("compression", "zstd").parquet(path)
        return self.spark.read.parquet(path)

    def _path(self, path: str) -> tuple[Any, Any]:
        jvm = self.spark.sparkContext._jvm
        found = jvm.org.apache.hadoop.fs.Path(path)
        return found, found.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration())

    def _exists(self, path: str) -> bool:
        found, files = self._path(path)
        return files.exists(found)

    def _delete(self, path: str) -> None:
        found, files = self._path(path)
        files.delete(found, True)

    def _read(self, path: str) -> str | None:
        found, files = self._path(path)
        if not files.exists(found):
            return None
        stream = files.open(found)
        text = self.spark.sparkContext._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        stream.close()
        return text

    def _write(self, path: str, text: str) -> None:
        found, files = self._path(path)
        stream = files.create(found, True)
        stream.write(bytearray(text, "utf-8"))
        stream.close()
