"""What Azure's resource manager knows: a workspace's facts, and which workspaces one can see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

from amlflow_jupyter.errors import AmlflowError, BadTarget, ConnectionFailed
from amlflow_jupyter.workspaces.azure import cloud, refusals
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.asking import Answer, ask
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.azure.signed_in import SignedIn

_TYPE: Final = "Microsoft.MachineLearningServices/workspaces"
_WORKSPACE_VERSION: Final = "2022-05-01"
_RESOURCES_VERSION: Final = "2025-04-01"
_SUBSCRIPTIONS_VERSION: Final = "2022-12-01"
_NOT_THERE: Final = 404
# Subscriptions that are asked at a time, and names that are shown.
_THREADS: Final = 8
_SHOWN: Final = 10
_MOST_PAGES: Final = 50


@dataclass(frozen=True)
class Facts:
    """What the resource manager says of a workspace.

    Attributes
    ----------
    address
        With the letters' case that Azure keeps.
    region
        Such as ``"westeurope"``.
    host
        Of its services, with MLflow's among them.
    """

    address: Address
    region: str
    host: str


@dataclass(frozen=True)
class Visible:
    """A workspace that an identity sees.

    Attributes
    ----------
    address
        Which one.
    region
        Where it is.
    subscription
        Its subscription's name.
    """

    address: Address
    region: str
    subscription: str


def facts(address: Address, signed_in: SignedIn, timeout: float) -> Facts:
    """Ask for a workspace, within ``timeout`` seconds a request.

    Raises
    ------
    BadTarget
        There is none, or this identity does not see it; the message says which it sees.
    NotAllowed
        It may not be read.
    AuthenticationRequired
        It is in another tenant than the identity, or nobody is signed in any more.
    ConnectionFailed
        Azure cannot be reached, or fails.
    """
    link = f"{address.arm_id}?api-version={_WORKSPACE_VERSION}"
    answer = _get(link, signed_in.credential, timeout)
    if answer.status == _NOT_THERE:
        raise BadTarget(
            f"{refusals.what_is_missing(answer, address)}{_what_is_there(signed_in, timeout)}"
        )
    if not answer.ok:
        raise refusals.of_workspace(answer, address, signed_in)
    properties = answer.document.get("properties") or {}
    region = str(answer.document.get("location") or "")
    host = (
        urlsplit(str(properties.get("mlFlowTrackingUri") or "")).netloc
        or _discovered(properties, signed_in.credential, timeout)
        or f"{region}.{cloud.current().services}"
    )
    return Facts(_as_kept(answer.document, address), region, host)


def visible(signed_in: SignedIn, timeout: float, subscription: str | None = None) -> list[Visible]:
    """Return the workspaces that an identity sees, by name.

    Parameters
    ----------
    subscription
        Id of the only subscription to look in.

    Raises
    ------
    ConnectionFailed
        Azure cannot be reached, or refuses.
    """
    names = subscriptions(signed_in.credential, timeout)
    if subscription:
        chosen = {i: name for i, name in names.items() if i.casefold() == subscription.casefold()}
        names = chosen or {subscription: subscription}

    def within_one(item: tuple[str, str]) -> list[Visible]:
        return list(_in_subscription(*item, signed_in.credential, timeout))

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="amlflow-azure") as pool:
        found = [one for part in pool.map(within_one, names.items()) for one in part]
    return sorted(found, key=lambda one: (one.address.name.casefold(), one.address.arm_id))


def subscriptions(credential: SharedCredential, timeout: float) -> dict[str, str]:
    """Return the ids of the subscriptions that an identity sees, and their names.

    Raises
    ------
    ConnectionFailed
        Azure cannot be reached, or refuses.
    """
    path = f"/subscriptions?api-version={_SUBSCRIPTIONS_VERSION}"
    return {
        str(entry["subscriptionId"]): str(entry.get("displayName") or entry["subscriptionId"])
        for entry in _pages(path, credential, timeout)
        if entry.get("subscriptionId")
    }


def _in_subscription(
    subscription: str, name: str, credential: SharedCredential, timeout: float
) -> Iterator[Visible]:
    chosen = quote(f"resourceType eq '{_TYPE}'", safe="")
    path = (
        f"/subscriptions/{subscription}/resources?$filter={chosen}&api-version={_RESOURCES_VERSION}"
    )
    for entry in _pages(path, credential, timeout):
        try:
            address = Address.from_arm_id(str(entry.get("id")))
        except BadTarget:
            continue  # a part of a workspace, or something newer than we know
        yield Visible(address, str(entry.get("location") or ""), name)


def _pages(path: str, credential: SharedCredential, timeout: float) -> Iterator[Mapping[str, Any]]:
    link = path
    for _ in range(_MOST_PAGES):
        answer = _get(link, credential, timeout)
        if not answer.ok:
            raise refusals.of_list(answer, credential)
        yield from (entry for entry in answer.document.get("value", ()) if entry)
        link = str(answer.document.get("nextLink") or "")
        if not link:
            return


def _get(link: str, credential: SharedCredential, timeout: float) -> Answer:
    home = cloud.current().management
    # A link to the next page is Azure's own; the token is for Azure alone.
    url = link if link.startswith(f"{home}/") else home + link
    return ask(url, credential, timeout)


def _discovered(properties: Mapping[str, Any], credential: SharedCredential, timeout: float) -> str:
    """Return the host of a workspace's services, as its region's discovery service names it."""
    url = str(properties.get("discoveryUrl") or "")
    if not url.startswith("https://"):
        return ""
    try:
        answer = ask(url, credential, timeout)
    except ConnectionFailed:
        return ""  # the region names it, too
    return urlsplit(str(answer.document.get("api") or "")).netloc


def _as_kept(document: Mapping[str, Any], address: Address) -> Address:
    try:
        return Address.from_arm_id(str(document.get("id")))
    except BadTarget:
        return address


def _what_is_there(signed_in: SignedIn, timeout: float) -> str:
    try:
        found = visible(signed_in, timeout)
    except AmlflowError:
        return " Check its name in the studio, https://ml.azure.com."
    if not found:
        return f" {signed_in.identity} sees no workspace at all: is it another tenant's (--tenant)?"
    shown = [f"{one.address.name} (in {one.address.resource_group})" for one in found[:_SHOWN]]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f" {signed_in.identity} sees {', '.join(shown)}{more}."
