"""``%aml_connect``: say where runs go."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.arguments import parse, usage_errors

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.workspaces.workspace import Workspace


@magic_arguments("aml_connect")
@argument(
    "target",
    nargs="?",
    help="local, a saved profile's name, sqlite:///file.db, http(s)://server, "
    "databricks[://profile]. Without it: the default profile, else MLFLOW_TRACKING_URI, else a "
    "config.json here or above, else MLflow's own store beside the notebook.",
)
@argument("-e", "--experiment", help="Experiment that runs go to, made if it is not there.")
@argument(
    "--save",
    metavar="PROFILE",
    help="Save the connection under this name; the first one saved is the default.",
)
def aml_connect(self: AmlflowMagics, line: str) -> None:
    """Connect this notebook to where its runs go, and show what it is connected to."""
    given = parse(aml_connect, line)
    with usage_errors(), _Progress(self.shell) as progress:
        from amlflow_jupyter.session.session import current
        from amlflow_jupyter.workspaces.connect import Request

        workspace = current().connect(Request(given.target), given.experiment, given.save)
        progress.done(_card(workspace, progress.in_notebook))


class _Progress:
    """Says that something is under way, and puts the result in the same place."""

    def __init__(self, shell: Any) -> None:
        self.in_notebook = hasattr(shell, "kernel")
        self._handle: Any = None

    def __enter__(self) -> Self:
        from IPython.display import display

        if self.in_notebook:
            loading = "" if "mlflow" in sys.modules else " (loading MLflow takes a few seconds)"
            text = {"text/plain": f"Connecting …{loading}"}
            self._handle = display(text, raw=True, display_id=True)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None and self._handle is not None:
            self._handle.update({"text/plain": "Not connected."}, raw=True)

    def done(self, card: dict[str, str]) -> None:
        """Show the result."""
        if self._handle is None:
            print(card["text/plain"])  # noqa: T201 - for the user
        else:
            self._handle.update(card, raw=True)


def _card(workspace: Workspace, in_notebook: bool) -> dict[str, str]:
    from amlflow_jupyter.widgets.card import card

    rows = [
        ("Experiment", workspace.experiment or "Default"),
        ("Data", workspace.location),
        *([("Profile", workspace.profile)] if workspace.profile else []),
    ]
    link = ("Open the web interface", workspace.ui_url) if workspace.ui_url else None
    where = "Runs are in the sidebar, and in" if in_notebook else "Runs are shown by"
    notes = [] if workspace.ui_url else [f"{where}: {_ui_command(workspace)}"]
    return card(f"Connected to {workspace.title}", rows, link, notes)


def _ui_command(workspace: Workspace) -> str:
    return f"mlflow ui --backend-store-uri {workspace.uri}"
