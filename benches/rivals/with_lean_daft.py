"""From a file of stories to clusters by Daft's signatures and numpy's sort: CORPUS OUT THREADS.

The fastest form of Daft that we know: its own reader, normalisation (letters as they come, not
decomposed) and minhash; then one sort of the bands of each place in numpy instead of explode and group
by. Stories whose bands are equal stand next to each other and are united. Nothing is verified.
"""

import sys

import numpy as np
from daft_signatures import signatures
from stories import BANDS, ROWS, SEED, write

corpus, out, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
table = signatures(corpus, threads, decompose=False).to_arrow()
ids = table["id"].to_pylist()
values = np.concatenate([chunk.flatten().to_numpy() for chunk in table["signature"].chunks])
bands = values.reshape(-1, BANDS, ROWS).astype(np.uint64)
# A band becomes one number, so that integers are sorted.
odd = np.random.default_rng(SEED).integers(0, 2**63, ROWS, dtype=np.uint64) * 2 + 1


def ties():
    for place in range(BANDS):
        keys = (bands[:, place] * odd).sum(axis=1, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
        yield from zip(order[same].tolist(), order[same + 1].tolist())


write(out, ids, ties())
