"""From a file of stories to clusters by rensa: CORPUS OUT THREADS.

Full-set R-MinHash, in one call for all stories as its documentation advises. Rho, its faster
sketch, is left out: it samples positions of a text, and its index gives flags instead of pairs.
Candidates are kept where the signatures' estimate reaches the threshold, as its deduplicator does.
"""

import os
import sys

corpus, out, threads = sys.argv[1], sys.argv[2], sys.argv[3]
os.environ["RAYON_NUM_THREADS"] = threads

from rensa import RMinHash, RMinHashLSH  # noqa: E402  reads the number of threads
from stories import BANDS, PERMUTATIONS, SEED, THRESHOLD, read, shingles, write  # noqa: E402

ids, texts = read(corpus)
signatures = RMinHash.from_token_sets(map(shingles, texts), num_perm=PERMUTATIONS, seed=SEED)
del texts
index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
index.insert_many(signatures)
write(
    out,
    ids,
    (
        (a, b)
        for a, candidates in enumerate(index.query_all(signatures))
        for b in candidates
        if a < b and signatures[a].jaccard(signatures[b]) >= THRESHOLD
    ),
)
