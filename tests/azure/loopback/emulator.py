"""The emulator's parts, which the handlers of all services share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from loopback.blob import Blobs
from loopback.faults import Faults
from loopback.journal import Journal
from loopback.state import State
from loopback.tokens import Tokens
from loopback.world import WORKSPACES, Workspace


@dataclass
class DeviceCode:
    """A sign-in with a device code: ``answer`` is pending, approved or declined."""

    user_code: str
    client: str
    scope: str
    tenant: str
    end: float
    answer: str = "pending"


class Emulator:
    """One made-up Azure: its documents, tokens, faults, and the servers behind it.

    Attributes
    ----------
    folder
        Where everything lies that survives a restart.
    limits
        Whether Azure's documented limits hold.
    role
        The role that the permissions endpoint answers with: Contributor or Reader.
    az_signed_in
        Whether somebody is signed in to the stand-in for ``az``.
    device_codes
        The device code sign-ins that were begun, by code.
    az_error
        What ``az`` says in place of a token.
    device_code_lifetime
        Seconds in which a device code must be used.
    mlflow
        A client of the real MLflow server; paths begin with ``/api/2.0/mlflow``.
    azurite
        A client of the real Azurite.
    blobs
        The blobs of the storage account.
    child_env
        The environment that leads a job's process to this emulator; without credentials.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = State(folder / "state.db")
        self.tokens = Tokens(self.state)
        self.faults = Faults()
        self.journal = Journal(folder / "unknown.log")
        self.limits = False
        self.role = "Contributor"
        self.az_signed_in = False
        self.az_error = ""
        self.device_code_lifetime = 900
        self.device_codes: dict[str, DeviceCode] = {}
        self.mlflow: httpx.AsyncClient
        self.azurite: httpx.AsyncClient
        self.blobs: Blobs
        self.child_env: dict[str, str] = {}
        if not self.state.documents("workspaces").all():
            for workspace in WORKSPACES:
                self.add(workspace)

    def workspaces(self) -> Iterator[Workspace]:
        """Return every workspace, the first made first."""
        for kept in self.state.documents("workspaces").all():
            yield Workspace(**kept)

    def add(self, workspace: Workspace) -> None:
        """Make a workspace known."""
        self.state.documents("workspaces").put(workspace.arm_id.lower(), vars(workspace))

    def remove(self, workspace: Workspace) -> None:
        """Forget a workspace, and what it had: one of the same name begins with nothing."""
        self.state.documents("workspaces").delete(workspace.arm_id.lower())
        generations = self.state.documents("generations")
        generations.put(workspace.id, {"number": self.generation(workspace) + 1})

    def generation(self, workspace: Workspace) -> int:
        """Return how many workspaces of this address there were before."""
        kept = self.state.documents("generations").get(workspace.id)
        return int(kept["number"]) if kept else 0

    def close(self) -> None:
        """Close what the emulator itself opened."""
        self.state.close()
