"""Text of others, as it may stand in a line of a terminal."""

from __future__ import annotations


def plain(text: object) -> str:
    """Return ``text`` on one line, without what would move a terminal's cursor or turn its text."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
