"""Point MLflow at a workspace and an experiment in it, and back to where it pointed before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.tracking.search import experiment_id, experiment_name
from amlflow_jupyter.tracking.watching import unwatch_store
from amlflow_jupyter.workspaces.quiet import quiet_mlflow
from amlflow_jupyter.workspaces.workspace import Workspace

_EXPERIMENT_VARIABLE = "MLFLOW_EXPERIMENT_ID"


def use(workspace: Workspace) -> str:
    """Make MLflow log to ``workspace``; return the name of the experiment that runs go to.

    Raises
    ------
    TrackingError
        The experiment was deleted.
    StoreFailed
        The workspace cannot be used.
    """
    import mlflow

    if mlflow.get_tracking_uri() != workspace.uri:
        mlflow.set_tracking_uri(workspace.uri)
        _set_experiment(None)  # an id means another experiment, or none, in another workspace
    with quiet_mlflow(), translated(f"{workspace.title} cannot be used"):
        if workspace.experiment:
            _set_experiment(experiment_id(workspace.experiment))
        return experiment_name(internals.active_experiment())


def remember() -> Callable[[], None]:
    """Return a function that points MLflow to where it points now."""
    import mlflow
    from mlflow.tracking import is_tracking_uri_set

    uri = mlflow.get_tracking_uri() if is_tracking_uri_set() else None
    experiment = internals.set_active_experiment(None)
    internals.set_active_experiment(experiment)

    def restore() -> None:
        unwatch_store(internals.current_store())
        mlflow.set_tracking_uri(uri)  # None is MLflow's "not set"
        _set_experiment(experiment)

    return restore


@contextmanager
def elsewhere(uri: str) -> Iterator[None]:
    """Let MLflow log to the store at ``uri`` while the block runs."""
    import mlflow

    restore = remember()
    mlflow.set_tracking_uri(uri)
    _set_experiment(None)
    try:
        yield
    finally:
        restore()


def _set_experiment(experiment: str | None) -> None:
    """Do what ``mlflow.set_experiment`` does to this process, without its announcements."""
    internals.set_active_experiment(experiment)
    if experiment is None:
        os.environ.pop(_EXPERIMENT_VARIABLE, None)
    else:
        os.environ[_EXPERIMENT_VARIABLE] = experiment
