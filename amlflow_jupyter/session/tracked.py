"""A tracked run as its user sees it: the run, what is captured beside it, and its view."""

from __future__ import annotations

import time
from asyncio import CancelledError
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from amlflow_jupyter._version import __version__
from amlflow_jupyter.errors import ConnectionFailed, JournalError, StoreFailed
from amlflow_jupyter.session import identity, keeping
from amlflow_jupyter.session.capturing import Capturing
from amlflow_jupyter.session.options import Code, TrackOptions
from amlflow_jupyter.session.place import Place
from amlflow_jupyter.session.report import Report
from amlflow_jupyter.session.secrecy import without_secrets
from amlflow_jupyter.tracking import links, search
from amlflow_jupyter.tracking.autologging import autologging
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.tracking.run import RunRequest, Status, TrackedRun
from amlflow_jupyter.widgets.live import LiveView
from amlflow_jupyter.widgets.run_state import RunState

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
        self._place = Place(session)
        self._report = Report()
        self._capturing = Capturing(session.shell, options, code)
        self._exits = ExitStack()
        self._nested = False
        self._status: Status = "RUNNING"
        self._started = time.time()
        self._ended: float | None = None
        self._run: TrackedRun | None = None
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
            source = self._session.find_source()
            self._open_run(identity.of_cell(source.path, self._code.cell_id, self._options.name))
            with self._report.noting("The run is not shown"):
                self._show()
            with self._report.noting("What the cell shows is not captured"):
                self._capturing.start(source)
        except BaseException as error:
            self.close(error)
            raise

    def close(self, error: BaseException | None) -> None:
        """End the run as what happened. Never raises: the code has run, and its result stands."""
        status = _status(error)
        try:
            with self._report.noting("What the cell showed was not captured"):
                self._report.notes += self._capturing.stop(error)
            if self._run:
                self._send(self._run)
        finally:
            self._end(status)

    def _open_run(self, cell: str | None) -> None:
        try:
            self._place.find()
            self._start_run(cell, self._options.experiment, self._options.resume)
        except (ConnectionFailed, StoreFailed) as error:
            self._report.losses.append(str(error))
            with self._report.noting("This cell is not tracked"):
                self._place.stay_here()
                here = self._place.workspace
                self._start_run(cell, self._options.experiment or here.experiment, None)
                self._report.notes.append(
                    f"The run is kept on this computer: %aml_connect {here.uri}"
                )

    def _start_run(self, cell: str | None, experiment: str | None, resume: str | None) -> None:
        options = self._options
        with translated("The earlier runs cannot be looked up"):
            earlier = search.runs_of_cell(cell, experiment) if cell and self._replaces(cell) else ()
            if resume == "last":
                resume = self._session.last_run_id or search.last_run(experiment)
        tags = {"amlflow.version": __version__, **({search.CELL_TAG: cell} if cell else {})}
        request = RunRequest(
            name=options.name,
            experiment=experiment,
            tags=tags | dict(options.tags),
            description=options.description,
            nested=self._nested,
            resume=resume,
            system_metrics=options.system_metrics,
        )
        run = TrackedRun(request)
        with ExitStack() as exits:
            if options.autolog:
                exits.enter_context(autologging(options.autolog))
            run.open()
            self._exits.push(exits.pop_all())
        self._run = run
        if resume:
            run.load_earlier_history()
        self._record(run, options.params)
        with self._report.noting("The earlier run of this cell is still there"):
            run.replace(earlier)

    def _replaces(self, cell: str | None) -> bool:
        if self._options.rerun == "replace" and cell is None:
            self._report.notes.append(
                "No earlier run was replaced: give the run a name, so that it can be found again."
            )
        return self._options.rerun == "replace" and cell is not None

    def _record(self, run: TrackedRun, params: Mapping[str, Any]) -> None:
        with self._report.noting("The params are not recorded"):
            clean, secret = without_secrets(params)
            if secret:
                self._report.notes.append(f"Redacted among the params: {', '.join(secret)}")
            run.log_params(clean)

    def _send(self, run: TrackedRun) -> None:
        """Send what there is to send at the end."""
        params, notes = self._capturing.variables()
        self._report.notes += notes
        self._record(run, params)
        with self._report.noting("The tags are not recorded"):
            run.set_tags(self._capturing.tags)
        try:
            run.log_folder(self._capturing.folder)
        except (StoreFailed, JournalError) as error:
            self._keep_artifacts(run, str(error))
        if self._place.has_everything():
            with self._report.noting("Not every metric is drawn"):
                run.load_missing_history()

    def _keep_artifacts(self, run: TrackedRun, reason: str) -> None:
        kept = keeping.keep_artifacts(self._capturing.folder, run.run_id)
        self._report.losses.append(f"{reason} They are kept in {kept}.")

    def _end(self, status: Status) -> None:
        """Whatever else failed, leave no run open and nothing changed in MLflow or IPython."""
        with self._report.noting("The run could not be ended in the workspace"):
            if self._run:
                self._run.close(status)
        with self._report.noting("Not everything was put back as it was"):
            self._exits.close()
        with self._report.noting("MLflow was not put back as it was"):
            self._place.leave()
        self._ended = time.time()
        self._status = status
        self._session.leave(self)
        if self._view:
            self._view.finish()
        else:
            self._report.print_losses()
        self._capturing.remove()

    def _show(self) -> None:
        if self._run and not self._options.quiet:
            seconds = self._session.settings.refresh_seconds
            view = LiveView(self._run.history, self._state, seconds)
            view.show()
            self._view = view

    def _state(self) -> RunState:
        """Describe the run for its view; called from the drawing thread too."""
        run, workspace = self._run, self._place.workspace
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
            notes=(*self._report.losses, *self._place.notes(), *children, *self._report.notes),
            total=self._options.total,
        )


def _status(error: BaseException | None) -> Status:
    """Say how code ended; leaving with ``sys.exit()`` or status 0 is no failure."""
    if isinstance(error, (KeyboardInterrupt, CancelledError)):
        return "KILLED"
    clean_exit = isinstance(error, SystemExit) and error.code in (None, 0)
    return "FINISHED" if error is None or clean_exit else "FAILED"
