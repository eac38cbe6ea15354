"""The widget behind the live view. Importing this needs its built front end: see `front_end`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import anywidget
import traitlets

from amlflow_jupyter.widgets.controls import Controls, answer_beside_cells
from amlflow_jupyter.widgets.feed import Change, Feed, Frame
from amlflow_jupyter.widgets.front_end import SCRIPT, STYLE
from amlflow_jupyter.widgets.header import header_model
from amlflow_jupyter.widgets.run_state import RunState


class LiveWidget(anywidget.AnyWidget):
    """A model that can always be drawn from its state, however often and from wherever it is asked.

    Whole frames travel as state, changes as messages.  A browser that asks for the state (a new
    view, a page loaded again) gets the frame of that moment.
    """

    _esm = SCRIPT
    _css = STYLE

    run = traitlets.Dict().tag(sync=True)
    """The header, see `header_model`."""

    head = traitlets.Dict().tag(sync=True)
    """The head of a frame, see `feed`."""

    points = traitlets.Bytes().tag(sync=True)
    """The buffer of a frame, see `feed`."""

    def __init__(self, feed: Feed, state: Callable[[], RunState]) -> None:
        self._feed = feed
        self._state = state
        self._told: dict[str, Any] = {}
        self._controls = Controls(feed, state)
        feed.refresh()
        super().__init__()
        answer_beside_cells(self.comm)
        self.on_msg(self._answer)

    def get_state(
        self, key: str | Iterable[str] | None = None, drop_defaults: bool = False
    ) -> dict[str, Any]:
        """Return the state as ipywidgets does, with the frame and the run as they are now."""
        values: dict[str, Any] = super().get_state(key, drop_defaults)
        if key is None:
            self._feed.repeat_frame()
        if "head" in values or "points" in values:
            frame = self._feed.frame()
            values |= {"head": frame.head, "points": frame.points}
        if "run" in values:
            values["run"] = header_model(self._state())
        return values

    def refresh(self) -> None:
        """Send what changed since the last call, if anything did."""
        self._send_header()
        update = self._feed.refresh()
        if isinstance(update, Frame):
            self.send_state(("head", "points"))
        elif isinstance(update, Change):
            self.send(update.content, [update.points])

    def _answer(self, _widget: Any, asked: Any, _buffers: Any) -> None:
        answered = self._controls.answer(asked)
        if answered is not None:
            content, points = answered
            self.send(content, [points])

    def _send_header(self) -> None:
        told = header_model(self._state()) | {"seconds": 0}
        if told != self._told:
            self._told = told
            self.send_state("run")
