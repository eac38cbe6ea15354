"""Runs beneath the run that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from amlflow_jupyter.resources.runs import RunRecord


def in_families(records: Sequence[RunRecord]) -> list[tuple[int, RunRecord]]:
    """Return runs in their order, each followed by its children, with how deep each lies.

    A run whose parent is not among them lies at depth 0.
    """
    here = {record.run_id for record in records}
    beneath: dict[str | None, list[RunRecord]] = {}
    for record in records:
        parent = record.parent if record.parent in here - {record.run_id} else None
        beneath.setdefault(parent, []).append(record)
    ordered = list(_family(None, 0, beneath))
    shown = {record.run_id for _, record in ordered}
    # Tags are anybody's: runs that name each other as parents hang from none.
    return ordered + [(0, record) for record in records if record.run_id not in shown]


def _family(
    parent: str | None, depth: int, beneath: dict[str | None, list[RunRecord]]
) -> Iterator[tuple[int, RunRecord]]:
    for record in beneath.get(parent, ()):
        yield depth, record
        yield from _family(record.run_id, depth + 1, beneath)
