"""From what is typed in Python to the settings of the library."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import Any, Literal

from ._core import Settings

Level = Literal["identical", "copy", "rewrite"]
"""What is joined."""
Linkage = Literal["single", "average", "complete"]
"""How clusters are cut."""
Keep = Literal["first", "last", "longest"] | list[str] | tuple[str, ...]
"""Which of a cluster is kept; a list names sources, the best first. The program's `source:A,B` serves too."""
Window = str | timedelta | int | None
"""`7d`, `36h`, `90m`, `off`, a timedelta or seconds; None for no limit."""
Model = str | os.PathLike[str] | None
"""A model file of `dedup fit`; None for the built-in weights."""
Size = str | int | None
"""`300M`, `2G` or bytes; None for no limit."""

_SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def seconds(window: Window) -> int | None:
    """Seconds of `7d`, `36h`, `90m`, a timedelta or a number of seconds; None for no limit."""
    if window is None or window == "off":
        return None
    if isinstance(window, timedelta):
        return max(int(window.total_seconds()), 0)
    if isinstance(window, int) and not isinstance(window, bool) and window >= 0:
        return window
    found = re.fullmatch(r"([0-9]+)([dhm])", window) if isinstance(window, str) else None
    if not found:
        raise ValueError(f"expected a time such as 7d, 36h or 90m, or off for no limit, found {window!r}")
    return int(found[1]) * _SECONDS[found[2]]


def size(memory: Size) -> int | None:
    """Bytes of `300M`, `2G` or a number of bytes."""
    if memory is None or isinstance(memory, int) and not isinstance(memory, bool):
        return memory
    found = re.fullmatch(r"([0-9]+)([kmg]?)i?b?", memory.lower()) if isinstance(memory, str) else None
    if not found:
        raise ValueError(f"expected a size such as 300M or 2G, found {memory!r}")
    return int(found[1]) * _BYTES[found[2]]


def kept(keep: Keep) -> str:
    """`keep` as the program spells it."""
    if isinstance(keep, str):
        return keep
    if not isinstance(keep, (list, tuple)) or not all(isinstance(source, str) for source in keep):
        raise ValueError(f"expected first, last, longest or a list of sources to keep, found {keep!r}")
    return "source:" + ",".join(keep)


def weights(model: Model) -> str | None:
    """What a model file says."""
    if model is None:
        return None
    if not isinstance(model, (str, os.PathLike)):
        raise ValueError(f"expected the path of a model file, found {model!r}")
    with open(model, encoding="utf-8") as file:
        return file.read()


def settings(
    *, window: Window = "7d", memory: Size = None, keep: Keep = "first", model: Model = None, **others: Any
) -> Settings:
    """Checked settings.

    Raises ValueError, with what was expected and what came; OSError if the model cannot be read.
    """
    return Settings(window=seconds(window), memory=size(memory), keep=kept(keep), model=weights(model), **others)
