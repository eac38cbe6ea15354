"""Open a workspace: find out what is meant, and make sure that it answers."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from amlflow_jupyter.workspaces import databricks, local, target, tracking_server
from amlflow_jupyter.workspaces.azure import finding, naming, opening
from amlflow_jupyter.workspaces.azure.methods import Tell
from amlflow_jupyter.workspaces.profiles import Profiles
from amlflow_jupyter.workspaces.workspace import Workspace


@dataclass(frozen=True)
class Request:
    """What to connect to, and how.

    Attributes
    ----------
    target
        As in :func:`amlflow_jupyter.workspaces.target.resolve`, or ``"azure"``: the only Azure ML
        workspace that the identity sees.
    subscription, resource_group, workspace
        Which Azure ML workspace is meant; what is left out is found out.
    auth, tenant
        How to sign in to Azure, and to which tenant.
    """

    target: str | None = None
    subscription: str | None = None
    resource_group: str | None = None
    workspace: str | None = None
    auth: str | None = None
    tenant: str | None = None

    @property
    def names_azure(self) -> bool:
        """Whether an Azure ML workspace is meant that is yet to be found."""
        parts = (self.subscription, self.resource_group, self.workspace)
        return self.target == finding.AZURE or any(parts)


@dataclass(frozen=True)
class Patience:
    """How long to wait, and whom to ask.

    Attributes
    ----------
    answer
        Seconds for an answer.
    sign_in
        Seconds for signing in to Azure.
    tell
        Shows a person how to sign in; None asks nobody.
    """

    answer: float
    sign_in: float = 20.0
    tell: Tell | None = None


def find(request: Request, profiles: Profiles, folder: Path, patience: Patience) -> Workspace:
    """Find the workspace that is meant; only where one of Azure ML is to be looked for, it asks.

    Parameters
    ----------
    request
        What is meant.
    profiles, folder
        As in :func:`amlflow_jupyter.workspaces.target.resolve`.
    patience
        How long to wait, and whom to ask.

    Raises
    ------
    BadTarget, BadConfiguration, ConnectionFailed, MissingAzure
        Each with what is wrong and what to do.
    """
    if request.names_azure:
        found = _find(request, patience)
    else:
        found = target.resolve(request.target, profiles, folder)
        given = request.target or os.environ.get("MLFLOW_TRACKING_URI", "")
        if found.kind == "server" and given.startswith(("http:", "https:")):
            tracking_server.adopt_credentials(given)
    return naming.signing_in(found, request.auth, request.tenant)


def opened(workspace: Workspace, patience: Patience) -> Workspace:
    """Return a workspace that was found, once it is sure that it answers.

    Raises
    ------
    ConnectionFailed, BadTarget, MissingAzure
        Each with what is wrong and what to do.
    """
    if workspace.kind == "azure":
        workspace = opening.open_workspace(
            workspace, patience.answer, patience.sign_in, patience.tell
        )
    return check(workspace, patience.answer)


def look(request: Request, patience: Patience) -> finding.Found:
    """Sign in to Azure and return the workspaces that the request's parts fit.

    Raises
    ------
    ConnectionFailed, BadTarget, MissingAzure
        Each with what is wrong and what to do.
    """
    return finding.look(
        parts(request),
        patience.answer,
        patience.sign_in,
        request.auth,
        request.tenant,
        patience.tell,
    )


def _find(request: Request, patience: Patience) -> Workspace:
    meant = parts(request)
    if address := meant.address():
        return naming.of_address(address)
    return finding.only(look(request, patience), meant)


def parts(request: Request) -> finding.Parts:
    """Return what a request says of an Azure ML workspace's address."""
    return finding.Parts(request.subscription, request.resource_group, request.workspace)


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
    elif workspace.kind == "azure":
        opening.check(workspace, timeout)
    return workspace
