"""How sizes of files and memory are written."""

from __future__ import annotations

from typing import Final

_STEP: Final = 1000
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")
_SMALL: Final = 10


def bytes_text(count: float) -> str:
    """Write a number of bytes: ``17 B``, ``4.2 MB``, ``120 MB``."""
    amount, unit = float(count), 0
    while amount >= _STEP - 0.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    return (
        f"{amount:.1f} {_UNITS[unit]}"
        if unit and amount < _SMALL
        else f"{amount:.0f} {_UNITS[unit]}"
    )
