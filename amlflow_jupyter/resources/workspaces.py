"""Make and delete workspaces."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from amlflow_jupyter.errors import BadTarget, Unreachable
from amlflow_jupyter.resources import internals
from amlflow_jupyter.resources.asking import ask
from amlflow_jupyter.resources.details import Details
from amlflow_jupyter.resources.failures import explained, translated
from amlflow_jupyter.resources.quiet import quiet
from amlflow_jupyter.workspaces.azure import asking, cloud
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.credentials import SignedIn
from amlflow_jupyter.workspaces.azure.internals import core_workspace

# Seconds between two looks: at what is heard, and at whether Azure is done.
_LOOK: Final = 0.2
_PAUSE: Final = 2.0
_NOT_FOUND: Final = 404
_WORKSPACE_VERSION: Final = "2022-05-01"
# The versions of the resource manager's interface that delete what a workspace brings along.
_VERSIONS: Final = {
    "microsoft.storage/storageaccounts": "2023-01-01",
    "microsoft.keyvault/vaults": "2022-07-01",
    "microsoft.insights/components": "2020-02-02",
    "microsoft.containerregistry/registries": "2023-07-01",
}


@dataclass(frozen=True)
class Wanted:
    """A workspace to be made.

    Attributes
    ----------
    address
        Its name, subscription and resource group; a group that is not there is made.
    region
        Such as ``"westeurope"``.
    sku
        Azure takes one, and gives all the same.
    """

    address: Address
    region: str
    sku: str = "basic"


def create(wanted: Wanted, signed_in: SignedIn, tell: Callable[[str], None]) -> None:
    """Make a workspace and what it needs; returns when it is there.

    An interrupt ends the waiting: what Azure has begun goes on.

    Parameters
    ----------
    tell
        Called in this thread with each line that says how far it is.

    Raises
    ------
    AmlflowError
        There is one, or it cannot be made.
    """
    heard: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    failures: list[BaseException] = []

    def make() -> None:
        try:
            with quiet(heard.put):
                _create(wanted, signed_in)
        except BaseException as error:
            failures.append(error)
        heard.put(None)

    threading.Thread(target=make, name="amlflow-create", daemon=True).start()
    for line in _lines(heard):
        tell(line)
    if failures:
        raise explained(f"The workspace {wanted.address.name!r} cannot be made", failures[0])


def delete(address: Address, region: str, signed_in: SignedIn, tell: Callable[[str], None]) -> None:
    """Delete a workspace, and nothing beside it; returns when it is gone.

    Raises
    ------
    AmlflowError
        It cannot be deleted.
    """
    core = core_workspace(address, region, signed_in.credential)
    doing = f"The workspace {address.name!r} cannot be deleted"
    ask(core, doing, lambda: core.delete(delete_dependent_resources=False, no_wait=True))
    while _is_there(address, signed_in):
        tell("Azure deletes it …")
        time.sleep(_PAUSE)


def dependents(details: Details) -> dict[str, str]:
    """Return what a workspace brought along: what it is for people, and its resource id."""
    found = {
        "storage account": details.storage_account,
        "key vault": details.key_vault,
        "Application Insights": details.application_insights,
        "container registry": details.container_registry,
    }
    return {what: resource_id for what, resource_id in found.items() if resource_id}


def delete_dependent(resource_id: str, signed_in: SignedIn) -> None:
    """Delete what a workspace brought along; what is gone already is no failure.

    Raises
    ------
    AmlflowError
        It cannot be deleted.
    """
    import requests

    from amlflow_jupyter.workspaces.azure.authorizing import Bearer

    here = cloud.current()
    kind = "/".join(resource_id.strip("/").split("/")[-3:-1]).casefold()
    version = _VERSIONS.get(kind)
    if version is None:
        raise BadTarget(f"{resource_id} is of a kind that amlflow does not delete.")
    token = signed_in.credential.get_token(here.scope).token
    with translated(f"{resource_id.rpartition('/')[2]!r} cannot be deleted"):
        answer = requests.delete(
            f"{here.management}/{resource_id.lstrip('/')}",
            params={"api-version": version},
            auth=Bearer(token),
            timeout=60,
        )
        if answer.status_code != _NOT_FOUND:  # else it is gone already
            answer.raise_for_status()


def _create(wanted: Wanted, signed_in: SignedIn) -> None:
    from azureml.core import Workspace

    address = wanted.address
    core = core_workspace(address, wanted.region, signed_in.credential)
    Workspace.create(
        name=address.name,
        auth=internals.authentication(core),
        subscription_id=address.subscription_id,
        resource_group=address.resource_group,
        location=wanted.region,
        create_resource_group=True,
        sku=wanted.sku,
        exist_ok=False,
        show_output=True,
    )


def _lines(heard: queue.SimpleQueue[str | None]) -> Iterator[str]:
    """Yield lines until the end; a thread that waits for ever could not be interrupted."""
    while True:
        try:
            line = heard.get(timeout=_LOOK)
        except queue.Empty:
            continue
        if line is None:
            return
        yield line


def _is_there(address: Address, signed_in: SignedIn) -> bool:
    url = f"{cloud.current().management}{address.arm_id}?api-version={_WORKSPACE_VERSION}"
    try:
        answer = asking.ask(url, signed_in.credential, timeout=30)
    except Unreachable:
        return True  # not known: asked again
    return answer.status != _NOT_FOUND
