"""``mlflow.start_run()`` inside a tracked cell joins the tracked run.

Code that runs without ``%%track`` runs with it: the first ``start_run`` continues the tracked run
and leaving its ``with`` block does not end it; further ones become its children; logging without a
run, in this thread or a new one, reaches the tracked run.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from amlflow_jupyter.tracking import internals

if TYPE_CHECKING:
    from mlflow import ActiveRun

_open: list[_Joining] = []


@contextmanager
def joining(base: ActiveRun, named: bool, on_child: Callable[[ActiveRun], None]) -> Iterator[None]:
    """Let ``start_run`` join ``base`` while the block runs.

    Parameters
    ----------
    base
        The tracked run; it is active already.
    named
        Whether the user gave the tracked run its name: then ``run_name=`` does not change it.
    on_child
        Called with each run that was started beneath the tracked one.
    """
    _open.append(_Joining(base, named, on_child))
    try:
        with _swapped_code(), _new_threads_begin_with(base):
            yield
    finally:
        _open.pop()


@contextmanager
def joining_by_environment(base: ActiveRun) -> Iterator[None]:
    """Let ``start_run`` join ``base`` by MLflow's own ``MLFLOW_RUN_ID``.

    For a MLflow that is not as it was read (:mod:`amlflow_jupyter.tracking.internals`). The first
    ``start_run`` joins, and its end ends the run until the cell ends.
    """
    import mlflow

    mlflow.end_run("RUNNING")  # off the stack, where it would stand in the way, and not ended
    os.environ["MLFLOW_RUN_ID"] = base.info.run_id
    try:
        yield
    finally:
        os.environ.pop("MLFLOW_RUN_ID", None)


class _Joining:
    """What ``start_run`` does while one tracked run is open."""

    def __init__(self, base: ActiveRun, named: bool, on_child: Callable[[ActiveRun], None]) -> None:
        self._base = base
        self._named = named
        self._on_child = on_child
        self._joined = False
        self._lock = threading.Lock()

    def start_run(self, start: Callable[..., ActiveRun], options: dict[str, Any]) -> ActiveRun:
        stack = internals.active_runs()
        if self._may_join(stack, options):
            return self._join(start, options)
        if not stack and options["run_id"] is None:
            stack.append(self._base)
        if not stack or self._is_base(stack[-1]):
            options["nested"] = True
        run = start(**options)
        if options["run_id"] is None:
            self._on_child(run)
        return run

    def _may_join(self, stack: list[ActiveRun], options: dict[str, Any]) -> bool:
        """Decide, and take the one chance to join: several threads may ask at once."""
        if options["run_id"] is not None:
            return bool(options["run_id"] == self._base.info.run_id)
        elsewhere = str(options["experiment_id"] or self._here()) != self._here()
        if options["nested"] or options["parent_run_id"] or elsewhere:
            return False
        if stack and not self._is_base(stack[-1]):
            return False
        with self._lock:
            first, self._joined = not self._joined, True
        return first

    def _join(self, start: Callable[..., ActiveRun], options: dict[str, Any]) -> ActiveRun:
        options |= {"run_id": self._base.info.run_id, "nested": True, "experiment_id": None}
        if self._named:
            options["run_name"] = None
        if internals.has_system_monitor(self._base.info.run_id):
            options["log_system_metrics"] = False
        # MLflow refuses to continue a run of another experiment than set_experiment() chose.
        chosen = internals.set_active_experiment(None)
        try:
            run = start(**options)
        finally:
            internals.set_active_experiment(chosen)
        run.__class__ = _joined_run_class()
        return run

    def _is_base(self, run: ActiveRun) -> bool:
        return bool(run.info.run_id == self._base.info.run_id)

    def _here(self) -> str:
        return str(self._base.info.experiment_id)


@cache
def _joined_run_class() -> type[ActiveRun]:
    from mlflow import ActiveRun

    class JoinedRun(ActiveRun):
        """The tracked run inside the user's ``with`` block, which does not end it."""

        def __exit__(self, kind: object, error: object, trace: object) -> bool:
            stack = internals.active_runs()
            if stack and stack[-1] is self:
                stack.pop()
            internals.set_last_active_run(self.info.run_id)
            return kind is None

    return JoinedRun


def _shim(
    run_id: Any = None,
    experiment_id: Any = None,
    run_name: Any = None,
    nested: Any = False,
    parent_run_id: Any = None,
    tags: Any = None,
    description: Any = None,
    log_system_metrics: Any = None,
) -> Any:
    # Only the code of this function is used, in MLflow's module: it must import what it needs.
    from amlflow_jupyter.tracking.joining import start_run_in_tracked_cell

    return start_run_in_tracked_cell(
        run_id=run_id,
        experiment_id=experiment_id,
        run_name=run_name,
        nested=nested,
        parent_run_id=parent_run_id,
        tags=tags,
        description=description,
        log_system_metrics=log_system_metrics,
    )


def start_run_in_tracked_cell(**options: Any) -> ActiveRun:
    """Stand in for ``mlflow.start_run`` while a tracked run is open."""
    original = _original_start_run()
    if not _open:  # a call that began just before the tracked run ended
        return original(**options)
    return _open[-1].start_run(original, options)


_original_code: list[CodeType] = []


def _original_start_run() -> Callable[..., ActiveRun]:
    from mlflow.tracking import fluent

    swapped = fluent.start_run
    code = _original_code[0] if _original_code else swapped.__code__
    original = FunctionType(code, swapped.__globals__, "start_run", swapped.__defaults__)
    original.__kwdefaults__ = swapped.__kwdefaults__
    return original


@contextmanager
def _swapped_code() -> Iterator[None]:
    """Swap the code of ``start_run`` itself: aliases and partials of it are the same function."""
    from mlflow.tracking import fluent

    _original_code.append(fluent.start_run.__code__)
    fluent.start_run.__code__ = _shim.__code__
    try:
        yield
    finally:
        fluent.start_run.__code__ = _original_code.pop()


@contextmanager
def _new_threads_begin_with(base: ActiveRun) -> Iterator[None]:
    before = internals.set_default_active_runs(lambda: [base])
    try:
        yield
    finally:
        internals.set_default_active_runs(before)
