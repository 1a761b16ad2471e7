"""From a file of stories to what the Python package costs beside the program, in CPU and memory.

    python measure/overhead.py W100k.jsonl --rounds 3

Each round runs the program on the file and, in a process of its own, `dedup.scan` on a table that
is read beforehand; both with one thread. CPU is user and system time; the ratio is that of a round.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path


def inside(path: str, kind: str, level: str) -> dict[str, float]:
    """One scan in this process: its CPU seconds, and by how much memory rose above the table's."""
    import pyarrow
    import pyarrow.json
    import wirededup as dedup

    options = pyarrow.json.ReadOptions(block_size=1 << 24, use_threads=False)
    given = pyarrow.json.read_json(path, read_options=options)
    text = given["text"].nbytes
    if kind == "polars":
        import polars

        given = polars.from_arrow(given)
    elif kind == "pandas":
        given = given.to_pandas(types_mapper=__import__("pandas").ArrowDtype)
    pyarrow.default_memory_pool().release_unused()
    Path("/proc/self/clear_refs").write_text("5")
    before, began = memory("VmRSS"), cpu(resource.RUSAGE_SELF)
    report = dedup.scan(given, level=level, keep_furniture=True, threads=1)
    ended, peak = cpu(resource.RUSAGE_SELF), memory("VmHWM")
    written = report.to_jsonl()
    return {
        "scan": ended - began,
        "scan and jsonl": cpu(resource.RUSAGE_SELF) - began,
        "whole process": cpu(resource.RUSAGE_SELF),
        "before": before,
        "rise": peak - before,
        "text": text / 1e6,
        "bytes": len(written.encode()),
    }


def memory(name: str) -> float:
    """Megabytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1e3


def cpu(of: int) -> float:
    used = resource.getrusage(of)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stories")
    parser.add_argument("--program", default=str(Path(__file__).parents[2] / "target/release/dedup"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--level", default="copy")
    parser.add_argument("--kinds", nargs="+", default=["pyarrow", "polars"])
    parser.add_argument("--inside")
    given = parser.parse_args()
    if given.inside:
        print(json.dumps(inside(given.stories, given.inside, given.level)))
        return 0
    ratios: dict[str, list[float]] = {}
    flags = [
        "scan",
        given.stories,
        "--level",
        given.level,
        "--keep-furniture",
        "--threads",
        "1",
        "--format",
        "jsonl",
        "--quiet",
    ]
    for _ in range(given.rounds):
        process = subprocess.Popen([given.program, *flags], stdout=subprocess.PIPE)
        size = len(process.stdout.read())
        _, _, used = os.wait4(process.pid, 0)
        program = used.ru_utime + used.ru_stime
        print(
            f"program: {program:.2f} s CPU, {used.ru_maxrss / 1e3:.0f} MB at most, {size} bytes of JSON lines",
            flush=True,
        )
        for kind in given.kinds:
            command = [sys.executable, __file__, given.stories, "--level", given.level, "--inside", kind]
            facts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            ratios.setdefault(kind, []).append(facts["scan and jsonl"] / program)
            print(
                f"{kind}: scan {facts['scan']:.2f} s, with JSON lines {facts['scan and jsonl']:.2f} s CPU "
                f"({ratios[kind][-1]:.2f} of the program), whole process {facts['whole process']:.2f} s; "
                f"{facts['before']:.0f} MB with the table, {facts['rise']:.0f} MB more during the scan; "
                f"text column {facts['text']:.0f} MB; {facts['bytes']:.0f} bytes of JSON lines",
                flush=True,
            )
    for kind, found in ratios.items():
        print(f"{kind}: {statistics.median(found):.2f} of the program's CPU ({min(found):.2f} to {max(found):.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
