"""One tracked run: opened, found again, written to, ended."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal

from amlflow_jupyter.tracking import internals, journaling, search
from amlflow_jupyter.tracking.batches import log_all
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.tracking.history import MetricHistory
from amlflow_jupyter.tracking.joining import joining, joining_by_environment
from amlflow_jupyter.tracking.surroundings import (
    any_experiment,
    forget_everywhere,
    set_aside_active_runs,
    variable,
)
from amlflow_jupyter.tracking.watching import Watched, unwatch, watch
from amlflow_jupyter.workspaces.quiet import quiet_mlflow

if TYPE_CHECKING:
    from mlflow import ActiveRun

_logger = logging.getLogger(__name__)
Status = Literal["RUNNING", "FINISHED", "FAILED", "KILLED"]


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
    run_id, name, experiment_id, experiment
        As MLflow knows them; the last is the experiment's name.
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
        self.experiment = ""

    def open(self) -> None:
        """Start the run, or continue the one that was asked for.

        Raises
        ------
        TrackingError
            The run to continue is not there.
        StoreFailed
            The workspace failed.
        """
        with ExitStack() as exits, translated("The run cannot be started"):
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
        """Send the whole tree beneath ``folder`` as artifacts; behind us, where runs are journaled.

        Raises
        ------
        StoreFailed
            It could not be sent.
        JournalError
            It could not be kept to be sent.
        """
        from mlflow import MlflowClient

        if (log := journaling.log_of(self.run_id)) is not None:
            journaling.keep_folder(log, folder)
            return
        with translated("The artifacts cannot be sent"):
            MlflowClient().log_artifacts(self.run_id, str(folder))

    def replace(self, run_ids: Iterable[str]) -> None:
        """Delete the runs that this one takes the place of; they can be restored.

        Raises
        ------
        StoreFailed
            One could not be deleted.
        """
        with translated("The earlier run of this cell cannot be deleted"):
            search.delete(run_ids)

    def load_earlier_history(self) -> None:
        """Read a continued run's earlier metrics, in the background: there may be many."""

        def load() -> None:
            try:
                search.load_missing_history(self.run_id, self.history, before=begun)
            except Exception:  # the chart begins later: no reason to disturb the cell
                _logger.warning("The earlier metrics of %s cannot be read.", self.run_id)

        begun = time.time()
        Thread(target=load, name="amlflow-history", daemon=True).start()

    def load_missing_history(self) -> None:
        """Read the metrics that were logged by another process, such as ``!python train.py``.

        Raises
        ------
        StoreFailed
            They could not be read.
        """
        with translated("The metrics logged elsewhere cannot be read"):
            search.load_missing_history(self.run_id, self.history)

    _status: Status = "FAILED"  # what a run is whose own machinery failed before it was closed

    def _activate(self, exits: ExitStack) -> None:
        """Start the run; ``exits`` ends it, in reverse order, whatever comes between."""
        joins = internals.joining_is_possible()
        if joins and not self._request.nested:
            exits.enter_context(set_aside_active_runs())
        base = self._start()
        if joins:
            exits.callback(forget_everywhere, self.run_id)
        exits.callback(self._end)
        exits.callback(unwatch, self.history)
        watch(self.run_id, Watched(self.history))
        named = bool(self._request.name or self._request.resume)
        exits.enter_context(
            joining(base, named, self._adopt) if joins else joining_by_environment(base)
        )
        self.experiment = search.experiment_name(self.experiment_id)

    def _start(self) -> ActiveRun:
        import mlflow

        wanted = self._request
        run_id = search.find(wanted.resume, wanted.experiment) if wanted.resume else None
        experiment_id = search.experiment_id(wanted.experiment) if wanted.experiment else None
        with quiet_mlflow(), variable("MLFLOW_RUN_ID", None), any_experiment(run_id):
            run = mlflow.start_run(
                run_id=run_id,
                experiment_id=None if run_id else experiment_id,
                run_name=None if run_id else wanted.name,
                nested=wanted.nested,
                tags=dict(wanted.tags),
                description=wanted.description,
                log_system_metrics=wanted.system_metrics or None,
            )
        self.run_id = run.info.run_id
        self.name = run.info.run_name
        self.experiment_id = run.info.experiment_id
        return run

    def _adopt(self, child: ActiveRun) -> None:
        """Draw a child's metrics beside the run's own."""
        self.children += 1
        suffix = f" ({child.info.run_name})"
        watch(child.info.run_id, Watched(self.history, suffix))

    def _log(self, kind: str, entries: list[Any]) -> None:
        from mlflow import MlflowClient

        with translated(f"The {kind} cannot be recorded"):
            log_all(partial(MlflowClient().log_batch, self.run_id), kind, entries)

    def _end(self) -> None:
        """End what the cell left open beneath the run, then the run."""
        import mlflow

        # The view of the run has a link of its own.
        with (
            variable("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true"),
            translated("The run is not ended in the workspace, where it still reads RUNNING"),
        ):
            while self._is_active():
                mlflow.end_run(self._status)
            # The cell may have ended it itself, as another status than the cell's.
            mlflow.MlflowClient().set_terminated(self.run_id, self._status)

    def _is_active(self) -> bool:
        """Whether the run, or one that was started above it, is active in this thread."""
        import mlflow

        if not internals.joining_is_possible():
            return mlflow.active_run() is not None
        return any(run.info.run_id == self.run_id for run in internals.active_runs())
