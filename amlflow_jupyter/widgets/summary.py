"""A run in one line, for terminals."""

from __future__ import annotations

from typing import Final

from amlflow_jupyter.widgets.markup import plain
from amlflow_jupyter.widgets.palette import badge
from amlflow_jupyter.widgets.quantity import duration_text, value_text
from amlflow_jupyter.widgets.run_state import RunState
from amlflow_jupyter.widgets.series import SeriesSource

_SHOWN: Final = 4


def one_line(state: RunState, source: SeriesSource) -> str:
    """Return state, name, duration, last values of the first metrics, and where the run lies."""
    shape, word, _ = badge(state.status)
    head = f"{shape} {plain(word)} {plain(state.name)} in {duration_text(state.seconds)}"
    return " | ".join(part for part in (head, _last_values(source), _place(state)) if part)


def _last_values(source: SeriesSource) -> str:
    names = source.names()
    series = (source.series(name) for name in names[:_SHOWN])
    last = [
        f"{plain(s.name, 40)}={value_text(float(s.values[-1]))}" for s in series if len(s.values)
    ]
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join(last) + more


def _place(state: RunState) -> str:
    return " · ".join(plain(part) for part in (state.experiment, state.location) if part)
