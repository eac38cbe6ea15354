"""Which workspaces the signed-in identity sees, and changing to another of them."""

from __future__ import annotations

from dataclasses import dataclass

from amlflow_jupyter.workspaces import connect
from amlflow_jupyter.workspaces.azure import finding, management
from amlflow_jupyter.workspaces.azure.credentials import SignedIn
from amlflow_jupyter.workspaces.azure.finding import Found, Parts
from amlflow_jupyter.workspaces.connect import Patience, Request
from amlflow_jupyter.workspaces.workspace import Workspace


@dataclass(frozen=True)
class SeenWorkspace:
    """A workspace that the identity sees.

    Attributes
    ----------
    name, resource_group, region, subscription, subscription_id, id
        ``subscription`` is its name, ``id`` the resource id.
    connected
        Whether this session is connected to it.
    """

    name: str
    resource_group: str
    region: str
    subscription: str
    subscription_id: str
    id: str
    connected: bool


def seen(connected: Workspace | None, patience: Patience) -> list[SeenWorkspace]:
    """Return the workspaces that the session's identity sees; it is signed in if nobody is.

    Raises
    ------
    AmlflowError
        Nobody can be signed in, or Azure does not tell.
    """
    here = connected.azure.address if connected and connected.azure else None
    return [
        SeenWorkspace(
            one.address.name,
            one.address.resource_group,
            one.region,
            one.subscription,
            one.address.subscription_id,
            one.address.arm_id,
            connected=here is not None and one.address.is_same(here),
        )
        for one in find(connected, patience, Parts()).workspaces
    ]


def find(connected: Workspace | None, patience: Patience, parts: Parts) -> Found:
    """Return the workspaces that ``parts`` fit, as the session's identity sees them.

    Raises
    ------
    AmlflowError
        As of :func:`seen`.
    """
    signed_in = identity(connected)
    if signed_in is None:
        request = Request(finding.AZURE, parts.subscription, parts.resource_group, parts.workspace)
        return connect.look(request, patience)
    visible = management.visible(signed_in, patience.answer)
    return Found(tuple(one for one in visible if parts.fit(one)), signed_in)


def chosen(connected: Workspace | None, patience: Patience, parts: Parts) -> Workspace:
    """Return the one workspace that ``parts`` fit, signed in to as the session is.

    Raises
    ------
    BadTarget
        None fits, or several.
    """
    return finding.only(find(connected, patience, parts), parts)


def identity(connected: Workspace | None) -> SignedIn | None:
    """Return who is signed in to the connected workspace, if it is one of Azure ML."""
    return connected.azure.signed_in if connected and connected.azure else None
