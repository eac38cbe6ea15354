"""What the browser is sent: one complete frame, then only what changed.

A frame is a JSON head and one buffer.  The head is::

    {"seq": int, "left_out": int, "began": float,
     "charts": [{"name", "section", "chart", "label", "colour", "axis",
                 "drawn", "points", "last", "offsets"}]}

with one entry for each curve; those of one section and chart are drawn together.  ``began`` is
when the first point was logged, in seconds since 1970.  The buffer holds, curve after curve,
``drawn`` values (float64; not finite: a gap), ``drawn`` places (uint32) and ``drawn`` times
(uint32).  With ``offsets`` ``[a, b, c, d]`` a place is ``a + b * n`` and a time, in seconds since
1970, ``c + d * n``.

A change is::

    {"seq": int, "charts": [[index, kept, added, points, last, axis, offsets]]}

Of curve ``index`` keep the first ``kept`` drawn points and append ``added`` ones, which are laid
out in the buffer as in a frame; the offsets are those of all its points, or missing where they
stayed.  A change applies to the frame or change that is one lower in
``seq``, and to nothing else.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

from amlflow_jupyter.widgets.axis import beginning
from amlflow_jupyter.widgets.detail import Request, part
from amlflow_jupyter.widgets.downsample import FEWEST
from amlflow_jupyter.widgets.grouping import Place, places
from amlflow_jupyter.widgets.quantity import value_text
from amlflow_jupyter.widgets.series import Series, SeriesSource
from amlflow_jupyter.widgets.trace import POINT_BYTES, Trace

FRAME_BYTES: Final = 128 * 1024
_MOST_POINTS: Final = 2000
_MOST_CHARTS: Final = 128
# A browser that missed a change (a page loaded again, a lost connection) waits for a whole frame.
_CHANGES_BETWEEN_FRAMES: Final = 20


@dataclass(frozen=True)
class Frame:
    """Everything that is drawn."""

    head: dict[str, Any]
    points: bytes


@dataclass(frozen=True)
class Change:
    """What is drawn differently than one ``seq`` before."""

    content: dict[str, Any]
    points: bytes


class Feed:
    """Turns a growing :class:`SeriesSource` into frames and changes; safe from any thread."""

    def __init__(self, source: SeriesSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._traces: list[Trace] = []
        self._places: list[Place] = []
        self._began = 0.0
        self._left_out = 0
        self._room = 0
        self._seq = 0
        self._version = -1
        self._changes = 0
        self._frame_due = True

    def refresh(self) -> Frame | Change | None:
        """Take up what was logged since the last call; None where there is nothing to send."""
        with self._lock:
            version = self._source.version()
            if version == self._version and not self._frame_due:
                return None
            self._version = version
            return self._advance()

    def frame(self) -> Frame:
        """Return what is drawn now."""
        with self._lock:
            return self._frame()

    def part(self, request: Request) -> tuple[dict[str, Any], bytes]:
        """Return the head and the buffer of what is asked for, see `detail`."""
        return part(self._source, request)

    def repeat_frame(self) -> None:
        """Make the next refresh a frame.

        While a browser is being told the state, a change may be sent that it cannot apply; the
        frame that follows heals that.
        """
        self._frame_due = True

    def _advance(self) -> Frame | Change:
        series = self._drawn_series()
        whole = self._lay_out([one.name for one in series]) | self._began_otherwise(series)
        moves = [
            (trace, trace.total, trace.advance(one, self._room))
            for trace, one in zip(self._traces, series, strict=True)
        ]
        self._seq += 1
        self._changes += 1
        if whole or self._frame_due or self._changes >= _CHANGES_BETWEEN_FRAMES:
            self._frame_due, self._changes = False, 0
            return self._frame()
        return self._change(moves)

    def _drawn_series(self) -> list[Series]:
        series = [self._source.series(name) for name in self._source.names()]
        series = [one for one in series if len(one.values)]
        self._left_out = max(0, len(series) - _MOST_CHARTS)
        return series[:_MOST_CHARTS]

    def _lay_out(self, names: list[str]) -> bool:
        """Give each metric its trace; tell whether the charts are others than before."""
        if names == [trace.name for trace in self._traces]:
            return False
        known = {trace.name: trace for trace in self._traces}
        self._traces = [known.get(name) or Trace(name) for name in names]
        self._places = places(names)
        room = FRAME_BYTES // (POINT_BYTES * max(1, len(names)))
        self._room = max(FEWEST, min(_MOST_POINTS, room))
        return True

    def _began_otherwise(self, series: list[Series]) -> bool:
        before, self._began = self._began, beginning(series)
        return before != self._began

    def _frame(self) -> Frame:
        charts = [
            {
                "name": trace.name,
                "section": place.section,
                "chart": place.chart,
                "label": place.label,
                "colour": place.colour,
                "axis": trace.axis,
                "drawn": len(trace.curve),
                "points": trace.total,
                "last": value_text(trace.last),
                "offsets": trace.curve.offsets(),
            }
            for trace, place in zip(self._traces, self._places, strict=True)
        ]
        head = {
            "seq": self._seq,
            "charts": charts,
            "left_out": self._left_out,
            "began": self._began,
        }
        return Frame(head, b"".join(trace.curve.packed() for trace in self._traces))

    def _change(self, moves: list[tuple[Trace, int, int]]) -> Change:
        entries = []
        points = []
        for index, (trace, before, kept) in enumerate(moves):
            if trace.total == before and kept == len(trace.curve):
                continue
            added = len(trace.curve) - kept
            last = value_text(trace.last)
            offsets = [] if kept else [trace.curve.offsets()]
            entries.append([index, kept, added, trace.total, last, trace.axis, *offsets])
            points.append(trace.curve.packed(kept))
        return Change({"seq": self._seq, "charts": entries}, b"".join(points))
