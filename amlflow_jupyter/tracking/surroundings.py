"""What MLflow has active already when a run is opened: set aside, and put back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from amlflow_jupyter.tracking import internals


@contextmanager
def set_aside_active_runs() -> Iterator[None]:
    """Hide this thread's active runs, and put them back."""
    stack = internals.active_runs()
    before = list(stack)
    stack.clear()
    try:
        yield
    finally:
        stack[:] = before


def forget_everywhere(run_id: str) -> None:
    """Take a run off every thread's stack: threads of a pool outlive the cell."""
    for stack in internals.active_runs_of_all_threads():
        stack[:] = [run for run in stack if run.info.run_id != run_id]


@contextmanager
def any_experiment(run_id: str | None) -> Iterator[None]:
    """Let a run of another experiment than the active one be continued."""
    chosen = internals.set_active_experiment(None) if run_id else None
    try:
        yield
    finally:
        if chosen:
            internals.set_active_experiment(chosen)


@contextmanager
def variable(name: str, value: str | None) -> Iterator[None]:
    """Set an environment variable, or hide it, and put it back."""
    before = os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before
