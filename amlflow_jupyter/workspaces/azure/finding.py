"""Find an Azure ML workspace that is named in part, or not at all, among those one can see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.azure import management, naming
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.credentials import sign_in
from amlflow_jupyter.workspaces.azure.management import Visible
from amlflow_jupyter.workspaces.azure.methods import Tell
from amlflow_jupyter.workspaces.azure.signed_in import SignedIn
from amlflow_jupyter.workspaces.workspace import Workspace

#: The target that means: whichever workspace of Azure ML can be seen.
AZURE: Final = "azure"
_SHOWN: Final = 20
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Parts:
    """What is known of a workspace's address.

    Attributes
    ----------
    subscription, resource_group, workspace
        Those that were given; the subscription may be its name.
    """

    subscription: str | None = None
    resource_group: str | None = None
    workspace: str | None = None

    def address(self) -> Address | None:
        """Return the whole address, where every part was given, the subscription by its id."""
        by_id = _GUID.fullmatch(self.subscription or "")
        if self.subscription and by_id and self.resource_group and self.workspace:
            return Address(self.subscription, self.resource_group, self.workspace)
        return None

    def fit(self, one: Visible) -> bool:
        """Whether a workspace is one of those that are meant."""
        at = one.address
        return (
            _same(self.workspace, at.name)
            and _same(self.resource_group, at.resource_group)
            and (_same(self.subscription, at.subscription_id, one.subscription))
        )


@dataclass(frozen=True)
class Found:
    """The workspaces that are meant, and who sees them."""

    workspaces: tuple[Visible, ...]
    signed_in: SignedIn

    def workspace(self, one: Visible) -> Workspace:
        """Return one of them, signed in to."""
        return naming.signed_in(one.address, self.signed_in)


def look(
    parts: Parts,
    timeout: float,
    deadline: float,
    auth: str | None = None,
    tenant: str | None = None,
    tell: Tell | None = None,
) -> Found:
    """Sign in, and return the visible workspaces that ``parts`` fit.

    Raises
    ------
    AuthenticationRequired, ConnectionFailed, BadTarget, MissingAzure
        As in ``credentials.sign_in`` and ``management.visible``.
    """
    signed_in = sign_in(auth or "auto", tenant, deadline, tell)
    seen = management.visible(signed_in, timeout)
    return Found(tuple(one for one in seen if parts.fit(one)), signed_in)


def only(found: Found, parts: Parts) -> Workspace:
    """Return the one workspace that was found.

    Raises
    ------
    BadTarget
        There is none, or several; then the message shows a line for each.
    """
    if len(found.workspaces) == 1:
        return found.workspace(found.workspaces[0])
    if not found.workspaces:
        raise BadTarget(_none(parts, found.signed_in))
    lines = [f"  {line}" for line in connect_lines(found.workspaces[:_SHOWN])]
    more = len(found.workspaces) - _SHOWN
    rest = [f"  … and {more} more"] if more > 0 else []
    raise BadTarget(
        "\n".join(
            ["There are several workspaces: name one with one of these lines.", *lines, *rest]
        )
    )


def connect_lines(workspaces: Sequence[Visible]) -> list[str]:
    """Return for each workspace the line that connects to it."""
    return [f"%aml_connect {one.address.arm_id}" for one in workspaces]


def _same(wanted: str | None, *names: str) -> bool:
    return wanted is None or wanted.casefold() in [name.casefold() for name in names]


def _none(parts: Parts, signed_in: SignedIn) -> str:
    who = f"{signed_in.identity} (tenant {signed_in.tenant or 'unknown'})"
    if parts == Parts():
        return (
            f"{who} sees no Azure ML workspace: ask for the role “AzureML Data Scientist” on one, "
            "or sign in to another tenant with --tenant."
        )
    given = {
        "workspace": parts.workspace,
        "resource group": parts.resource_group,
        "subscription": parts.subscription,
    }
    named = ", ".join(f"{what} {value!r}" for what, value in given.items() if value)
    return (
        f"{who} sees no Azure ML workspace with {named}: see all of them with %aml_connect azure."
    )
