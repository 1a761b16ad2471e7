"""From a file of stories to a frame of ids and Daft's signatures: what both of its programs share."""

import daft
from daft import col
from daft import functions as f
from stories import PERMUTATIONS, SEED, SHINGLE


def signatures(corpus, threads, *, decompose):
    """Columns `id` and `signature`; `decompose` takes letters apart from their marks, as the tutorial does."""
    daft.set_runner_native(num_threads=threads)
    text = f.normalize(col("text"), remove_punct=True, lowercase=True, nfd_unicode=decompose, white_space=True)
    signature = f.minhash(
        text, num_hashes=PERMUTATIONS, ngram_size=SHINGLE, seed=SEED, hash_function="xxhash"
    )
    stories = daft.read_json(corpus, schema={"id": daft.DataType.string(), "text": daft.DataType.string()})
    return stories.select(col("id"), signature.alias("signature"))
