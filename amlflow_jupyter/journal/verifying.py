"""Find out what arrived of what was sent without an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

from amlflow_jupyter.journal.entries import Entry, Kind
from amlflow_jupyter.journal.target import Target

_Place = tuple[str, int, int, float | None]


def missing(target: Target, run_id: str, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that the store does not have yet.

    Params and tags are always returned: to send them again changes nothing.
    """
    metrics = [entry for entry in entries if entry.kind is Kind.METRIC]
    there: set[_Place] = set()
    for name in dict.fromkeys(entry.name for entry in metrics):
        points = target.history(run_id, name)
        there.update(_place(name, step, time, value) for step, time, value in points)
    left: list[Entry] = []
    for entry in entries:
        if entry.kind is Kind.METRIC:
            value = target.stored(float(entry.value))
            if _place(entry.name, entry.step, entry.time, value) in there:
                continue
        left.append(entry)
    return left


def _place(name: str, step: int, time: int, value: float) -> _Place:
    return name, step, time, None if math.isnan(value) else value
