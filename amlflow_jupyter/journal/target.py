"""What delivery needs of a store: the one seam between the journal and the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from amlflow_jupyter.journal.entries import Entry
from amlflow_jupyter.journal.limits import Limits


@dataclass(frozen=True)
class Batch:
    """What one request holds: entries of one run, in the order in which they were logged."""

    metrics: Sequence[Entry] = ()
    params: Sequence[Entry] = ()
    tags: Sequence[Entry] = ()

    @property
    def counts(self) -> tuple[int, int, int]:
        """The number of metrics, params and tags."""
        return len(self.metrics), len(self.params), len(self.tags)


class Target(Protocol):
    """A store, asked one thing at a time; nothing is tried twice in here.

    Every method raises one of :mod:`amlflow_jupyter.journal.outcomes` where the store did not
    acknowledge.  Run ids are the store's own.
    """

    @property
    def limits(self) -> Limits:
        """How much it takes in one request, as far as is known beforehand."""

    @property
    def rejects_duplicates(self) -> bool:
        """Whether a point that is sent again is there once all the same."""

    def send_batch(self, run_id: str, batch: Batch) -> None:
        """Log metrics, params and tags."""

    def create_run(self, creation: Mapping[str, Any], client_run_id: str) -> str:
        """Create a run that carries ``client_run_id``; return the store's id.

        ``creation`` holds ``experiment_id`` or ``experiment`` (a name), and ``name``, ``tags``,
        ``start_time``, ``user`` as they were given.
        """

    def find_run(self, creation: Mapping[str, Any], client_run_id: str) -> str | None:
        """Return the id of the run that carries ``client_run_id``, if it is there."""

    def update_run(self, run_id: str, changes: Mapping[str, Any]) -> None:
        """Change a run's ``name`` or ``status``."""

    def end_run(self, run_id: str, status: str, end_time: int) -> None:
        """End a run; ``end_time`` in milliseconds since 1970."""

    def log_inputs(self, run_id: str, inputs: str) -> None:
        """Log inputs: JSON of the target's own making."""

    def log_artifact(self, run_id: str, file: Path, folder: str | None) -> None:
        """Send a file into a folder of the run's artifacts."""

    def history(self, run_id: str, name: str) -> Iterable[tuple[int, int, float]]:
        """Return a metric's points: step, time, value."""

    def status(self, run_id: str) -> str | None:
        """Return a run's status; None where it was deleted or is not there."""

    def stored(self, value: float) -> float:
        """Return what becomes of a metric's value in the store."""
