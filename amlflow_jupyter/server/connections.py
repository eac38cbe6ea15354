"""The connections that the sidebar shows: saved profiles, and what kernels on this host use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.workspaces.azure.naming import signing_in
from amlflow_jupyter.workspaces.presence import Presence
from amlflow_jupyter.workspaces.profiles import Profile
from amlflow_jupyter.workspaces.target import describe
from amlflow_jupyter.workspaces.workspace import Kind, Workspace

_KINDS: Final[dict[str, Kind]] = {"azureml": "azure", "databricks": "databricks", "file": "local"}
_USER: Final = re.compile(r"://\S*@")
_QUERY: Final = re.compile(r"[?#]\S*")


@dataclass(frozen=True)
class Connection:
    """A tracking store under the name that the browser uses for it.

    Attributes
    ----------
    name
        The profile's, or ``kernel-`` and the first 12 hexadecimal digits of its URI's SHA-256.
    workspace
        Where it leads. Its URI stays in this process.
    profile
        The profile it was saved as, if it was.
    kernels
        The live kernels that use it, the newest connection first.
    problem
        Why it cannot be used, where that is known without asking it.
    """

    name: str
    workspace: Workspace
    profile: Profile | None = None
    kernels: tuple[Presence, ...] = ()
    problem: str | None = None

    @property
    def title(self) -> str:
        """What a person calls it."""
        if self.profile:
            return self.profile.name
        # The sidebar says what kind it is in a line of its own, and is narrow.
        azure = self.workspace.azure
        return azure.address.name if azure else self.workspace.title


def merge(profiles: Iterable[Profile], presences: Iterable[Presence]) -> list[Connection]:
    """Return one connection for each profile, then one for each other URI that a kernel uses."""
    kernels: dict[str, list[Presence]] = {}
    for presence in presences:
        kernels.setdefault(_read(presence.uri)[0].uri, []).append(presence)
    found = [_saved(profile, kernels) for profile in profiles]
    saved = {connection.workspace.uri for connection in found}
    return found + [_unsaved(using) for uri, using in kernels.items() if uri not in saved]


def _saved(profile: Profile, kernels: dict[str, list[Presence]]) -> Connection:
    workspace, problem = _read(profile.uri)
    workspace = signing_in(workspace, profile.auth, profile.tenant)
    using = tuple(kernels.get(workspace.uri, ()))
    return Connection(profile.name, workspace, profile, using, problem)


def _unsaved(kernels: list[Presence]) -> Connection:
    workspace, problem = _read(kernels[0].uri)
    workspace = signing_in(workspace, kernels[0].auth, kernels[0].tenant)
    digest = hashlib.sha256(workspace.uri.encode()).hexdigest()
    return Connection(f"kernel-{digest[:12]}", workspace, None, tuple(kernels), problem)


def _read(uri: str) -> tuple[Workspace, str | None]:
    """Return the workspace of ``uri``; one that cannot be used is shown, with the reason."""
    try:
        return describe(uri), None
    except (AmlflowError, ValueError) as error:
        scheme = uri.partition(":")[0]
        shown = without_secrets(uri)
        workspace = Workspace(_KINDS.get(scheme, "server"), uri, shown, shown)
        return workspace, without_secrets(str(error))


def without_secrets(text: str) -> str:
    """Return ``text`` with user, password and query left out of the addresses in it."""
    return _QUERY.sub("", _USER.sub("://", text))
