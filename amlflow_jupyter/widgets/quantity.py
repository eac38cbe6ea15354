"""How numbers are written, everywhere the same."""

from __future__ import annotations

import math
from typing import Final

_EXACT: Final = 2**53
_ROUND_AT: Final = 1e6
_UNITS: Final = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def value_text(value: float) -> str:
    """Write a metric's value with four significant digits; whole numbers in full."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "\N{MINUS SIGN}∞"
    if value == int(value) and abs(value) < _ROUND_AT:
        return _signed(f"{int(value):,}")
    return _signed(_short_exponent(f"{value:.4g}"))


def count_text(count: int, noun: str) -> str:
    """Write ``count`` with its noun: ``1 point``, ``2,000 points``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def duration_text(seconds: float) -> str:
    """Write a duration: ``0.4 s``, ``12 s``, ``3 min 05 s``, ``2 h 07 min``."""
    if seconds < 9.95:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    hours, left = divmod(minutes, 60)
    return f"{hours} h {left:02} min" if hours else f"{minutes} min {rest:02} s"


def tick_text(value: float, spacing: float) -> str:
    """Write a tick with as many decimals as ``spacing`` (the distance between ticks) asks for."""
    for size, unit in _UNITS:
        if spacing >= size / 10 and abs(value) >= size:
            return _signed(f"{value / size:.12g}{unit}" if abs(value) < _EXACT else f"{value:.0e}")
    if spacing < 1e-4:  # noqa: PLR2004
        return _signed(_short_exponent(f"{value:.3g}"))
    return _signed(f"{value:.{max(0, -math.floor(math.log10(spacing) + 1e-9))}f}")


def _short_exponent(text: str) -> str:
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def _signed(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
