"""Right uses: mypy --strict and pyright have nothing to say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import wirededup as dedup

level: dedup.Level = "copy"
model: dedup.Model = Path("wire.model")
report = dedup.scan(["a"], level=level, threshold=0.8, window=timedelta(days=2), keep=["AFP", "TASS"], memory="2G")
report = dedup.scan(["a"], keep="longest", linkage="single", window=None, progress=lambda stage, done, total: None)
kept: list[str] = dedup.keep(["a", "b"], level="identical", keep=("AFP",))
mask: list[bool] = report.mask()
for cluster in report:
    weakest: float = cluster.weakest
for row in report.members:
    print(row["row"])
with dedup.Index("wire.db", level="copy", window="36h") as index:
    answers = index.add(["a"])
    reasons: list[str] = [skipped.reason for skipped in answers.skipped]
    size: int = len(index) if "afp-1" in index else 0
    hits: list[dedup.Hit] = index.query("a").hits
keys: list[bytes] = dedup.band_keys([1, 2], 1, 2, dtype="bytes")
numbers: list[int] = dedup.band_keys([1, 2], 1, 2, dtype="int64")
text: str = str(dedup.explain("a", "b", level="identical", model=model))
estimate: float = dedup.MinHasher.estimate([1], [1])
