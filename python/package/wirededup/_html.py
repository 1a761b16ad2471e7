"""From values to HTML for a notebook; nothing of a story is ever markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

LONGEST = 200
"""Characters of a value that are shown."""


def shown(value: Any) -> str:
    """A value, cut where it is long."""
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return escape(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def table(names: Sequence[str], rows: Iterable[Iterable[Any]], caption: str = "") -> str:
    """Rows under a head."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{shown(value)}</td>" for value in row) + "</tr>" for row in rows)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
