"""From a file of stories to a table: is the result of Spark that of the program, and what does it cost.

    python measure/spark.py W100k.jsonl --level copy --partitions 1 7 16 --components task stars
    python measure/spark.py W100k.jsonl --master spark://127.0.0.1:7077 --kill-worker

Prints a row a run: partitions, way, equal or not, wall and CPU seconds of all processes; and the
bytes that each stage shuffles.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from wirededup import spark as dedup_spark

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: set[int]) -> float:
    """CPU seconds of processes and of their children that have ended."""
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += sum(map(int, fields[11:15])) / TICKS
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def below(root: int) -> set[int]:
    """A process and all that descend from it."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children[parent].append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                pass
    found, rest = set(), [root]
    while rest:
        pid = rest.pop()
        found.add(pid)
        rest.extend(children[pid])
    return found


def shuffled(events: Path) -> dict[str, int]:
    """Bytes written to shuffles, by what the job is called."""
    names: dict[int, str] = {}
    written: dict[str, int] = defaultdict(int)
    for path in sorted(events.rglob("*")):
        if not path.is_file():
            continue
        for line in path.read_text().splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerJobStart":
                name = event.get("Properties", {}).get("spark.job.description", "other")
                names.update(dict.fromkeys(event["Stage IDs"], name))
            elif event["Event"] == "SparkListenerTaskEnd":
                metrics = (event.get("Task Metrics") or {}).get("Shuffle Write Metrics", {})
                written[names.get(event["Stage ID"], "other")] += metrics.get("Shuffle Bytes Written", 0)
    return written


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stories")
    parser.add_argument("--program", default=str(Path(__file__).parents[2] / "target/release/dedup"))
    parser.add_argument("--level", default="copy")
    parser.add_argument("--partitions", type=int, nargs="+", default=[1, 7, 16])
    parser.add_argument("--components", nargs="+", default=["task"])
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--memory", default="2g")
    parser.add_argument("--shuffle", action="store_true", help="in another order of rows")
    parser.add_argument("--kill", type=int, help="the process of a worker to end after some seconds")
    parser.add_argument("--after", type=float, default=20)
    parser.add_argument("--also", type=int, nargs="*", default=[], help="processes whose CPU counts too")
    given = parser.parse_args()

    began = time.monotonic()
    before = os.times()
    command = [given.program, "scan", given.stories, "--level", given.level, "--format", "jsonl", "--quiet"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"program\t{time.monotonic() - began:.1f} s wall\t{cpu:.1f} s CPU", flush=True)
    kinds = ('{"type":"pair"', '{"type":"cluster"')
    expected = sorted(line for line in said.splitlines() if line.startswith(kinds))

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    events = Path(tempfile.mkdtemp(prefix="events-"))
    spark = (
        SparkSession.builder.master(given.master)
        .config("spark.driver.memory", given.memory)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.ui.enabled", "false")
        .config("spark.eventLog.enabled", "true")
        .config("spark.eventLog.rolling.enabled", "false")
        .config("spark.eventLog.compress", "false")
        .config("spark.eventLog.dir", events.as_uri())
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    df = spark.read.json(given.stories)
    wrong = 0
    for partitions in given.partitions:
        for way in given.components:
            work = tempfile.mkdtemp(prefix="dedup-work-")
            rows = df.repartition(partitions)
            if given.shuffle:
                rows = df.repartition(partitions, F.xxhash64("text")).sortWithinPartitions(F.xxhash64("id"))
            if given.kill:
                threading.Timer(given.after, lambda: os.kill(given.kill, 9)).start()
            roots = {os.getpid(), *given.also}
            started, cpu = time.monotonic(), sum(cpu_seconds(below(root)) for root in roots)
            result = dedup_spark.scan(
                rows, level=given.level, partitions=partitions, components=way, work=work, bound=10**8
            )
            found = sorted(row["line"] for row in result.lines.collect())
            wall = time.monotonic() - started
            cpu = sum(cpu_seconds(below(root)) for root in roots) - cpu
            is_equal = found == expected
            wrong += not is_equal
            size = sum(path.stat().st_size for path in Path(work).rglob("*") if path.is_file())
            print(
                f"{given.master}\t{given.level}\t{partitions} partitions\t{way}\t"
                f"{'shuffled' if given.shuffle else 'as given'}\t"
                f"{'equal' if is_equal else 'DIFFERS'}\t{len(found)} lines\t{wall:.1f} s wall\t{cpu:.1f} s CPU\t"
                f"{size >> 20} MB of stages",
                flush=True,
            )
            if not is_equal:
                ours, theirs = set(found), set(expected)
                for name, lines in [("missing", theirs - ours), ("extra", ours - theirs)]:
                    print(f"  {len(lines)} {name}", *sorted(lines)[:3], sep="\n    ")
            for warning in result.warnings:
                print(f"  warning: {warning}")
            sizes = {
                path.name: sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
                for path in Path(work).iterdir()
            }
            print("  stages in bytes:", dict(sorted(sizes.items())))
            shutil.rmtree(work)
    stories = df.count()
    spark.stop()
    runs = len(given.partitions) * len(given.components)
    for name, size in shuffled(events).items():
        print(f"  shuffled by {name}: {size / stories / runs:.1f} bytes a story")
    shutil.rmtree(events)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
