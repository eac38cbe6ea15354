"""Point MLflow at a workspace and an experiment in it, and back to where it pointed before."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from filelock import FileLock

from amlflow_jupyter.settings import Settings, data_folder, private_folder
from amlflow_jupyter.tracking import internals, journaling, links, registry, stores
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.tracking.search import experiment_id, experiment_name
from amlflow_jupyter.tracking.watching import unwatch_store
from amlflow_jupyter.workspaces.azure import sharing
from amlflow_jupyter.workspaces.quiet import quiet_mlflow
from amlflow_jupyter.workspaces.workspace import Workspace

# Seconds; on a slow disk MLflow's sixty steps take ten.
_LONGEST_MIGRATION: Final = 120
_EXPERIMENT_VARIABLE: Final = "MLFLOW_EXPERIMENT_ID"
_NO_EXPERIMENT: Final = ("RESOURCE_DOES_NOT_EXIST", "ENDPOINT_NOT_FOUND")
_DEFAULT: Final = "Default"


def use(workspace: Workspace, settings: Settings) -> str:
    """Make MLflow log to ``workspace``; return the name of the experiment that runs go to.

    What is logged goes to the journal first, unless the settings say otherwise.

    Raises
    ------
    TrackingError
        The experiment was deleted.
    StoreFailed
        The workspace cannot be used.
    """
    import mlflow

    stores.install()
    if mlflow.get_tracking_uri() != workspace.uri:
        mlflow.set_tracking_uri(workspace.uri)
        _set_experiment(None)  # an id means another experiment, or none, in another workspace
    registry.settle()
    failing = translated(f"{workspace.title} cannot be used")
    with quiet_mlflow(), failing, _one_at_a_time(workspace.uri):
        if workspace.experiment:
            _set_experiment(experiment_id(workspace.experiment))
        experiment = _active_experiment(workspace)
    journaling.start(workspace.uri, settings)
    return experiment


def _active_experiment(workspace: Workspace) -> str:
    """Return the name of the experiment that runs go to.

    Azure ML takes a run for MLflow's default experiment, 0, before it knows one of that id.
    """
    from mlflow.exceptions import MlflowException

    try:
        return experiment_name(internals.active_experiment())
    except MlflowException as error:
        if workspace.kind == "azure" and error.error_code in _NO_EXPERIMENT:
            return _DEFAULT
        raise


def share(workspace: Workspace) -> Callable[[], None]:
    """Let MLflow ask a workspace as who is signed in to it; return what takes that back.

    Also the links that MLflow prints lead to pages then.
    """
    if workspace.kind != "azure":
        return lambda: None
    installed = links.install()
    take_back = sharing.share(workspace)

    def undo() -> None:
        take_back()
        if installed:
            links.uninstall()

    return undo


def _one_at_a_time(uri: str) -> AbstractContextManager[object]:
    """Let one process at a time make the tables of a new database: two would break each other."""
    if not uri.startswith("sqlite:"):
        return nullcontext()
    mark = hashlib.sha256(uri.encode()).hexdigest()[:16]
    folder = private_folder(data_folder() / "locks")
    return FileLock(folder / f"{mark}.lock", timeout=_LONGEST_MIGRATION)


def remember() -> Callable[[], None]:
    """Return a function that points MLflow to where it points now."""
    import mlflow
    from mlflow.tracking import is_tracking_uri_set

    uri = mlflow.get_tracking_uri() if is_tracking_uri_set() else None
    experiment = internals.set_active_experiment(None)
    internals.set_active_experiment(experiment)
    installed = stores.is_installed()
    forget_registry = registry.remember()

    def restore() -> None:
        unwatch_store(internals.current_store())
        if not installed:
            stores.uninstall()
        mlflow.set_tracking_uri(uri)  # None is MLflow's "not set"
        _set_experiment(experiment)
        forget_registry()

    return restore


@contextmanager
def elsewhere(uri: str) -> Iterator[None]:
    """Let MLflow log to the store at ``uri`` while the block runs."""
    import mlflow

    restore = remember()
    stores.install()
    mlflow.set_tracking_uri(uri)
    _set_experiment(None)
    registry.settle()
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
