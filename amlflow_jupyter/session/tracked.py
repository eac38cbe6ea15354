"""A tracked run as its user sees it: the run, what is captured beside it, and its view."""

from __future__ import annotations

import sys
import time
from asyncio import CancelledError
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from amlflow_jupyter._version import __version__
from amlflow_jupyter.errors import AmlflowError, ConnectionFailed, StoreFailed
from amlflow_jupyter.session import identity, keeping
from amlflow_jupyter.session.capturing import Capturing
from amlflow_jupyter.session.options import Code, TrackOptions
from amlflow_jupyter.tracking import connection, links, search
from amlflow_jupyter.tracking.autologging import autologging
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.tracking.run import RunRequest, Status, TrackedRun
from amlflow_jupyter.widgets.live import LiveView
from amlflow_jupyter.widgets.run_state import RunState
from amlflow_jupyter.workspaces import connect
from amlflow_jupyter.workspaces.workspace import Workspace

if TYPE_CHECKING:
    from amlflow_jupyter.session.session import Session


class Tracked:
    """Everything that belongs to one tracked run, from :meth:`open` to :meth:`close`.

    Nothing here breaks the code that is tracked: what cannot be recorded becomes a line for the
    user, and what was captured is kept on this computer.
    """

    def __init__(self, session: Session, options: TrackOptions, code: Code) -> None:
        self._session = session
        self._options = options
        self._code = code
        self._exits = ExitStack()
        self._notes: list[str] = []
        self._losses: list[str] = []
        self._nested = False
        self._experiment = options.experiment
        self._status: Status = "RUNNING"
        self._started = time.time()
        self._ended: float | None = None
        self._run: TrackedRun | None = None
        self._workspace: Workspace | None = None
        self._capturing = Capturing(session.shell, options, code)
        self._view: LiveView | None = None

    @property
    def run_id(self) -> str | None:
        """The run's id; None where it could not be started."""
        return self._run.run_id if self._run else None

    def open(self) -> None:
        """Start the run.

        Raises
        ------
        AmlflowError
            The request cannot be met: the run to resume is not there, for instance. A workspace
            that fails is no such case: the run is kept on this computer then.
        """
        outer = self._session.open_run()
        self._nested = self._options.nested or bool(outer and outer.run_id)
        self._session.enter(self)
        try:
            self._workspace = self._session.connected()
            source = self._session.find_source()
            self._open_run(identity.of_cell(source.path, self._code.cell_id, self._options.name))
            with self._noting("The run is not shown"):
                self._show()
            with self._noting("What the cell shows is not captured"):
                self._capturing.start(source)
        except BaseException as error:
            self.close(error)
            raise

    def close(self, error: BaseException | None) -> None:
        """End the run as what happened. Never raises: the code has run, and its result stands."""
        status = _status(error)
        try:
            with self._noting("What the cell showed was not captured"):
                self._notes += self._capturing.stop(error)
            if self._run:
                self._send(self._run)
        finally:
            self._end(status)

    def _where(self) -> Workspace:
        assert self._workspace is not None  # noqa: S101 - open() begins with it
        return self._workspace

    def _open_run(self, cell: str | None) -> None:
        workspace = self._where()
        try:
            connect.check(workspace, self._session.settings.connect_timeout)
            self._start_run(cell, self._options.resume)
        except (ConnectionFailed, StoreFailed) as error:
            self._losses.append(str(error))
            self._keep_here(workspace, cell)

    def _keep_here(self, workspace: Workspace, cell: str | None) -> None:
        """Run on in a store of this computer: the workspace does not take the run."""
        with self._noting("This cell is not tracked"):
            store = keeping.store(workspace.experiment)
            self._exits.enter_context(connection.elsewhere(store.uri))
            self._workspace = store
            self._experiment = self._experiment or store.experiment
            self._start_run(cell, None)
            self._notes.append(f"The run is kept on this computer: %aml_connect {store.uri}")

    def _start_run(self, cell: str | None, resume: str | None) -> None:
        options, experiment = self._options, self._experiment
        with translated("The earlier runs cannot be looked up"):
            earlier = search.runs_of_cell(cell, experiment) if cell and self._replaces(cell) else ()
            if resume == "last":
                resume = self._session.last_run_id or search.last_run(experiment)
        tags = {"amlflow.version": __version__, **({search.CELL_TAG: cell} if cell else {})}
        run = TrackedRun(
            RunRequest(
                name=options.name,
                experiment=experiment,
                tags=tags | dict(options.tags),
                description=options.description,
                nested=self._nested,
                resume=resume,
                system_metrics=options.system_metrics,
            )
        )
        with ExitStack() as exits:
            if options.autolog:
                exits.enter_context(autologging(options.autolog))
            run.open()
            self._exits.push(exits.pop_all())
        self._run = run
        if resume:
            run.load_earlier_history()
        self._record("The params are not recorded", run, options.params)
        with self._noting("The earlier run of this cell is still there"):
            run.replace(earlier)

    def _replaces(self, cell: str | None) -> bool:
        if self._options.rerun == "replace" and cell is None:
            self._notes.append(
                "No earlier run was replaced: give the run a name, so that it can be found again."
            )
        return self._options.rerun == "replace" and cell is not None

    def _record(self, what: str, run: TrackedRun, params: Mapping[str, Any]) -> None:
        if params:
            with self._noting(what):
                run.log_params(params)

    def _send(self, run: TrackedRun) -> None:
        params, missing = self._capturing.variables()
        if missing:
            self._notes.append(f"Not recorded, because it is no plain value: {', '.join(missing)}")
        self._record("The variables are not recorded as params", run, params)
        with self._noting("The tags are not recorded"):
            run.set_tags(self._capturing.tags)
        try:
            run.log_folder(self._capturing.folder)
        except StoreFailed as error:
            kept = keeping.keep(self._capturing.folder, run.run_id)
            self._losses.append(f"{error} They are kept in {kept}.")
        with self._noting("Not every metric is drawn"):
            run.load_missing_history()

    def _end(self, status: Status) -> None:
        """Whatever else failed, leave no run open and nothing changed in MLflow or IPython."""
        with self._noting("The run could not be ended in the workspace"):
            if self._run:
                self._run.close(status)
        with self._noting("Not everything was put back as it was"):
            self._exits.close()
        self._ended = time.time()
        self._status = status
        self._session.leave(self)
        if self._run:
            self._show_end()
        elif self._losses:
            self._say_losses()
        self._capturing.remove()

    def _show(self) -> None:
        if self._run and not self._options.quiet:
            self._view = LiveView(
                self._run.history, self._state, self._session.settings.refresh_seconds
            )
            self._view.show()

    def _show_end(self) -> None:
        if self._view:
            self._view.finish()
        else:
            self._say_losses()

    def _say_losses(self) -> None:
        for line in self._losses:
            print(f"amlflow: {line}", file=sys.stderr)  # noqa: T201 - the user's one line

    def _state(self) -> RunState:
        """Describe the run for its view; called from the drawing thread too."""
        run, workspace = self._run, self._where()
        assert run is not None  # noqa: S101 - there is no view without a run
        children = (f"Runs beneath it: {run.children}",) if run.children else ()
        return RunState(
            name=run.name,
            status=self._status,
            started=self._started,
            ended=self._ended,
            run_id=run.run_id,
            experiment=run.experiment,
            location=workspace.location,
            ui_url=links.run_url(workspace, run.experiment_id, run.run_id),
            notes=(*self._losses, *children, *self._notes),
        )

    @contextmanager
    def _noting(self, what: str) -> Iterator[None]:
        """Turn a failure into a line for the user."""
        try:
            yield
        except AmlflowError as error:
            self._losses.append(f"{what}: {error}")
        except Exception as error:  # tracking must never break the cell
            self._losses.append(f"{what}: {type(error).__name__}: {error}")


def _status(error: BaseException | None) -> Status:
    """Say how code ended; leaving with ``sys.exit()`` or status 0 is no failure."""
    if isinstance(error, (KeyboardInterrupt, CancelledError)):
        return "KILLED"
    clean_exit = isinstance(error, SystemExit) and error.code in (None, 0)
    return "FINISHED" if error is None or clean_exit else "FAILED"
