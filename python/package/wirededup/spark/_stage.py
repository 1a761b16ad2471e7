"""From what a stage computes to Parquet that a later run takes up again."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from .. import __version__
from ._files import files, is_classic

LOG = logging.getLogger("wirededup.spark")
"""Says when a stage begins, is taken up again, and ends."""

_OURS = "wirededup.spark"


class Stages:
    """A folder in which every finished stage lies as Parquet.

    Only a folder that is empty, not there, or made by a run before is used; only stages are
    written anew, and nothing is deleted. A stage counts if its mark names the run.
    """

    def __init__(self, spark: SparkSession, folder: str, about: dict[str, Any], resume: bool) -> None:
        self.spark, self.folder = spark, folder.rstrip("/") or folder
        self.warnings: list[str] = []
        """What should be seen beside the result."""
        self.counters: dict[str, float] = {}
        """Seconds that each stage took, 0 where a run before had finished it."""
        self._number = 0
        self._files = files(spark)
        about = json.loads(json.dumps({"version": __version__, **about}))
        path = f"{self.folder}/settings.json"
        known = self._known(path)
        if known is None or not resume:
            self._run = uuid.uuid4().hex
            self._files.write(path, json.dumps({"made_by": _OURS, "run": self._run, **about}, sort_keys=True))
            return
        self._run = known.pop("run")
        for name in sorted(set(known) | set(about)):
            if known.get(name) != about.get(name):
                raise ValueError(
                    f"{self.folder} holds the stages of another run: {name} was {known.get(name)!r} and is "
                    f"{about.get(name)!r}; name another folder, or start afresh with resume=False"
                )

    def _known(self, path: str) -> dict[str, Any] | None:
        """What the folder says of the run before; None for an empty one.

        Raises ValueError for a folder that holds what is not ours.
        """
        try:
            known = json.loads(self._files.read(path) or "null")
        except ValueError:
            known = None
        if isinstance(known, dict) and known.pop("made_by", None) == _OURS and isinstance(known.get("run"), str):
            return known
        found = self._files.first(self.folder)
        if found is not None:
            raise ValueError(
                f"expected work={self.folder!r} to be empty or of a run before, found {found!r} in it; "
                "name a folder of its own, nothing was touched"
            )
        return None

    def stage(self, name: str, made: Callable[[], DataFrame]) -> DataFrame:
        """What `made` computes, written once; a run that was broken off goes on behind it."""
        self._number += 1
        path = f"{self.folder}/{self._number:02d}-{name}"
        mark = self._mark(path)
        if mark is not None:
            LOG.info("stage %s: taken up from %s", name, path)
            self.warnings.extend(mark["warnings"])
            self.counters[name] = 0.0
            return self.spark.read.parquet(path)
        LOG.info("stage %s: begins", name)
        began, known = time.monotonic(), len(self.warnings)
        frame = made()
        self._describe(name)
        frame.write.mode("overwrite").option("compression", "zstd").parquet(path)
        self._files.write(f"{path}.json", json.dumps({"run": self._run, "warnings": self.warnings[known:]}))
        self.counters[name] = round(time.monotonic() - began, 3)
        LOG.info("stage %s: %.1f s, in %s", name, self.counters[name], path)
        return self.spark.read.parquet(path)

    def _mark(self, path: str) -> dict[str, Any] | None:
        """What a finished stage says of itself; None if this run has not finished it."""
        mark: dict[str, Any] | None = json.loads(self._files.read(f"{path}.json") or "null")
        if mark is None or mark["run"] != self._run:
            return None
        # Over Spark Connect the file that Spark leaves cannot be seen.
        if is_classic(self.spark) and self._files.first(f"{path}/_SUCCESS") is None:
            return None
        return mark

    def _describe(self, name: str) -> None:
        """Names the jobs that follow, for Spark's own pages."""
        if is_classic(self.spark):
            self.spark.sparkContext.setJobDescription(f"dedup: {name}")
