"""Addresses of runs in a workspace's web interface, and the lines that MLflow prints of them."""

from __future__ import annotations

import sys
from typing import Any

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.workspaces.azure import studio, tokens
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.renewal import Renewing
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


_before: list[Any] = []


def install() -> bool:
    """Let MLflow print links that lead to the studio for runs in Azure ML.

    Its own are those of an MLflow server: on Azure there is no such page.

    Returns
    -------
    bool
        Whether it did not do so before.
    """
    if _before:
        return False
    _before.append(internals.set_link_printer(_print_link))
    return True


def uninstall() -> None:
    """Let MLflow print its own links again."""
    if _before and (printer := _before.pop()) is not None:
        internals.set_link_printer(printer)


def _print_link(client: Any, run_id: str) -> None:
    """Print the link, if there is one: MLflow calls this before it ends the run."""
    url = _studio_url(client, run_id)
    if url is None:
        _before[0](client, run_id)
    elif not _is_suppressed():
        name = client.store.get_run(run_id).info.run_name
        sys.stdout.write(f"🏃 View run {name} at: {url}\n")


def _studio_url(client: Any, run_id: str) -> str | None:
    """Return the address of a run's page, where the client's store is a workspace of Azure ML."""
    uri = str(client.tracking_uri)
    context = getattr(client.store, "service_context", None)
    if not uri.startswith("azureml:") or context is None:
        return None
    try:
        address = Address.from_uri(uri)
    except BadTarget:  # a registry, which several workspaces share
        return None
    return studio.run_url(address, _tenant(context.auth), run_id)


def _tenant(auth: Any) -> str | None:
    """Return the tenant that is signed in to; the studio finds it without, where there is one."""
    try:
        return tokens.tenant(Renewing(auth).token())
    except Exception:  # a link is no reason to leave a run open
        return None


def _is_suppressed() -> bool:
    from mlflow.environment_variables import MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT

    return bool(MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT.get())
