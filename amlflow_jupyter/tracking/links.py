"""Addresses of runs in a workspace's web interface."""

from __future__ import annotations

from amlflow_jupyter.workspaces.workspace import Workspace


def run_url(workspace: Workspace, experiment_id: str, run_id: str) -> str | None:
    """Return the address of a run's page, where the workspace has a web interface."""
    if workspace.ui_url is None:
        return None
    page = "ml" if workspace.kind == "databricks" else "#"
    return f"{workspace.ui_url.rstrip('/')}/{page}/experiments/{experiment_id}/runs/{run_id}"
