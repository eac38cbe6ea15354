"""What is seen of connecting: that it is under way, and the card of what came of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from amlflow_jupyter.widgets.instruction import instruction

if TYPE_CHECKING:
    from amlflow_jupyter.workspaces.workspace import Workspace


class Progress:
    """Says that something is under way, and puts the result in the same place.

    Parameters
    ----------
    shell
        The IPython shell.
    """

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

    def tell(self, text: str) -> None:
        """Show what its user has to do meanwhile, such as to enter a code elsewhere."""
        if self._handle is None:
            print(text, flush=True)  # noqa: T201 - for the user
        else:
            self._handle.update(instruction(text), raw=True)

    def done(self, card: dict[str, str]) -> None:
        """Show the result."""
        if self._handle is None:
            print(card["text/plain"])  # noqa: T201 - for the user
        else:
            self._handle.update(card, raw=True)


def connection_card(workspace: Workspace, in_notebook: bool) -> dict[str, str]:
    """Return the card of what is connected to, as ``text/html`` and ``text/plain``."""
    from amlflow_jupyter.widgets.card import card

    rows = [
        ("Experiment", workspace.experiment or "Default"),
        *(_azure_rows(workspace) if workspace.azure else [("Data", workspace.location)]),
        *([("Profile", workspace.profile)] if workspace.profile else []),
    ]
    label = "Open in the studio" if workspace.azure else "Open the web interface"
    link = (label, workspace.ui_url) if workspace.ui_url else None
    where = "Runs are in the sidebar, and in" if in_notebook else "Runs are shown by"
    notes = [] if workspace.ui_url else [f"{where}: {_ui_command(workspace)}"]
    return card(f"Connected to {workspace.title}", rows, link, notes)


def _azure_rows(workspace: Workspace) -> list[tuple[str, str]]:
    facts = workspace.azure
    if facts is None:
        return []
    who = facts.signed_in
    return [
        ("Region", facts.region),
        ("Resource group", facts.address.resource_group),
        ("Signed in as", f"{who.identity}, by {who.title}" if who else ""),
    ]


def _ui_command(workspace: Workspace) -> str:
    return f"mlflow ui --backend-store-uri {workspace.uri}"
