"""Open a workspace: find out what is meant, and make sure that it answers."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from amlflow_jupyter.workspaces import databricks, local, target, tracking_server
from amlflow_jupyter.workspaces.profiles import Profiles
from amlflow_jupyter.workspaces.workspace import Workspace


def connect(name: str | None, profiles: Profiles, folder: Path, timeout: float) -> Workspace:
    """Find the workspace that ``name`` means and make sure that it answers.

    Parameters
    ----------
    name, profiles, folder
        As in :func:`amlflow_jupyter.workspaces.target.resolve`.
    timeout
        Seconds to wait for an answer.

    Raises
    ------
    BadTarget, BadConfiguration, ConnectionFailed
        Each with what is wrong and what to do.
    """
    found = target.resolve(name, profiles, folder)
    given = name or os.environ.get("MLFLOW_TRACKING_URI", "")
    if given.startswith(("http:", "https:")):
        tracking_server.adopt_credentials(given)
    return check(found, timeout)


def check(workspace: Workspace, timeout: float) -> Workspace:
    """Make sure that ``workspace`` answers within ``timeout`` seconds.

    Raises
    ------
    ConnectionFailed
        It does not.
    """
    if workspace.kind == "local":
        local.check(workspace)
    elif workspace.kind == "server":
        tracking_server.check(workspace, timeout)
    elif workspace.kind == "databricks":
        address = databricks.check(workspace, timeout)
        return replace(workspace, location=address, ui_url=address)
    return workspace
