"""The places where a run can be shown: a widget, an output that is replaced, a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, Protocol

from IPython.core.getipython import get_ipython
from IPython.display import display

from amlflow_jupyter.widgets import front_end
from amlflow_jupyter.widgets.bundle import bundle
from amlflow_jupyter.widgets.run_state import RunState
from amlflow_jupyter.widgets.series import SeriesSource
from amlflow_jupyter.widgets.summary import one_line

# A static output is replaced as a whole: not at every refresh.
_TICKS_BETWEEN_REPLACEMENTS: Final = 4


class Surface(Protocol):
    """Something to show a run on."""

    def show(self) -> None:
        """Show the run for the first time, in the current cell."""

    def refresh(self) -> None:
        """Show what changed; called again and again from the drawing thread."""

    def close(self) -> None:
        """Show the result for good; also where `show` failed."""


def surface_for(source: SeriesSource, state: Callable[[], RunState]) -> Surface:
    """Return the best that the front end of this process can show."""
    if not hasattr(get_ipython(), "kernel"):
        return TerminalSurface(source, state)
    if front_end.is_built():
        return WidgetSurface(source, state)
    return HtmlSurface(source, state)


class TerminalSurface:
    """Plain Python or IPython: one line at the end."""

    def __init__(self, source: SeriesSource, state: Callable[[], RunState]) -> None:
        self._source, self._state = source, state

    def show(self) -> None:
        """Show nothing: a terminal cannot take a line back."""

    def refresh(self) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Print the run in one line."""
        print(one_line(self._state(), self._source))  # noqa: T201


class HtmlSurface:
    """A kernel whose front end has no widgets: the static result, replaced from time to time."""

    def __init__(self, source: SeriesSource, state: Callable[[], RunState]) -> None:
        self._source, self._state = source, state
        self._handle: Any = None
        self._ticks = 0
        self._version = -1

    def show(self) -> None:
        """Show the run as it is."""
        self._put(self._bundle())

    def refresh(self) -> None:
        """Replace the output if there are new points, at every fourth call."""
        self._ticks += 1
        version = self._source.version()
        if version != self._version and self._ticks % _TICKS_BETWEEN_REPLACEMENTS == 0:
            self._version = version
            self._put(self._bundle())

    def close(self) -> None:
        """Replace the output by the result."""
        self._put(self._bundle())

    def _bundle(self) -> dict[str, Any]:
        return bundle(self._state(), self._source)

    def _put(self, data: dict[str, Any]) -> None:
        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


class WidgetSurface(HtmlSurface):
    """A kernel with widgets: live charts, replaced by the static result at the end.

    JupyterLab gives up the output of a running cell when its page is loaded again, and can ask for
    the widget only when the cell is over.  So the last widget stays open, in its final state, until
    the next one is shown.
    """

    _last: ClassVar[Any] = None

    def __init__(self, source: SeriesSource, state: Callable[[], RunState]) -> None:
        super().__init__(source, state)
        self._widget: Any = None

    def show(self) -> None:
        """Show the widget; with it the static result so far, for those who cannot draw it."""
        from amlflow_jupyter.widgets.feed import Feed
        from amlflow_jupyter.widgets.live_widget import LiveWidget

        self._retire_last()
        self._widget = LiveWidget(Feed(self._source), self._state)
        view, _ = self._widget._repr_mimebundle_()
        self._put(view | self._bundle())

    def refresh(self) -> None:
        """Send the widget what changed."""
        self._widget.refresh()

    def close(self) -> None:
        """Replace the widget by the result."""
        super().close()
        if self._widget is not None:
            self._widget.refresh()
            WidgetSurface._last = self._widget

    @staticmethod
    def _retire_last() -> None:
        last, WidgetSurface._last = WidgetSurface._last, None
        if last is not None:
            last.close()
