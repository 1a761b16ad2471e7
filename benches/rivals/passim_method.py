#!/usr/bin/env python3
"""From stories and their true pairs to a table: passages found by passim's method, and by `dedup`.

    benches/rivals/passim_method.py STORIES.jsonl PAIRS.jsonl DEDUP [FLAG…]

The package itself is not on the registries, so its method is written out here, with its defaults:
runs of 25 letters and digits as keys (`--n`), keys in more than 100 stories left out (`--maxDF`), five
keys in common (`--min-match`), then a local alignment of the characters (Smith and Waterman 1981;
match 2, mismatch -1, gap -1), of 50 characters or more (`--min-align`), which ends once it is long enough. It runs on one core, on numpy, not on
Spark; its CPU seconds are those of this script and say nothing of the package. FLAGs go to `dedup
scan`. Wrong is a pair of a story that PAIRS names and one that it does not.
"""

import json
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict

import numpy

LENGTH, MOST, ENOUGH, ALIGNED = 25, 100, 5, 50
MATCH, WRONG = 2, -1


def letters(text):
    """The letters and digits of a text, in lower case."""
    return "".join(c for c in text.lower() if c.isalnum())


def candidates(texts):
    """Pairs with enough keys in common."""
    holders = defaultdict(list)
    for number, text in enumerate(texts):
        for key in {text[at : at + LENGTH] for at in range(len(text) - LENGTH + 1)}:
            holders[hash(key)].append(number)
    met = Counter()
    for stories in holders.values():
        if 1 < len(stories) <= MOST:
            met.update((a, b) for i, a in enumerate(stories) for b in stories[i + 1 :])
    return sorted(pair for pair, count in met.items() if count >= ENOUGH)


def aligned(a, b):
    """The characters of `a` in the best local alignment with `b`, a row of the table at a time; from
    `ALIGNED` on, no matter how many: a score that takes so many matches ends the work."""
    a, b = (numpy.frombuffer(text.encode("utf-32-le"), dtype=numpy.uint32) for text in (a, b))
    columns = numpy.arange(len(b) + 1)
    row, start = numpy.zeros(len(b) + 1, dtype=int), numpy.zeros(len(b) + 1, dtype=int)
    best, length = 0, 0
    for at, letter in enumerate(a):
        met = numpy.where(b == letter, MATCH, WRONG)
        fresh, origin = numpy.zeros_like(row), numpy.full_like(start, at + 1)
        diagonal, above = row[:-1] + met, row[1:] - 1
        fresh[1:] = numpy.maximum(numpy.maximum(diagonal, above), 0)
        origin[1:] = numpy.where(fresh[1:] == 0, at + 1, numpy.where(diagonal >= above, start[:-1], start[1:]))
        # Gaps along the row: the best cell before, less one for each step.
        reach = numpy.maximum.accumulate(fresh + columns)
        source = numpy.maximum.accumulate(numpy.where(fresh + columns == reach, columns, 0))
        row, start = reach - columns, origin[source]
        top = int(row.argmax())
        if row[top] > best:
            best, length = int(row[top]), at + 1 - int(start[top])
        if best >= MATCH * ALIGNED:
            return max(length, ALIGNED)
    return length


def by_method(stories):
    """Pairs of ids that passim's method ties."""
    texts = [letters(story["text"]) for story in stories]
    pairs = candidates(texts)
    print(f"{len(pairs)} candidates", file=sys.stderr)
    tied = [(a, b) for a, b in pairs if aligned(texts[a], texts[b]) >= ALIGNED]
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
        ("dedup", resource.RUSAGE_CHILDREN, lambda: by_dedup(path, program, flags)),
    ):
        before, start = seconds(who), time.perf_counter()
        pairs = found()
        cpu, wall = seconds(who) - before, time.perf_counter() - start
        wrong = sum((a in known) != (b in known) for a, b in pairs)
        print(f"| {name} | {len(true & pairs) / len(true):.4f} | {wrong} | {cpu:.2f} | {wall:.2f} |")


if __name__ == "__main__":
    main()
