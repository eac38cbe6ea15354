"""``%aml_workspace``: see, choose, make and delete Azure ML workspaces."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument

from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.magics.actions import action, as_data, magic_with_actions
from amlflow_jupyter.magics.arguments import parse, usage_errors
from amlflow_jupyter.magics.confirmation import confirm
from amlflow_jupyter.magics.listing import Listing, listed
from amlflow_jupyter.magics.output import Bundle, in_notebook, show
from amlflow_jupyter.magics.progress import Progress, interruptible
from amlflow_jupyter.widgets.card import card
from amlflow_jupyter.widgets.table import Cell, Column, table

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.resources.choosing import SeenWorkspace
    from amlflow_jupyter.resources.details import Details

_COSTS: Final = (
    "Azure makes beside it a storage account (paid by what it holds), a key vault (by use) and "
    "Application Insights with a Log Analytics workspace (by what is logged); a container registry "
    "(by the day) follows with the first image. The workspace itself costs nothing; compute does "
    "while it runs."
)

_LEFT: Final = "This notebook was connected to it: connect to another with %aml_connect."


@magic_with_actions("aml_workspace")
@as_data
@action("list", "List the workspaces that this identity sees.")
@as_data
@action("use", "Connect to another workspace as the same identity.")
@argument("name", help="Its name.")
@argument("--resource-group", metavar="GROUP", help="Where several have this name.")
@argument("--subscription", help="Where several have this name: an id or a name.")
@argument("-e", "--experiment", help="Experiment that runs go to, made if it is not there.")
@action("create", "Make a workspace, with what it needs; asks nothing.")
@argument("name", help="2 to 32 letters, digits, hyphens and underscores.")
@argument("--resource-group", metavar="GROUP", required=True, help="Made if it is not there.")
@argument("--region", required=True, help="Such as westeurope.")
@argument("--subscription", metavar="ID", help="Id; without it the connected workspace's.")
@argument("--sku", default="basic", help="Azure takes one, and gives the same workspace.")
@action("delete", "Delete a workspace, after asking.")
@argument("name", help="Its name.")
@argument("--resource-group", metavar="GROUP", help="Where several have this name.")
@argument("--subscription", help="Where several have this name: an id or a name.")
@argument(
    "--all-resources",
    action="store_true",
    help="Also delete its storage account with all data, key vault, Application Insights and "
    "container registry.",
)
@argument("--yes", action="store_true", help="Do not ask, for scripts.")
def aml_workspace(self: AmlflowMagics, line: str) -> Any:
    """Show the connected Azure ML workspace: what it is made of, and where.

    Actions list, use, create and delete others.
    """
    given = parse(aml_workspace, line)
    with usage_errors(), interruptible("Interrupted. %aml_workspace list shows what there is."):
        return _ACTIONS[given.action](self.shell, given)


def _details(shell: Any, given: Namespace) -> Any:
    from amlflow_jupyter.resources.details import Details
    from amlflow_jupyter.session.session import current

    session = current()

    def read() -> list[Details]:
        return [Details.of(session.core_workspace())]

    def drawn(found: Sequence[Details]) -> Bundle:
        return _card(found[0], f"Azure ML workspace {found[0].name}", _page(session))

    return listed(shell, given, Listing("Reading the workspace …", read, drawn, alone=True))


def _list(shell: Any, given: Namespace) -> Any:
    from amlflow_jupyter.resources.choosing import seen
    from amlflow_jupyter.session.session import current

    session = current()

    def read() -> list[SeenWorkspace]:
        return seen(session.workspace, session.patience())

    return listed(shell, given, Listing("Asking Azure for workspaces …", read, _table))


def _use(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.magics.connecting import connection_card
    from amlflow_jupyter.resources.choosing import chosen
    from amlflow_jupyter.session.saving import Keep
    from amlflow_jupyter.session.session import current

    session = current()
    with Progress(shell, f"Connecting to {given.name} …") as progress:
        found = chosen(session.workspace, session.patience(), _parts(given))
        connected = session.connect_to(found, Keep(given.experiment))
        progress.done(connection_card(connected, in_notebook(shell)))


def _create(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources.workspaces import Wanted, create
    from amlflow_jupyter.workspaces.azure.address import Address

    signed_in, subscription = _who_and_where(given.subscription)
    wanted = Wanted(
        Address(subscription, given.resource_group, given.name), given.region, given.sku
    )
    rows = [
        ("Subscription", subscription),
        ("Resource group", f"{given.resource_group} (made if it is not there)"),
        ("Region", given.region),
    ]
    show(shell, card(f"Making the workspace {given.name}", rows, notes=[_COSTS]))
    going_on = f"Stopped waiting: Azure goes on making {given.name}; %aml_workspace list shows it."
    with interruptible(going_on), Progress(shell, f"Making {given.name} …") as progress:
        create(wanted, signed_in, progress.tell)
        made = f"The workspace {given.name} is there"
        progress.done(card(made, [], notes=[f"Connect to it with %aml_workspace use {given.name}"]))


def _delete(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources import workspaces
    from amlflow_jupyter.resources.choosing import find
    from amlflow_jupyter.resources.details import Details
    from amlflow_jupyter.session.session import current
    from amlflow_jupyter.workspaces.azure import finding
    from amlflow_jupyter.workspaces.azure.internals import core_workspace

    session, parts = current(), _parts(given)
    with Progress(shell, f"Looking for {given.name} …") as progress:
        found = find(session.workspace, session.patience(), parts)
        finding.only(found, parts)
        one, signed_in = found.workspaces[0], found.signed_in
        details = Details.of(core_workspace(one.address, one.region, signed_in.credential))
        along = workspaces.dependents(details) if given.all_resources else {}
        progress.done(_card(details, f"To be deleted: Azure ML workspace {details.name}", None))
    confirm(details.name, _warning(details, along), given.yes)
    going_on = f"Stopped waiting: Azure goes on deleting {details.name}."
    with interruptible(going_on), Progress(shell, f"Deleting {details.name} …") as progress:
        workspaces.delete(one.address, one.region, signed_in, progress.tell)
        here = session.workspace.azure if session.workspace else None
        connected = here is not None and here.address.is_same(one.address)
        notes = [_LEFT] if connected else []
        for what, resource_id in along.items():
            progress.tell(f"Deleting the {what} …")
            notes.append(_deleted(what, resource_id, signed_in))
        progress.done(card(f"The workspace {details.name} is deleted", [], notes=notes))


def _deleted(what: str, resource_id: str, signed_in: Any) -> str:
    """Delete what a workspace brought along; say whether that worked, and go on if not."""
    from amlflow_jupyter.resources.arm import last_part
    from amlflow_jupyter.resources.workspaces import delete_dependent

    try:
        delete_dependent(resource_id, signed_in)
    except AmlflowError as error:
        return f"The {what} is still there. {error}"
    return f"The {what} {last_part(resource_id)} is deleted, too."


def _warning(details: Details, along: dict[str, str]) -> str:
    from amlflow_jupyter.resources.arm import last_part

    gone = f"Delete the workspace {details.name} with its experiments, runs, models and compute"
    if not along:
        return f"{gone}? Its storage account and the data in it stay."
    named = ", ".join(f"the {what} {last_part(resource)}" for what, resource in along.items())
    return f"{gone}, and {named} with all that is in them?"


def _who_and_where(subscription: str | None) -> tuple[Any, str]:
    """Return who makes a workspace, and the id of the subscription that pays."""
    from amlflow_jupyter.resources.choosing import identity
    from amlflow_jupyter.session.session import current
    from amlflow_jupyter.workspaces.azure.credentials import sign_in

    session = current()
    connected = session.workspace
    if connected and connected.azure:
        subscription = subscription or connected.azure.address.subscription_id
    if not subscription:
        raise UsageError("Name the subscription that pays with --subscription ID.")
    patience = session.patience()
    signed_in = identity(connected) or sign_in("auto", None, patience.sign_in, patience.tell)
    return signed_in, subscription


def _parts(given: Namespace) -> Any:
    from amlflow_jupyter.workspaces.azure.finding import Parts

    return Parts(given.subscription, given.resource_group, given.name)


def _page(session: Any) -> str | None:
    url: str | None = session.workspace.ui_url
    return url


def _card(details: Details, title: str, url: str | None) -> Bundle:
    from amlflow_jupyter.resources.arm import last_part
    from amlflow_jupyter.resources.moments import local

    rows = [
        ("Description", details.description or ""),
        ("Subscription", details.subscription_id),
        ("Resource group", details.resource_group),
        ("Region", details.region),
        ("Storage account", last_part(details.storage_account)),
        ("Key vault", last_part(details.key_vault)),
        ("Container registry", last_part(details.container_registry) or "not made yet"),
        ("Application Insights", last_part(details.application_insights)),
        ("Identity", " ".join(filter(None, (details.identity, details.identity_id)))),
        ("Tags", ", ".join(f"{key}={value}" for key, value in details.tags.items())),
        ("Created", local(details.created)),
        ("MLflow", details.mlflow_tracking_uri or ""),
    ]
    return card(title, rows, ("Open in the studio", url) if url else None)


def _table(found: Sequence[SeenWorkspace]) -> Bundle:
    columns = (Column("name"), Column("resource group"), Column("region"), Column("subscription"))
    rows = [
        (
            Cell(one.name, mark="●" if one.connected else "", colour="#0072B2"),
            one.resource_group,
            one.region,
            one.subscription,
        )
        for one in found
    ]
    if not found:
        notes = ["This identity sees none: is it another tenant's?"]
    elif any(one.connected for one in found):
        notes = ["● is connected. Change with %aml_workspace use NAME."]
    else:
        notes = ["Connect with %aml_workspace use NAME."]
    return table("Azure ML workspaces", columns, rows, notes)


_ACTIONS: Final[dict[str | None, Callable[[Any, Namespace], Any]]] = {
    None: _details,
    "list": _list,
    "use": _use,
    "create": _create,
    "delete": _delete,
}
