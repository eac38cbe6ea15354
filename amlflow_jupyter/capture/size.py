"""Sizes, as notes say them."""

from __future__ import annotations


def megabytes(size: int) -> str:
    """Return a size in bytes as text, such as ``"14.2 MB"`` or ``"3 kB"``."""
    if size < 100_000:  # noqa: PLR2004 - below, "0.0 MB" would say nothing
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1e6:.1f} MB"
