"""One tracked run: opened, found again, written to, ended."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Literal

from amlflow_jupyter.errors import StoreFailed, TrackingError
from amlflow_jupyter.tracking import internals, search
from amlflow_jupyter.tracking.history import MetricHistory
from amlflow_jupyter.tracking.joining import joining, joining_by_environment
from amlflow_jupyter.tracking.watching import unwatch, watch

if TYPE_CHECKING:
    from mlflow import ActiveRun

Status = Literal["RUNNING", "FINISHED", "FAILED", "KILLED"]
# MLflow's limits for one batch of params or tags.
_BATCH: Final = 100


@dataclass(frozen=True)
class RunRequest:
    """What kind of run is wanted.

    Attributes
    ----------
    name
        Its name; None lets MLflow invent one.
    experiment
        Name of its experiment, made if it is not there; None takes the active one.
    tags, description
        Written when it starts.
    nested
        Whether it becomes a child of the run that is active already.
    resume
        Id or name of an earlier run to continue instead of starting one.
    system_metrics
        Whether MLflow records CPU and memory while it runs.
    """

    name: str | None = None
    experiment: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None
    nested: bool = False
    resume: str | None = None
    system_metrics: bool = False


class TrackedRun:
    """A run that is active in MLflow from :meth:`open` to :meth:`close`.

    Attributes
    ----------
    run_id, name, experiment_id
        As MLflow knows them.
    history
        The metrics logged to it, and to its children, from this process.
    children
        How many runs were started beneath it.
    """

    def __init__(self, request: RunRequest) -> None:
        self._request = request
        self._exits = ExitStack()
        self.history = MetricHistory()
        self.children = 0
        self.run_id = ""
        self.name = ""
        self.experiment_id = ""

    def open(self) -> None:
        """Start the run, or continue the one that was asked for.

        Raises
        ------
        TrackingError
            The run to continue is not there.
        StoreFailed
            The workspace failed.
        """
        with ExitStack() as exits, _translated("The run cannot be started"):
            self._activate(exits)
            self._exits = exits.pop_all()

    def close(self, status: Status) -> None:
        """End the run, and whatever the cell left open beneath it, as ``status``."""
        self._status = status
        self._exits.close()

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record params.

        Raises
        ------
        StoreFailed
            The workspace refused: a param is recorded already with another value, for instance.
        """
        from mlflow.entities import Param

        entries = [Param(key, str(value)) for key, value in params.items()]
        self._log("params", entries)

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Set tags, replacing those of the same names.

        Raises
        ------
        StoreFailed
            The workspace refused.
        """
        from mlflow.entities import RunTag

        self._log("tags", [RunTag(key, value) for key, value in tags.items()])

    def log_folder(self, folder: Path) -> None:
        """Send the whole tree beneath ``folder`` as artifacts.

        Raises
        ------
        StoreFailed
            It could not be sent.
        """
        from mlflow import MlflowClient

        with _translated("The artifacts cannot be sent"):
            MlflowClient().log_artifacts(self.run_id, str(folder))

    def replace(self, run_ids: Iterable[str]) -> None:
        """Delete the runs that this one takes the place of; they can be restored.

        Raises
        ------
        StoreFailed
            One could not be deleted.
        """
        with _translated("The earlier run of this cell cannot be deleted"):
            search.delete(run_ids)

    def load_earlier_history(self) -> None:
        """Read a continued run's earlier metrics, in the background: there may be many."""
        Thread(
            target=search.load_missing_history,
            args=(self.run_id, self.history, time.time()),
            name="amlflow-history",
            daemon=True,
        ).start()

    def load_missing_history(self) -> None:
        """Read the metrics that were logged by another process, such as ``!python train.py``.

        Raises
        ------
        StoreFailed
            They could not be read.
        """
        with _translated("The metrics logged elsewhere cannot be read"):
            search.load_missing_history(self.run_id, self.history)

    _status: Status = "FAILED"  # what a run is whose own machinery failed before it was closed

    def _activate(self, exits: ExitStack) -> None:
        """Start the run; ``exits`` ends it, in reverse order, whatever comes between."""
        joins = internals.joining_is_possible()
        if joins and not self._request.nested:
            exits.enter_context(_set_aside_active_runs())
        base = self._start()
        if joins:
            exits.callback(_forget_everywhere, self.run_id)
        exits.callback(self._end)
        exits.callback(unwatch, self.history)
        watch(self.run_id, self.history)
        named = self._request.name is not None
        exits.enter_context(
            joining(base, named, self._adopt) if joins else joining_by_environment(base)
        )

    def _start(self) -> ActiveRun:
        import mlflow

        wanted = self._request
        run_id = search.find(wanted.resume, wanted.experiment) if wanted.resume else None
        experiment_id = search.experiment_id(wanted.experiment) if wanted.experiment else None
        with _no_run_from_environment(), _any_experiment(run_id):
            run = mlflow.start_run(
                run_id=run_id,
                experiment_id=None if run_id else experiment_id,
                run_name=wanted.name,
                nested=wanted.nested,
                tags=dict(wanted.tags),
                description=wanted.description,
                log_system_metrics=wanted.system_metrics or None,
            )
        self.run_id = run.info.run_id
        self.name = wanted.name or run.info.run_name
        self.experiment_id = run.info.experiment_id
        return run

    def _adopt(self, child: ActiveRun) -> None:
        """Draw a child's metrics beside the run's own."""
        self.children += 1
        watch(child.info.run_id, self.history, f" ({child.info.run_name})")

    def _log(self, kind: str, entries: list[Any]) -> None:
        from mlflow import MlflowClient

        with _translated(f"The {kind} cannot be recorded"):
            for start in range(0, len(entries), _BATCH):
                MlflowClient().log_batch(self.run_id, **{kind: entries[start : start + _BATCH]})

    def _end(self) -> None:
        """End what the cell left open beneath the run, then the run."""
        import mlflow

        with _no_link_printed():
            while (active := mlflow.active_run()) and active.info.run_id != self.run_id:
                mlflow.end_run(self._status)
            if active:
                mlflow.end_run(self._status)
            # The cell may have ended it itself, as another status than the cell's.
            mlflow.MlflowClient().set_terminated(self.run_id, self._status)


@contextmanager
def _set_aside_active_runs() -> Iterator[None]:
    """Hide the runs that are active already, and put them back."""
    stack = internals.active_runs()
    before = list(stack)
    stack.clear()
    try:
        yield
    finally:
        stack[:] = before


def _forget_everywhere(run_id: str) -> None:
    """Take the run off every thread's stack: threads of a pool outlive the cell."""
    for stack in internals.active_runs_of_all_threads():
        stack[:] = [run for run in stack if run.info.run_id != run_id]


@contextmanager
def _no_run_from_environment() -> Iterator[None]:
    """Hide ``MLFLOW_RUN_ID``, which would make ``start_run`` continue another run."""
    run_id = os.environ.pop("MLFLOW_RUN_ID", None)
    try:
        yield
    finally:
        if run_id is not None:
            os.environ["MLFLOW_RUN_ID"] = run_id


@contextmanager
def _any_experiment(run_id: str | None) -> Iterator[None]:
    """Let a run of another experiment than the active one be continued."""
    chosen = internals.set_active_experiment(None) if run_id else None
    try:
        yield
    finally:
        if chosen:
            internals.set_active_experiment(chosen)


@contextmanager
def _no_link_printed() -> Iterator[None]:
    """Keep MLflow from printing its link to the run into the cell: the run's view has one."""
    name = "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"
    before = os.environ.get(name)
    os.environ[name] = "true"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except TrackingError:
        raise
    except Exception as error:  # stores raise whatever their client raises
        raise StoreFailed(f"{what}: {error}") from error
