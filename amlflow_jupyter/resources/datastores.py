"""The datastores of a workspace, without their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from amlflow_jupyter.resources.asking import ask
from amlflow_jupyter.resources.failures import ResourceFailed
from amlflow_jupyter.resources.quiet import quiet

# How azureml-core's kinds of credentials are called here.
_SIGN_INS: Final = {"AccountKey": "account key", "Sas": "SAS", "None": "identity"}


@dataclass(frozen=True)
class Datastore:
    """A datastore.

    Attributes
    ----------
    name, kind
        Such as ``"workspaceblobstore"`` and ``"AzureBlob"``.
    account, container
        The storage account, or the server; the container, the share, or the database.
    sign_in
        What gives access: an account key, a SAS, a service principal, or one's own identity.
    default
        Whether it is the workspace's default one.
    """

    name: str
    kind: str
    account: str | None
    container: str | None
    sign_in: str | None
    default: bool


def datastores(core: Any) -> list[Datastore]:
    """Return the datastores of an azureml-core workspace, the default one first.

    Raises
    ------
    AmlflowError
        They cannot be read.
    """
    found = ask(core, "The datastores cannot be listed", lambda: core.datastores)
    with quiet():
        default = _default_name(core)
    records = [_record(store, default) for store in found.values()]
    return sorted(records, key=lambda one: (not one.default, one.name))


def make_default(core: Any, name: str) -> None:
    """Make a datastore the workspace's default one, for everybody who uses it.

    Raises
    ------
    AmlflowError
        There is no such datastore, or it cannot be changed.
    """
    find(core, name)
    doing = f"{name!r} cannot be made the default datastore"
    ask(core, doing, lambda: core.set_default_datastore(name))


def find(core: Any, name: str | None) -> Any:
    """Return an azureml-core datastore with its key; the default one without a name.

    Raises
    ------
    AmlflowError
        There is no such datastore, or none that can be read.
    """
    from azureml.core import Datastore as CoreDatastore

    def get() -> Any:
        return CoreDatastore.get(core, name) if name else core.get_default_datastore()

    try:
        return ask(core, f"The datastore {name or 'by default'!r} cannot be read", get)
    except ResourceFailed:
        if not name or name in (known := [one.name for one in datastores(core)]):
            raise
        raise ResourceFailed(
            f"There is no datastore {name!r} in this workspace: it has {', '.join(known)}."
        ) from None


def _default_name(core: Any) -> str | None:
    """Return the default datastore's name; a workspace may have none."""
    try:
        return str(core.get_default_datastore().name)
    except Exception:  # azureml-core raises what its service sent
        return None


def _record(store: Any, default: str | None) -> Datastore:
    """Read what each kind of datastore calls otherwise; keys are left where they are."""
    account = _first(store, "account_name", "store_name", "server_name", "namenode_address")
    container = _first(store, "container_name", "database_name")
    sign_in = _first(store, "credential_type")
    if sign_in is None and getattr(store, "client_id", None):
        sign_in = "service principal"
    return Datastore(
        store.name,
        store.datastore_type,
        account,
        container,
        _SIGN_INS.get(sign_in or "", sign_in),
        store.name == default,
    )


def _first(store: Any, *names: str) -> str | None:
    found = (getattr(store, name, None) for name in names)
    return next((str(value) for value in found if value), None)
