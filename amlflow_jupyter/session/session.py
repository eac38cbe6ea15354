"""The one mutable object of a kernel or script: what it is connected to, and its open runs."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amlflow_jupyter.errors import AmlflowError, ConnectionFailed, TrackingError
from amlflow_jupyter.session import asking
from amlflow_jupyter.session.saving import Keep
from amlflow_jupyter.settings import Settings
from amlflow_jupyter.workspaces import connect
from amlflow_jupyter.workspaces.azure import naming
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.connect import Patience, Request
from amlflow_jupyter.workspaces.presence import Presence, Presences, this_process
from amlflow_jupyter.workspaces.profiles import Profiles
from amlflow_jupyter.workspaces.workspace import Workspace

if TYPE_CHECKING:
    from amlflow_jupyter.capture import SourceInfo
    from amlflow_jupyter.session.tracked import Tracked

_current: list[Session] = []


def current() -> Session:
    """Return the session of this process, made when it is first asked for."""
    if not _current:
        _current.append(Session(_shell()))
    return _current[0]


def end() -> None:
    """End the session of this process, if there is one: MLflow is left as it was found."""
    if _current:
        _current.pop().close()


class Session:
    """What a kernel or script is connected to, and the runs that it has open.

    Parameters
    ----------
    shell
        The IPython shell, or None in a script.

    Attributes
    ----------
    workspace
        Where runs go, once connected.
    last_run_id
        The run that was tracked last.
    choosing
        Whether a workspace is being chosen: until then nothing is connected to by itself.
    """

    def __init__(self, shell: Any | None) -> None:
        self.shell = shell
        self.workspace: Workspace | None = None
        self.last_run_id: str | None = None
        self.choosing = False
        self._tell: Callable[[str], None] | None = None
        self._core: tuple[Workspace, Any] | None = None
        self._open: list[Tracked] = []
        self._undo: list[Callable[[], None]] = []
        self._withdraw: Callable[[], None] | None = None
        self._at_exit: Callable[[], None] | None = None

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return Settings.load()

    def connect(self, request: Request | None = None, keep: Keep | None = None) -> Workspace:
        """Connect MLflow to a workspace; see :func:`amlflow_jupyter.connect`."""
        self.choosing = False
        found = connect.find(request or Request(), Profiles(), Path.cwd(), self.patience())
        return self.connect_to(found, keep)

    def connect_to(self, workspace: Workspace, keep: Keep | None = None) -> Workspace:
        """Connect MLflow to a workspace that was found."""
        found = connect.opened(workspace, self.patience())
        # Before anything changes: a name that cannot be saved is refused first.
        return self._use((keep or Keep()).apply(found))

    def switch(self, address: Address) -> Workspace:
        """Connect MLflow to another Azure ML workspace, as who is signed in already."""
        facts = self.workspace.azure if self.workspace else None
        return self.connect_to(naming.signed_in(address, facts.signed_in if facts else None))

    def patience(self) -> Patience:
        """Return how long to wait for a workspace, and whom to ask to sign in."""
        settings = self.settings
        tell = self._tell or asking.tell(self.shell)
        return Patience(settings.connect_timeout, settings.sign_in_timeout, tell)

    @contextlib.contextmanager
    def told_by(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Show its user by ``tell`` how to sign in, where the block asks for it."""
        self._tell = tell
        try:
            yield
        finally:
            self._tell = None

    def core_workspace(self) -> Any:
        """Return azureml-core's object of the workspace; see :func:`amlflow_jupyter.workspace`."""
        from amlflow_jupyter.workspaces.azure.core import core_workspace

        connected = self.connected()
        if connected.kind == "azure":  # azureml-core keeps a token that was taken back
            connect.check(connected, self.settings.connect_timeout)
        if self._core is None or self._core[0] is not connected:
            self._core = (connected, core_workspace(connected))
        return self._core[1]

    def connected(self) -> Workspace:
        """Return the workspace, connecting to the one that is found without a target if needed."""
        if self.choosing:
            raise ConnectionFailed(
                "No workspace is chosen yet: choose one in the list that %aml_connect shows, and "
                "press Connect."
            )
        return self.workspace or self.connect()

    def find_source(self) -> SourceInfo:
        """Find the notebook or script that runs now, and tell MLflow of it."""
        from amlflow_jupyter.capture import find
        from amlflow_jupyter.tracking.source import set_source

        source = find(self.shell)
        set_source(str(source.path) if source.path else source.name, source.kind)
        return source

    def open_run(self) -> Tracked | None:
        """Return the innermost run that is open, if there is one."""
        return self._open[-1] if self._open else None

    def enter(self, tracked: Tracked) -> None:
        """Remember that a run is open."""
        self._open.append(tracked)

    def leave(self, tracked: Tracked) -> None:
        """Remember that a run is open no longer."""
        self._open.remove(tracked)
        self.last_run_id = tracked.run_id or self.last_run_id

    def close(self) -> None:
        """End open runs, take back what was changed in MLflow, and leave the sidebar."""
        for tracked in reversed(self._open):
            tracked.close(TrackingError("amlflow was unloaded."))
        if self._withdraw:
            atexit.unregister(self._withdraw)
            self._withdraw()
        if self._at_exit:
            from amlflow_jupyter.session import leaving

            atexit.unregister(self._at_exit)
            leaving.deliver(self.settings.exit_timeout)
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def _use(self, workspace: Workspace) -> Workspace:
        from amlflow_jupyter.tracking import connection

        restore = connection.remember()
        take_back = connection.share(workspace)
        try:
            experiment = connection.use(workspace, self.settings)
        except BaseException:  # the workspace before stays connected to, also after an interrupt
            restore()
            take_back()
            raise
        # What was shared is taken back last: until MLflow points elsewhere, it may still ask there.
        self._undo = [*self._undo[:-1], take_back, self._undo[-1] if self._undo else restore]
        self._deliver_at_exit()
        self.workspace = replace(workspace, experiment=experiment)
        self.choosing = False
        # The sidebar is a convenience: a home that cannot be written must not stop the work.
        with contextlib.suppress(OSError, AmlflowError):
            self._announce()
        return self.workspace

    def _deliver_at_exit(self) -> None:
        """Have the journal delivered when the process ends, for as long as the settings allow."""
        from amlflow_jupyter.session import leaving

        if self._at_exit is None:
            self._at_exit = partial(leaving.at_exit, self.settings.exit_timeout, os.getpid())
            atexit.register(self._at_exit)

    def _announce(self) -> None:
        workspace = self.workspace
        if workspace is None:
            return
        pid, created = this_process()
        notebook = self.find_source().path
        presences = Presences()
        presences.announce(
            Presence(
                pid=pid,
                created=created,
                uri=workspace.uri,
                experiment=workspace.experiment,
                notebook=str(notebook) if notebook else None,
                since=time.time(),
                auth=workspace.azure.auth if workspace.azure else None,
                tenant=workspace.azure.tenant if workspace.azure else None,
            )
        )
        if self._withdraw is None:
            self._withdraw = partial(presences.withdraw, pid)
            atexit.register(self._withdraw)


def _shell() -> Any | None:
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()
