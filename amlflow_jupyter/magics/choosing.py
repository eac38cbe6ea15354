"""Choose a workspace of Azure ML among those that one sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.display import display

from amlflow_jupyter.magics.connecting import Progress, connection_card
from amlflow_jupyter.widgets.chooser import Choice, Chooser
from amlflow_jupyter.workspaces import connect
from amlflow_jupyter.workspaces.azure import finding

if TYPE_CHECKING:
    from amlflow_jupyter.session.saving import Keep
    from amlflow_jupyter.session.session import Session
    from amlflow_jupyter.workspaces.azure.finding import Found
    from amlflow_jupyter.workspaces.azure.management import Visible
    from amlflow_jupyter.workspaces.connect import Request
    from amlflow_jupyter.workspaces.workspace import Workspace

_TITLE = "Workspaces of Azure ML that {who} sees"


def choose(session: Session, request: Request, keep: Keep, progress: Progress) -> None:
    """Connect to the only workspace that is seen, or let the user choose one.

    In a notebook the list stays in the output, and this returns; in a terminal it asks.

    Raises
    ------
    AmlflowError
        Nobody can be signed in, or nothing is seen.
    """
    found = connect.look(request, session.patience())
    seen = found.workspaces
    if len(seen) <= 1:
        _connect(session, finding.only(found, connect.parts(request)), keep, progress)
    elif progress.in_notebook:
        _show(session, found, keep, progress)
    else:
        _connect(session, found.workspace(_asked(found)), keep, progress)


def _show(session: Session, found: Found, keep: Keep, progress: Progress) -> None:
    choices = [
        Choice(one.address.name, _where(one), line)
        for one, line in zip(found.workspaces, finding.connect_lines(found.workspaces), strict=True)
    ]

    def chosen(index: int) -> None:
        _connect(session, found.workspace(found.workspaces[index]), keep, progress)
        chooser.close()
        instead.update({}, raw=True)

    chooser = Chooser(_TITLE.format(who=found.signed_in.identity), choices, chosen)
    progress.done(chooser.bundle())
    instead: Any = display(chooser.instead(), raw=True, display_id=True)
    session.choosing = True


def _asked(found: Found) -> Visible:
    """Ask in the terminal for the number of a workspace until it is one."""
    seen = found.workspaces
    print(f"{_TITLE.format(who=found.signed_in.identity)}:")  # noqa: T201 - for the user
    for number, one in enumerate(seen, 1):
        print(f"  {number:>3}  {one.address.name} — {_where(one)}")  # noqa: T201 - for the user
    while True:
        answer = input(f"Number (1 to {len(seen)}): ").strip()
        if answer.isdigit() and 1 <= int(answer) <= len(seen):
            return seen[int(answer) - 1]


def _connect(session: Session, workspace: Workspace, keep: Keep, progress: Progress) -> None:
    connected = session.connect_to(workspace, keep)
    progress.done(connection_card(connected, progress.in_notebook))


def _where(one: Visible) -> str:
    return f"{one.address.resource_group}, {one.region}, {one.subscription}"
