"""From the ways of naming a workspace to the :class:`Workspace` that is meant; no network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.azure import cloud, studio
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.config_file import read_config
from amlflow_jupyter.workspaces.azure.facts import AzureFacts
from amlflow_jupyter.workspaces.azure.signed_in import SignedIn
from amlflow_jupyter.workspaces.azure.surroundings import is_old_uri, modern_uri, tracking_uri
from amlflow_jupyter.workspaces.workspace import Workspace


def of_address(address: Address, host: str = "", tenant: str | None = None) -> Workspace:
    """Return the workspace of an address; its URI is whole once ``host`` is known."""
    return describe_facts(AzureFacts(address, host, _region(host), tenant=tenant))


def describe_facts(facts: AzureFacts) -> Workspace:
    """Return the workspace of what is known of it."""
    address = facts.address
    return Workspace(
        kind="azure",
        uri=tracking_uri(address, facts.host),
        title=f"Azure ML workspace {address.name}",
        location=f"{address.name} in {address.resource_group}",
        ui_url=studio.workspace_url(address, facts.tenant),
        azure=facts,
    )


def from_config(path: Path) -> Workspace:
    """Return the workspace that a ``config.json`` names.

    Raises
    ------
    BadConfiguration
        The file is missing or no JSON object, or lacks a field.
    """
    return of_address(read_config(path))


def from_arm_id(target: str) -> Workspace:
    """Return the workspace that a resource id names.

    Raises
    ------
    BadTarget
        The id is malformed.
    """
    return of_address(Address.from_arm_id(target))


def from_studio_url(url: str) -> Workspace:
    """Return the workspace of a page of the studio.

    Raises
    ------
    BadTarget
        The page is none of a workspace.
    """
    address, tenant = Address.from_studio_url(url)
    return of_address(address, tenant=tenant)


def describe(uri: str) -> Workspace:
    """Return the workspace of an ``azureml://`` or ``adbazureml://`` URI.

    A query, a user and a password in it are left out.

    Raises
    ------
    BadTarget
        It names no workspace, or a host that is none of Azure's.
    """
    whole = modern_uri(uri) if is_old_uri(uri) else uri
    address, host = Address.from_uri(whole), _host(whole)
    if host and not cloud.is_service(host):
        raise BadTarget(
            f"{host} is no host of Azure ML's: whoever it is would get a token of yours. Check the "
            "azureml:// address."
        )
    return of_address(address, host)


def signing_in(workspace: Workspace, auth: str | None, tenant: str | None) -> Workspace:
    """Return ``workspace`` with how to sign in to it."""
    if workspace.azure is None or not (auth or tenant):
        return workspace
    facts = workspace.azure
    known = replace(facts, auth=auth or facts.auth, tenant=tenant or facts.tenant)
    return replace(workspace, azure=known, ui_url=studio.workspace_url(facts.address, known.tenant))


def signed_in(address: Address, who: SignedIn | None) -> Workspace:
    """Return the workspace of an address, as one that an identity is signed in to already."""
    tenant = who.tenant if who else None
    return describe_facts(AzureFacts(address, tenant=tenant, signed_in=who))


def _host(uri: str) -> str:
    """Return the host of a URI, without user, password and port: Azure's services have none."""
    return urlsplit(uri).hostname or ""


def _region(host: str) -> str:
    """Return the region that a host's name tells, as in ``westeurope.api.azureml.ms``."""
    parts = host.split(".")
    return parts[-4] if len(parts) > 3 else ""  # noqa: PLR2004 - region, api, azureml, ms
