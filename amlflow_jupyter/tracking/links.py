"""Addresses of runs in a workspace's web interface."""

from __future__ import annotations

from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.workspaces.azure import studio
from amlflow_jupyter.workspaces.workspace import Workspace


def run_url(workspace: Workspace, experiment_id: str, run_id: str) -> str | None:
    """Return the address of a run's page, where the workspace has a web interface."""
    if workspace.azure is not None:
        return studio.run_url(workspace.azure.address, workspace.azure.tenant, run_id)
    if workspace.ui_url is None:
        return None
    page = "ml" if workspace.kind == "databricks" else "#"
    return f"{workspace.ui_url.rstrip('/')}/{page}/experiments/{experiment_id}/runs/{run_id}"


def latest_run_id() -> str | None:
    """Return the id of MLflow's active run, or else of the last one of this process."""
    import mlflow

    run = mlflow.active_run() or mlflow.last_active_run()
    return str(run.info.run_id) if run else None


def experiment_of(run_id: str) -> str:
    """Return the id of a run's experiment.

    Raises
    ------
    StoreFailed
        The run cannot be found.
    """
    import mlflow

    with translated(f"The run {run_id} cannot be found"):
        return str(mlflow.get_run(run_id).info.experiment_id)
