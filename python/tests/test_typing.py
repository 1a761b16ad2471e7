"""mypy --strict and pyright find each misuse of an argument, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "typing"


def wrong_lines():
    lines = (HERE / "misuse.py").read_text().splitlines()
    return [number for number, line in enumerate(lines, 1) if line.endswith("# wrong")]


def ran(*command):
    return subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=HERE)


def test_mypy_strict():
    pytest.importorskip("mypy")
    right = ran("mypy", "--strict", "use.py")
    assert right.returncode == 0, right.stdout
    found = re.findall(r"misuse\.py:(\d+): error", ran("mypy", "--strict", "misuse.py").stdout)
    assert sorted(set(map(int, found))) == wrong_lines()


def test_pyright():
    pytest.importorskip("pyright")
    right = ran("pyright", "--pythonpath", sys.executable, "use.py")
    assert right.returncode == 0, right.stdout
    said = ran("pyright", "--pythonpath", sys.executable, "--outputjson", "misuse.py").stdout
    found = {one["range"]["start"]["line"] + 1 for one in json.loads(said)["generalDiagnostics"]}
    assert sorted(found) == wrong_lines()
