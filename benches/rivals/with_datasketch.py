"""From a file of stories to clusters by datasketch: CORPUS OUT THREADS (it uses one).

As its documentation has it: `update_batch`, a fast hash function in place of the default SHA-1,
the index with bands chosen by itself for the threshold, then insert and query; candidates are kept
where the estimate reaches the threshold.
"""

import sys

import xxhash
from datasketch import MinHash, MinHashLSH
from stories import PERMUTATIONS, THRESHOLD, read, shingles, write

corpus, out, _ = sys.argv[1:]
ids, texts = read(corpus)
index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
signatures, ties = [], []
empty = MinHash(num_perm=PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest)
for number, text in enumerate(texts):
    signature = empty.copy()
    signature.update_batch([shingle.encode() for shingle in shingles(text)])
    for earlier in index.query(signature):
        if signature.jaccard(signatures[earlier]) >= THRESHOLD:
            ties.append((earlier, number))
    index.insert(number, signature, check_duplication=False)
    signatures.append(signature)
write(out, ids, ties)
