"""Round numbers for the axes of static charts."""

from __future__ import annotations

import math
from typing import Final

_NO_SPAN: Final = 1e-290


def spacing(lowest: float, highest: float, most: int) -> float:
    """Return the least of 1, 2, 5 times powers of ten that cuts the span into ``most`` pieces."""
    rough = (highest - lowest) / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= rough * (1 - 1e-9))


def ticks(lowest: float, highest: float, gap: float) -> list[float]:
    """Return the multiples of ``gap`` from ``lowest`` to ``highest``."""
    first = math.ceil(lowest / gap - 1e-9)
    last = math.floor(highest / gap + 1e-9)
    return [index * gap for index in range(first, last + 1)]


def widened(lowest: float, highest: float, share: float) -> tuple[float, float]:
    """Return the range with ``share`` of its span added on both sides; never an empty one."""
    span = highest - lowest
    if span <= max(1e-9 * max(abs(lowest), abs(highest)), _NO_SPAN):
        margin = 0.1 * abs(lowest) if abs(lowest) > _NO_SPAN else 0.5
        return lowest - margin, highest + margin
    return lowest - share * span, highest + share * span
