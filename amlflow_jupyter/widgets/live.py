"""Showing a run while it is running, and its result when it ends."""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Callable
from typing import Final

from amlflow_jupyter.widgets.run_state import RunState
from amlflow_jupyter.widgets.series import SeriesSource
from amlflow_jupyter.widgets.surfaces import Surface, surface_for

_logger = logging.getLogger(__name__)
_JOIN_SECONDS: Final = 5.0


class LiveView:
    """Shows a run while it is running, then becomes its static result, in the same output.

    Neither method raises: a cell never fails because it could not be drawn.

    Parameters
    ----------
    source
        The run's metrics.
    state
        Returns the run as it is; called from the drawing thread too.
    interval
        Seconds between two looks at the source.
    """

    def __init__(
        self, source: SeriesSource, state: Callable[[], RunState], interval: float = 0.5
    ) -> None:
        self._source = source
        self._state = state
        self._interval = interval
        self._surface: Surface | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._finished = False

    def show(self) -> None:
        """Show the run in the current cell and keep it up to date from a thread."""
        try:
            self._surface = surface_for(self._source, self._state)
            self._surface.show()
            self._start()
        except Exception as error:
            _complain("could not be shown", error)

    def finish(self) -> None:
        """Stop drawing and show the result; what comes after the first call does nothing."""
        if self._finished:
            return
        self._finished = True
        self._stopped.set()
        try:
            if self._thread is not None:
                self._thread.join(_JOIN_SECONDS)
            surface = self._surface or surface_for(self._source, self._state)
            surface.close()
        except Exception as error:
            _complain("could not show the result", error)

    def _start(self) -> None:
        # The context carries the cell's message header: without it, what the thread sends would
        # land in whichever cell runs by then.
        context = contextvars.copy_context()
        self._thread = threading.Thread(
            target=context.run, args=(self._draw,), name="amlflow-live-view", daemon=True
        )
        self._thread.start()

    def _draw(self) -> None:
        try:
            while self._surface and not self._stopped.wait(self._interval):
                self._surface.refresh()
        except Exception as error:
            _complain("stopped drawing", error)


def _complain(what: str, error: Exception) -> None:
    _logger.warning("amlflow's live view %s: %s: %s", what, type(error).__name__, error)
    _logger.debug("the live view's error", exc_info=error)
