"""Cut a run's entries into requests that its store takes."""

from __future__ import annotations

from collections.abc import Sequence

from amlflow_jupyter.journal.entries import BATCHED, Entry, Kind
from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.target import Batch


def first_of(entries: Sequence[Entry], limits: Limits) -> Sequence[Entry]:
    """Return the leading entries that fit one request.

    One request says one thing of a param or tag: the order of two is the order of two requests.
    """
    most = {
        Kind.METRIC: limits.metrics,
        Kind.PARAM: limits.params,
        Kind.TAG: limits.tags,
    }
    seen: set[tuple[Kind, str]] = set()
    for at, entry in enumerate(entries):
        if at >= limits.total or entry.kind not in BATCHED or not most[entry.kind]:
            return entries[:at]
        most[entry.kind] -= 1
        if entry.kind is not Kind.METRIC:
            if (entry.kind, entry.name) in seen:
                return entries[:at]
            seen.add((entry.kind, entry.name))
    return entries


def as_batch(entries: Sequence[Entry]) -> Batch:
    """Sort entries by kind."""
    return Batch(
        metrics=[entry for entry in entries if entry.kind is Kind.METRIC],
        params=[entry for entry in entries if entry.kind is Kind.PARAM],
        tags=[entry for entry in entries if entry.kind is Kind.TAG],
    )


def halves(entries: Sequence[Entry]) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """Cut entries in two."""
    middle = len(entries) // 2
    return entries[:middle], entries[middle:]
