"""Azure ML in the server's process: read by who is signed in without a person's help."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import Final

from amlflow_jupyter.errors import AmlflowError, AuthenticationRequired
from amlflow_jupyter.workspaces.azure import sharing
from amlflow_jupyter.workspaces.azure.opening import open_workspace
from amlflow_jupyter.workspaces.workspace import Workspace

# Seconds: for signing in, and until it is tried again where it failed. The sidebar asks often.
_SIGN_IN: Final = 8.0
_TIMEOUT: Final = 5.0
_PAUSE: Final = 5.0
# Ways of signing in that need a person: here nobody is asked.
_PERSONAL: Final = ("browser", "device")


@dataclass(frozen=True)
class _Failure:
    """Why nobody could be signed in, and when that is tried again (monotonic seconds)."""

    error: AmlflowError
    until: float


_opened: dict[str, Workspace | _Failure] = {}
_lock = threading.Lock()


def opened(workspace: Workspace) -> Workspace:
    """Return a workspace signed in to, with MLflow's stores asking as who is signed in.

    Raises
    ------
    AuthenticationRequired
        Nothing signs this process in without a person.
    ConnectionFailed, MissingAzure
        Azure cannot be reached, or what it needs is not installed.
    """
    with _lock:
        known = _opened.get(workspace.uri)
        if isinstance(known, Workspace):
            return known
        if known is not None and time.monotonic() < known.until:
            raise known.error
        found = _opened[workspace.uri] = _tried(workspace)
    if isinstance(found, _Failure):
        raise found.error
    return found


def forget(workspace: Workspace) -> None:
    """Sign in anew the next time: who is signed in is not accepted any more."""
    with _lock:
        _opened.pop(workspace.uri, None)


def _tried(workspace: Workspace) -> Workspace | _Failure:
    try:
        found = open_workspace(_without_a_person(workspace), _TIMEOUT, _SIGN_IN)
        sharing.share(found)
    except AuthenticationRequired:
        return _Failure(_nobody(workspace), time.monotonic() + _PAUSE)
    except AmlflowError as error:
        return _Failure(error, time.monotonic() + _PAUSE)
    return found


def _without_a_person(workspace: Workspace) -> Workspace:
    facts = workspace.azure
    if facts is None or facts.auth not in _PERSONAL:
        return workspace
    return replace(workspace, azure=replace(facts, auth="auto"))


def _nobody(workspace: Workspace) -> AuthenticationRequired:
    tenant = workspace.azure.tenant if workspace.azure else None
    where = f" --tenant {tenant}" if tenant else ""
    return AuthenticationRequired(
        f"JupyterLab is not signed in to Azure for {workspace.title}: run `az login{where}` in a "
        "terminal and try again, or see its runs in a notebook that is connected."
    )
