"""From a file of stories to clusters by Daft: CORPUS OUT THREADS.

The way of Daft's own tutorial (tutorials/minhash_dedupe): normalise, minhash with xxhash, chunk
into bands, explode, group. Its components come from joins of data frames, made for a cluster;
here buckets go into the same union as for the others, which is faster. Nothing is verified.
"""

import sys

import daft
from daft import col
from daft import functions as f
from stories import BANDS, PERMUTATIONS, ROWS, SEED, SHINGLE, write

corpus, out, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
daft.set_runner_native(num_threads=threads)

text = f.normalize(col("text"), remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True)
signature = f.minhash(
    text, num_hashes=PERMUTATIONS, ngram_size=SHINGLE, seed=SEED, hash_function="xxhash"
)
buckets = (
    daft.read_json(corpus, schema={"id": daft.DataType.string(), "text": daft.DataType.string()})
    .select(col("id"), f.chunk(signature, ROWS).alias("band"), daft.lit(list(range(BANDS))).alias("place"))
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
