"""A store in memory that keeps whatever it is sent, twice if it is sent twice."""

# ruff: noqa: ARG002 - the names are the protocol's

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.target import Batch


class MadeTarget:
    """Fails as :attr:`failures` say: what is in it is raised, one a call, after or before acting.

    Attributes
    ----------
    failures
        Errors to raise by the next calls that log: (error, whether it acts before it raises).
    """

    rejects_duplicates = False

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.failures: list[tuple[Exception, bool]] = []
        self.points: Counter[tuple[str, str, int, int, float]] = Counter()
        self.params: dict[tuple[str, str], str] = {}
        self.tags: dict[tuple[str, str], str] = {}
        self.calls: list[tuple[str, str]] = []
        self.created: dict[str, str] = {}
        self.ended: dict[str, str] = {}
        self._ids = itertools.count()

    def send_batch(self, run_id: str, batch: Batch) -> None:
        self.calls.append(("batch", run_id))
        error, acts = self.failures.pop(0) if self.failures else (None, True)
        if acts:
            self.points.update(
                (run_id, e.name, e.step, e.time, float(e.value)) for e in batch.metrics
            )
            self.params.update({(run_id, e.name): str(e.value) for e in batch.params})
            self.tags.update({(run_id, e.name): str(e.value) for e in batch.tags})
        if error is not None:
            raise error

    def create_run(self, creation: Mapping[str, Any], client_run_id: str) -> str:
        self.calls.append(("create", client_run_id))
        error, acts = self.failures.pop(0) if self.failures else (None, True)
        if acts:
            self.created[client_run_id] = f"run-{next(self._ids)}"
        if error is not None:
            raise error
        return self.created[client_run_id]

    def find_run(self, creation: Mapping[str, Any], client_run_id: str) -> str | None:
        self.calls.append(("find", client_run_id))
        return self.created.get(client_run_id)

    def update_run(self, run_id: str, changes: Mapping[str, Any]) -> None:
        self.calls.append(("update", run_id))

    def end_run(self, run_id: str, status: str, end_time: int) -> None:
        self.calls.append(("end", run_id))
        self.ended[run_id] = status

    def log_inputs(self, run_id: str, inputs: str) -> None:
        self.calls.append(("inputs", run_id))

    def log_artifact(self, run_id: str, file: Path, folder: str | None) -> None:
        self.calls.append(("artifact", run_id))

    def history(self, run_id: str, name: str) -> Iterator[tuple[int, int, float]]:
        self.calls.append(("history", run_id))
        for run, key, step, time, value in self.points:
            if (run, key) == (run_id, name):
                yield step, time, value

    def status(self, run_id: str) -> str | None:
        return self.ended.get(run_id, "RUNNING")

    def stored(self, value: float) -> float:
        return value
