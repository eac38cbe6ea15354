"""Databricks workspaces, through the profiles of the Databricks command line."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from amlflow_jupyter.errors import AuthenticationRequired
from amlflow_jupyter.workspaces import tracking_server
from amlflow_jupyter.workspaces.quiet import quiet_mlflow
from amlflow_jupyter.workspaces.workspace import Workspace


def describe(uri: str) -> Workspace:
    """Return the workspace of ``databricks`` or ``databricks://profile``."""
    profile = urlsplit(uri).netloc if "://" in uri else ""
    clean = f"databricks://{profile}" if profile else "databricks"
    title = f"Databricks ({profile})" if profile else "Databricks"
    return Workspace("databricks", clean, title, clean)


def check(workspace: Workspace, timeout: float) -> str:
    """Make sure that the workspace answers, within ``timeout`` seconds; return its address.

    Raises
    ------
    AuthenticationRequired
        There are no credentials for it, or it refuses them.
    ConnectionFailed
        It does not answer as a Databricks workspace does.
    """
    from mlflow.exceptions import MlflowException
    from mlflow.utils.databricks_utils import get_databricks_host_creds

    try:
        with quiet_mlflow(logging.ERROR):
            credentials = get_databricks_host_creds(workspace.uri)
    except MlflowException:
        raise AuthenticationRequired(
            f"There are no credentials for {workspace.title}: run `databricks auth login`, or set "
            "DATABRICKS_HOST and DATABRICKS_TOKEN, and connect again."
        ) from None
    tracking_server.ask(credentials, workspace.title, timeout)
    return str(credentials.host)
