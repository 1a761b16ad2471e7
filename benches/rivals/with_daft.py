"""From a file of stories to clusters by Daft: CORPUS OUT THREADS.

The way of Daft's own tutorial (tutorials/minhash_dedupe): normalise, minhash with xxhash, chunk
into bands, explode, group. Its components come from joins of data frames, made for a cluster;
here buckets go into the same union as for the others, which is faster. Nothing is verified.
"""

import sys

import daft
from daft import col
from daft import functions as f
from daft_signatures import signatures
from stories import BANDS, ROWS, write

corpus, out, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
band = f.chunk(col("signature"), ROWS).alias("band")
buckets = (
    signatures(corpus, threads, decompose=True)
    .select(col("id"), band, daft.lit(list(range(BANDS))).alias("place"))
    .explode("band", "place")
    .groupby("place", "band")
    .agg(f.list_agg(col("id")).alias("ids"), f.count(col("id")).alias("size"))
    .where(col("size") > 1)
    .select("ids")
    .to_pydict()["ids"]
)
numbers = {}
for bucket in buckets:
    for story in bucket:
        numbers.setdefault(story, len(numbers))
write(out, list(numbers), ((numbers[bucket[0]], numbers[other]) for bucket in buckets for other in bucket[1:]))
