#!/usr/bin/env python3
"""From stories and their true pairs to a table: passages found by passim's method, and by `dedup`.

    benches/rivals/passim_method.py STORIES.jsonl PAIRS.jsonl DEDUP [FLAG…]

The package itself is not on the registries, so the method of its second version is written out here,
with its defaults. Keys are runs of 25 letters and digits (`--n`) that begin with a word, or, in a
second row, anywhere (`--floating-ngrams`), and that a story has once. Those in more than 100 stories are
left out (`--maxDF`); two stories need five in common (`--min-match`). Keys that stand in one order in
both make a passage as long as going on is likelier than a new one, and no gap is longer than 600
characters (`--gap`); it begins and ends with keys, and has 50 characters or more (`--min-align`). Each
pair is judged by itself (`--all-pairs`). What the package does beyond, the alignment of the ends and
between the keys, ties no further pair and is left out, in its favour. All runs on one core, in plain
Python, not on Spark; its CPU seconds are those of this script and say nothing of the package. FLAGs go
to `dedup scan`. Wrong is a pair of a story that PAIRS names and one that it does not.
"""

import json
import math
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from itertools import combinations

LENGTH, MOST, ENOUGH, GAP, ALIGNED = 25, 100, 5, 600, 50
# What a character costs, in nats, that differs, that agrees, and that no other text explains; and what
# it costs to end a passage and begin another.
DIFFERS, AGREES, ALONE, ANEW = 7.85, 0.22, 5.55, 12.5


def keys(text, anywhere):
    """Where each key begins that the text has once: at a word, or `anywhere`."""
    places = [at for at, c in enumerate(text) if c.isalnum()]
    letters = [text[at].lower() for at in places]
    found, again = {}, set()
    for i in range(len(places) - LENGTH + 1):
        if anywhere or i == 0 or places[i] > places[i - 1] + 1:
            key = "".join(letters[i : i + LENGTH])
            if key in found:
                again.add(key)
            found[key] = places[i]
    return {key: at for key, at in found.items() if key not in again}


def candidates(texts, anywhere):
    """The places of the keys that two texts have in common, of pairs that have enough."""
    holders = defaultdict(list)
    for number, text in enumerate(texts):
        for key, at in keys(text, anywhere).items():
            holders[key].append((number, at))
    shared = [held for held in holders.values() if 1 < len(held) <= MOST]
    met = Counter(pair for held in shared for pair in combinations((number for number, _ in held), 2))
    places = {pair: [] for pair, count in met.items() if count >= ENOUGH}
    for held in shared:
        for (a, at_a), (b, at_b) in combinations(held, 2):
            if (a, b) in places:
                places[a, b].append((at_b, at_a))
    return places


def goes_on(before, after):
    """Whether two places of keys belong to one passage."""
    gap_b, gap_a = (max(0, then - since - LENGTH) for since, then in zip(before, after))
    both = min(gap_a, gap_b)
    wrong = math.ceil(both / LENGTH)
    costs = DIFFERS * (wrong + gap_b - both) + AGREES * (both - wrong)
    return after[1] >= before[1] and max(gap_a, gap_b) <= GAP and costs <= ALONE * gap_b + ANEW


def is_tied(places):
    """Whether a passage of keys in one order is long enough."""
    first = before = None
    for place in sorted(places):
        if before is None or not goes_on(before, place):
            first = place
        if place[0] - first[0] + LENGTH >= ALIGNED:
            return True
        before = place
    return False


def by_method(stories, anywhere=False):
    """Pairs of ids that passim's method ties."""
    pairs = candidates([story["text"] for story in stories], anywhere)
    print(f"{len(pairs)} candidates", file=sys.stderr)
    tied = [pair for pair, places in pairs.items() if is_tied(places)]
    return {tuple(sorted((stories[a]["id"], stories[b]["id"]))) for a, b in tied}


def by_dedup(path, program, flags):
    """Pairs of ids that share a passage by `dedup`."""
    command = [program, "scan", path, "--level", "passage", "--format", "jsonl", "--quiet", *flags]
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    return {(m["a"], m["b"]) for m in map(json.loads, lines) if m["type"] == "passage"}


def seconds(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main():
    path, labels, program, *flags = sys.argv[1:]
    stories = [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
    rows = [json.loads(line) for line in open(labels, encoding="utf-8") if line.strip()]
    true = {tuple(sorted((row["a"], row["b"]))) for row in rows if row.get("label", 1)}
    known = {story for pair in true for story in pair}
    print("| method | recall | wrong | CPU-s | wall s |\n|---|---|---|---|---|")
    for name, who, found in (
        ("passim's", resource.RUSAGE_SELF, lambda: by_method(stories)),
        ("passim's, `--floating-ngrams`", resource.RUSAGE_SELF, lambda: by_method(stories, anywhere=True)),
        ("dedup", resource.RUSAGE_CHILDREN, lambda: by_dedup(path, program, flags)),
    ):
        before, start = seconds(who), time.perf_counter()
        pairs = found()
        cpu, wall = seconds(who) - before, time.perf_counter() - start
        wrong = sum((a in known) != (b in known) for a, b in pairs)
        print(f"| {name} | {len(true & pairs) / len(true):.4f} | {wrong} | {cpu:.2f} | {wall:.2f} |")


if __name__ == "__main__":
    main()
