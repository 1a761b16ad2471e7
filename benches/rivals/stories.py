"""From a file of stories to word runs, and from ties to a file of clusters: what the rivals in Python share.

None of them brings a reader, a tokeniser for words or a clustering, so these are the fastest that
plain Python offers: orjson, one regular expression, union by representative.
"""

import re

import orjson

SHINGLE, THRESHOLD, PERMUTATIONS, BANDS, ROWS, SEED = 5, 0.7, 128, 16, 8, 42
WORDS = re.compile(r"[^\W_]+")


def read(path):
    """Ids and texts of JSON lines."""
    with open(path, "rb") as file:
        stories = [orjson.loads(line) for line in file]
    return [story["id"] for story in stories], [story["text"] for story in stories]


def shingles(text):
    """Runs of five lower-cased words, joined by spaces; of a shorter text, the text."""
    words = WORDS.findall(text.lower())
    if len(words) < SHINGLE:
        return [" ".join(words)] if words else []
    return list(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:])))


def write(path, ids, ties):
    """Writes the components of `ties` (pairs of numbers), one a line, ids parted by tabs."""
    parent = list(range(len(ids)))

    def root(a):
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    for a, b in ties:
        a, b = root(a), root(b)
        parent[max(a, b)] = min(a, b)
    members = {}
    for number in range(len(ids)):
        members.setdefault(root(number), []).append(ids[number])
    with open(path, "w", encoding="utf-8") as file:
        file.writelines("\t".join(found) + "\n" for found in members.values() if len(found) > 1)
