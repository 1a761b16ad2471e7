"""From a folder that all executors reach to the small files in it: through Hadoop's file system where
the driver has it, through Spark's own reader and writer over Spark Connect. Neither deletes anything."""

from __future__ import annotations

from typing import Any, Protocol

from pyspark.sql import SparkSession


class Files(Protocol):
    """Small files of text, and whether a folder holds anything."""

    def read(self, path: str) -> str | None:
        """The text of a file; None if it is not there."""

    def write(self, path: str, text: str) -> None:
        """Writes a file anew."""

    def first(self, folder: str) -> str | None:
        """The name of something in a folder; None if it is empty or not there."""

    def is_local(self, folder: str) -> bool:
        """Whether a folder is one of this machine alone, as far as can be seen."""


def files(spark: SparkSession) -> Files:
    """The way to files that a session has."""
    return _Hadoop(spark) if is_classic(spark) else _Connect(spark)


def is_classic(spark: SparkSession) -> bool:
    """Whether the driver is this process, not a server at the other end of Spark Connect."""
    return type(spark).__module__.startswith(("pyspark.sql.session", "pyspark.sql.classic"))


class _Hadoop:
    def __init__(self, spark: SparkSession) -> None:
        context: Any = spark.sparkContext
        self._jvm, self._settings = context._jvm, context._jsc.hadoopConfiguration()

    def _path(self, path: str) -> tuple[Any, Any]:
        found = self._jvm.org.apache.hadoop.fs.Path(path)
        return found, found.getFileSystem(self._settings)

    def read(self, path: str) -> str | None:
        found, files = self._path(path)
        if not files.exists(found):
            return None
        stream = files.open(found)
        try:
            return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        except Exception as error:
            # Changed by somebody else, or cut: it is there, and says nothing.
            if "ChecksumException" in str(error):
                return ""
            raise
        finally:
            stream.close()

    def write(self, path: str, text: str) -> None:
        found, files = self._path(path)
        stream = files.create(found, True)
        try:
            stream.write(bytearray(text, "utf-8"))
        finally:
            stream.close()

    def first(self, folder: str) -> str | None:
        found, files = self._path(folder)
        if not files.exists(found):
            return None
        if files.getFileStatus(found).isFile():
            return str(found.getName())
        inside = files.listStatusIterator(found)
        return str(inside.next().getPath().getName()) if inside.hasNext() else None

    def is_local(self, folder: str) -> bool:
        found, files = self._path(folder)
        # Who writes `file:` out knows that the folder is shared.
        return found.toUri().getScheme() is None and files.getScheme() == "file"


class _Connect:
    """A small file is a folder in which Spark has written one file of text."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark

    def read(self, path: str) -> str | None:
        try:
            rows = self._spark.read.text(path, wholetext=True).collect()
        except Exception as error:
            if _is_missing(error):
                return None
            raise
        return rows[0]["value"] if rows else None

    def write(self, path: str, text: str) -> None:
        frame = self._spark.createDataFrame([(text,)], "value string")
        frame.coalesce(1).write.mode("overwrite").text(path)

    def first(self, folder: str) -> str | None:
        listed = self._spark.read.format("binaryFile").option("recursiveFileLookup", "true")
        try:
            rows = listed.load(folder).select("path").limit(1).collect()
        except Exception as error:
            if _is_missing(error):
                return None
            raise
        return str(rows[0]["path"]) if rows else None

    def is_local(self, folder: str) -> bool:
        return False


def _is_missing(error: Exception) -> bool:
    """Whether Spark says that a path is not there."""
    condition = getattr(error, "getCondition", None) or getattr(error, "getErrorClass", None)
    return "PATH_NOT_FOUND" in str(condition() if condition else "") or "PATH_NOT_FOUND" in str(error)
