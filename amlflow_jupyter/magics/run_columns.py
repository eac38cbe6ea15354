"""Which metrics and params a table of runs shows, where it cannot show all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any


def common(rows: Sequence[dict[str, Any]], most: int) -> list[str]:
    """Return the ``most`` names that most rows have.

    Of those that equally many have, each row's first go before any row's second: one run with fifty
    metrics does not hide those of the others. MLflow's own ``system/…`` come last.
    """
    counts = Counter(name for row in rows for name in row)
    places: dict[str, int] = {}
    for row in rows:
        for place, name in enumerate(sorted(row)):
            places[name] = min(place, places.get(name, place))

    def rank(name: str) -> tuple[bool, int, int, str]:
        return name.startswith("system/"), -counts[name], places[name], name

    return sorted(sorted(counts, key=rank)[:most])


def telling(rows: Sequence[dict[str, str]], most: int) -> list[str]:
    """Return ``most`` names whose values tell rows apart, before those that are all the same."""
    values: dict[str, set[str | None]] = {}
    for name in {name for row in rows for name in row}:
        values[name] = {row.get(name) for row in rows}
    ranked = sorted(values, key=lambda name: (len(values[name]) == 1, name))
    return ranked[:most]
