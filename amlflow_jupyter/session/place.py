"""Where one run goes: to the workspace, or to this computer where that does not answer."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from amlflow_jupyter.session import keeping
from amlflow_jupyter.tracking import connection, journaling
from amlflow_jupyter.tracking.surroundings import variable
from amlflow_jupyter.workspaces import connect
from amlflow_jupyter.workspaces.workspace import Workspace

if TYPE_CHECKING:
    from amlflow_jupyter.session.session import Session

# MLflow tries seven times and waits two minutes for each answer: a cell would hang for a quarter
# of an hour on a server that is gone. What the user has set goes before.
_PATIENCE: Final = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}


class Place:
    """The workspace of one run, from :meth:`find` to :meth:`leave`.

    Attributes
    ----------
    workspace
        Where the run goes.
    """

    workspace: Workspace

    def __init__(self, session: Session) -> None:
        self._session = session
        self._exits = ExitStack()

    def find(self) -> None:
        """Connect, or check that what is connected answers.

        Raises
        ------
        ConnectionFailed
            It does not answer.
        AmlflowError
            What was asked for cannot be connected to.
        """
        self.workspace = self._session.connected()
        self._check()
        if self.workspace.kind == "local":
            return
        for name, value in _PATIENCE.items():
            self._exits.enter_context(variable(name, os.environ.get(name, value)))

    def notes(self) -> tuple[str, ...]:
        """Return what the user should know of what is on its way there."""
        here = journaling.current()
        return here.delivery.notes() if here else ()

    def has_everything(self) -> bool:
        """Wait until what was logged is there; return whether it is."""
        here = journaling.current()
        return here is None or here.settle()

    def stay_here(self) -> None:
        """Let the run go to a store of this computer instead."""
        experiment = self.workspace.experiment if hasattr(self, "workspace") else None
        self.workspace = replace(keeping.store(), experiment=experiment)
        self._exits.enter_context(connection.elsewhere(self.workspace.uri))

    def leave(self) -> None:
        """Put back what was changed for the run."""
        self._exits.close()

    def _check(self) -> None:
        connect.check(self.workspace, self._session.settings.connect_timeout)
