"""Says which wire stories are the same report.

>>> import wirededup as dedup
>>> report = dedup.scan(["The ferry ran aground off the cape.", "The ferry ran aground off the cape!"])
>>> report.clusters.to_pylist()[0]["members"]
['0', '1']

`scan` says which stories are versions of one report, `keep` gives a frame with one of each.
Both take any table that exports Arrow (pyarrow, polars, pandas, DuckDB …), lists of dicts and
lists of strings; `explain` says what ties two stories; `MinHasher`, `shingles` and their like are
the stages for those who build their own pipeline; `wirededup.spark` is for what outgrows one machine.

The same stories and settings give the same result as the program `dedup`, byte for byte.
"""

from ._core import MinHasher, __version__, band_keys, banding, shingles, strip, token_hashes, tokens
from ._explain import Explanation, Passage, explain
from ._index import Answer, Answers, Hit, Index
from ._keep import keep
from ._scan import Cluster, Options, Report, Skipped, scan
from ._settings import Keep, Level, Linkage, Model
from ._similarity import containment, jaccard
from ._table import Table

__all__ = [
    "Answer",
    "Answers",
    "Cluster",
    "Explanation",
    "Hit",
    "Index",
    "Keep",
    "Level",
    "Linkage",
    "MinHasher",
    "Model",
    "Options",
    "Passage",
    "Report",
    "Skipped",
    "Table",
    "__version__",
    "band_keys",
    "banding",
    "containment",
    "explain",
    "jaccard",
    "keep",
    "scan",
    "shingles",
    "strip",
    "token_hashes",
    "tokens",
]
