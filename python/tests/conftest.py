"""Stories to test on: those of samples/, and a made-up wire."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

# Whichever test starts Spark first, its workers run in this environment.
os.environ["PYSPARK_PYTHON"] = sys.executable
ROOT = Path(__file__).resolve().parents[2]
KEYS = {"headline": "headline", "source": "source", "date": "date", "id": "id", "language": "language"}


def sample(path: Path) -> dict[str, str]:
    """A story of samples/: a head of `Key: value`, a blank line, the text."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    story = {"id": path.stem, "text": body}
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key.lower() in KEYS:
            story[KEYS[key.lower()]] = value
    return story


def made_up(count: int, seed: int = 7) -> list[dict[str, str]]:
    """Reports, each with copies, edited versions and an excerpt; some stories share an id."""
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghiklmnoprstu", k=draw.randint(2, 9))) for _ in range(4_000)]
    stories = []
    while len(stories) < count:
        report = draw.choices(words, k=draw.randint(40, 160))
        for version in range(draw.randint(1, 5)):
            body = list(report)
            for _ in range(draw.choice([0, 0, 1, 3, 9])):
                body[draw.randrange(len(body))] = draw.choice(words)
            if draw.random() < 0.2:
                body = body[: len(body) // 2]
            hour, day = draw.randint(0, 23), draw.randint(1, 20)
            story = {
                "id": f"s{draw.randint(0, count * 40)}",
                "headline": " ".join(report[:6]),
                "text": " ".join(body).capitalize() + ".",
                "source": draw.choice(["AFP", "Reuters", "Tasman Post", "Gippsland Mail", ""]),
                "date": f"2024-03-{day:02d}T{hour:02d}:{version:02d}:00Z",
            }
            stories.append(story)
    for place in range(0, count, 97):
        stories[place]["id"] = stories[place - 1]["id"]
    stories[5]["text"] = ""
    return stories[:count]


@pytest.fixture(scope="session")
def stories() -> list[dict[str, str]]:
    samples = [sample(path) for path in sorted((ROOT / "samples").rglob("*.txt"))]
    assert len(samples) > 40
    return samples + made_up(700)


@pytest.fixture(scope="session")
def program() -> Path:
    """The program, which must say the same."""
    places = [os.environ.get("DEDUP_PROGRAM", ""), ROOT / "target/release/dedup", ROOT / "target/debug/dedup"]
    for place in places:
        if place and Path(place).is_file():
            return Path(place)
    pytest.skip("the program is not built: cargo build --release")


@pytest.fixture
def said(program: Path, tmp_path: Path):
    """What the program says of some stories."""

    def said(stories: list[dict[str, str]], *flags: str) -> str:
        path = tmp_path / "stories.jsonl"
        path.write_text("".join(json.dumps(story, ensure_ascii=False) + "\n" for story in stories), encoding="utf-8")
        ran = subprocess.run([program, "scan", path, "--format", "jsonl", *flags], capture_output=True, text=True)
        assert ran.returncode in (0, 3), ran.stderr
        return ran.stdout

    return said
