"""Open a workspace: sign in, find out where its services are, and make sure that they answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from amlflow_jupyter.errors import AuthenticationRequired, BadTarget
from amlflow_jupyter.workspaces.azure import management, refusals
from amlflow_jupyter.workspaces.azure.asking import ask
from amlflow_jupyter.workspaces.azure.credentials import sign_in
from amlflow_jupyter.workspaces.azure.facts import AzureFacts
from amlflow_jupyter.workspaces.azure.methods import Tell
from amlflow_jupyter.workspaces.azure.naming import describe_facts
from amlflow_jupyter.workspaces.workspace import Workspace

_SEARCH: Final = "/api/2.0/mlflow/experiments/search"
# It asks for patience, and answers: that is all that is to be known.
_TOO_MANY: Final = 429


def open_workspace(
    workspace: Workspace, timeout: float, deadline: float, tell: Tell | None = None
) -> Workspace:
    """Return ``workspace`` opened: signed in to, and with the whole URI.

    Parameters
    ----------
    workspace
        As it was named.
    timeout
        Seconds to wait for each answer.
    deadline
        Seconds to sign in.
    tell
        Shows a person how to sign in; without it nobody is asked.

    Raises
    ------
    AuthenticationRequired, NotAllowed, ConnectionFailed, BadTarget, MissingAzure
        Each with what is wrong and what to do.
    """
    facts = _facts_of(workspace)
    signed_in = facts.signed_in or sign_in(facts.auth, facts.tenant, deadline, tell)
    known = replace(facts, signed_in=signed_in, tenant=signed_in.tenant or facts.tenant)
    if not known.host:
        found = management.facts(known.address, signed_in, timeout)
        known = replace(known, address=found.address, host=found.host, region=found.region)
    opened = describe_facts(known)
    return replace(opened, profile=workspace.profile, experiment=workspace.experiment)


def check(workspace: Workspace, timeout: float) -> None:
    """Make sure that the MLflow of an opened workspace answers, within ``timeout`` seconds.

    Raises
    ------
    AuthenticationRequired, NotAllowed, ConnectionFailed
        It does not, each with what to do.
    """
    facts = _facts_of(workspace)
    if facts.signed_in is None:
        raise AuthenticationRequired(f"Nobody is signed in to {workspace.title}: connect again.")
    url = f"https://{facts.host}/mlflow/v2.0{facts.address.arm_id}{_SEARCH}"
    answer = ask(url, facts.signed_in.credential, timeout, {"max_results": 1})
    if not answer.ok and answer.status != _TOO_MANY:
        raise refusals.of_mlflow(answer, workspace.title, facts.signed_in)


def _facts_of(workspace: Workspace) -> AzureFacts:
    if workspace.azure is None:
        raise BadTarget(f"{workspace.title} is no Azure ML workspace.")
    return workspace.azure
