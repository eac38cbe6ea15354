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
from amlflow_jupyter.workspaces.azure.plain import plain
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
    region = plain(answer.document.get("location") or "")
    host = _host(answer.document, region, signed_in.credential, timeout)
    return Facts(_as_kept(answer.document, address), region, host)


def visible(signed_in: SignedIn, timeout: float) -> list[Visible]:
    """Return the workspaces that an identity sees, by name.

    Raises
    ------
    ConnectionFailed
        Azure cannot be reached, or refuses.
    """
    names = subscriptions(signed_in.credential, timeout)

    def within_one(item: tuple[str, str]) -> list[Visible]:
        return list(_in_subscription(*item, signed_in.credential, timeout))

    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="amlflow-azure")
    try:
        found = [one for part in pool.map(within_one, names.items()) for one in part]
    finally:  # an interrupt does not wait for what is under way
        pool.shutdown(wait=False, cancel_futures=True)
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
        str(entry["subscriptionId"]): plain(entry.get("displayName") or entry["subscriptionId"])
        for entry in pages(path, credential, timeout)
        if entry.get("subscriptionId")
    }


def _in_subscription(
    subscription: str, name: str, credential: SharedCredential, timeout: float
) -> Iterator[Visible]:
    chosen = quote(f"resourceType eq '{_TYPE}'", safe="")
    path = (
        f"/subscriptions/{subscription}/resources?$filter={chosen}&api-version={_RESOURCES_VERSION}"
    )
    for entry in pages(path, credential, timeout):
        try:
            address = Address.from_arm_id(str(entry.get("id")))
        except BadTarget:
            continue  # a part of a workspace, or something newer than we know
        yield Visible(address, plain(entry.get("location") or ""), name)


def pages(path: str, credential: SharedCredential, timeout: float) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a list of the resource manager's, page by page.

    Raises
    ------
    AmlflowError
        Azure cannot be reached, or refuses.
    """
    link = path
    for _ in range(_MOST_PAGES):
        answer = _get(link, credential, timeout)
        if not answer.ok:
            raise refusals.of_list(answer, credential)
        entries = answer.document.get("value")
        if isinstance(entries, list):
            yield from (entry for entry in entries if isinstance(entry, Mapping))
        link = str(answer.document.get("nextLink") or "")
        if not link:
            return


def _get(link: str, credential: SharedCredential, timeout: float) -> Answer:
    home = cloud.current().management
    path = link.removeprefix(home)
    if not path.startswith("/"):  # it would be another host's, which would get the token
        raise ConnectionFailed(
            f"The list of Azure goes on elsewhere than at {home}: check what stands between this "
            "computer and Azure, such as HTTPS_PROXY."
        )
    return ask(home + path, credential, timeout)


def _host(
    document: Mapping[str, Any], region: str, credential: SharedCredential, timeout: float
) -> str:
    """Return the host of a workspace's services, from the first place that names one."""
    found = document.get("properties")
    properties = found if isinstance(found, Mapping) else {}
    host = (
        _service(properties.get("mlFlowTrackingUri"))
        or _discovered(properties.get("discoveryUrl"), credential, timeout)
        or _service(f"https://{region}.{cloud.current().services}")
    )
    if not host:
        raise ConnectionFailed(
            "Azure does not say where the workspace's services are: try again later, or connect "
            "with its azureml:// address, which the studio shows."
        )
    return host


def _discovered(url: object, credential: SharedCredential, timeout: float) -> str:
    """Return the host of a workspace's services, as its region's discovery service names it."""
    if not _service(url):
        return ""
    try:
        answer = ask(str(url), credential, timeout)
    except ConnectionFailed:
        return ""  # the region names it, too
    return _service(answer.document.get("api"))


def _service(url: object) -> str:
    """Return the host of a URL, where it is one of Azure ML's."""
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return ""
    return host if host and cloud.is_service(host) else ""


def _as_kept(document: Mapping[str, Any], address: Address) -> Address:
    """Return the address as Azure spells it, where it is the one that was asked for."""
    try:
        kept = Address.from_arm_id(str(document.get("id")))
    except BadTarget:
        return address
    return kept if kept.is_same(address) else address


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
