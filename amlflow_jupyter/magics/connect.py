"""``%aml_connect``: say where runs go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.arguments import parse, usage_errors
from amlflow_jupyter.magics.connecting import Progress, connection_card

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics


@magic_arguments("aml_connect")
@argument(
    "target",
    nargs="?",
    help="local, a saved profile's name, sqlite:///file.db, http(s)://server, "
    "databricks[://profile]; of Azure ML: azure (choose among those that you see), a config.json, "
    "a workspace's resource id, its azureml:// address, or an address of the studio. Without it: "
    "the default profile, else MLFLOW_TRACKING_URI, else a config.json here or above, else the "
    "workspace of this Azure ML compute, else MLflow's own store beside the notebook.",
)
@argument("-e", "--experiment", help="Experiment that runs go to, made if it is not there.")
@argument("--azure", action="store_true", help="The same as the target azure.")
@argument("--subscription", metavar="ID", help="Subscription of the Azure ML workspace.")
@argument("--resource-group", metavar="NAME", help="Its resource group.")
@argument(
    "-w",
    "--workspace",
    metavar="NAME",
    help="Its name; what else is needed is looked for among those that you see.",
)
@argument(
    "--auth",
    metavar="METHOD",
    help="How to sign in to Azure: auto (the default), cli, browser, device, managed, "
    "service-principal, environment.",
)
@argument("--tenant", metavar="ID", help="Tenant to sign in to: its id or domain.")
@argument(
    "--save",
    metavar="PROFILE",
    help="Save the connection under this name; the first one saved is the default.",
)
@argument(
    "--write-config",
    nargs="?",
    const=".",
    metavar="PATH",
    help="Write the workspace's config.json: to this file or folder, or here.",
)
def aml_connect(self: AmlflowMagics, line: str) -> None:
    """Connect this notebook to where its runs go, and show what it is connected to."""
    given = parse(aml_connect, line)
    with usage_errors(), _interruptible(), Progress(self.shell) as progress:
        from amlflow_jupyter.magics import choosing
        from amlflow_jupyter.session.saving import Keep
        from amlflow_jupyter.session.session import current
        from amlflow_jupyter.workspaces.connect import Request

        target = "azure" if given.azure else given.target
        request = Request(
            target,
            given.subscription,
            given.resource_group,
            given.workspace,
            given.auth,
            given.tenant,
        )
        config = Path(given.write_config) if given.write_config else None
        keep = Keep(given.experiment, given.save, config)
        session = current()
        with session.told_by(progress.tell):
            if target == "azure":
                choosing.choose(session, request, keep, progress)
            else:
                connected = session.connect(request, keep)
                progress.done(connection_card(connected, progress.in_notebook))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Say in a line that the user interrupted the connecting; there is nothing to trace back."""
    try:
        yield
    except KeyboardInterrupt:
        raise UsageError("Interrupted: nothing new is connected.") from None
