"""What stands above the charts: the run's state, name, duration, and where it lies."""

from __future__ import annotations

from typing import Any

from amlflow_jupyter.widgets.markup import (
    ELLIPSIS,
    escape,
    link,
    muted,
    note_lines,
    pill,
    plain,
    web_address,
    whole,
)
from amlflow_jupyter.widgets.palette import badge
from amlflow_jupyter.widgets.quantity import count_text, duration_text
from amlflow_jupyter.widgets.run_state import RunState
from amlflow_jupyter.workspaces.azure import cloud


def header_html(state: RunState, metrics: int, points: int) -> str:
    """Return the header as HTML; the points are counted where there are any."""
    facts = [escape(duration_text(state.seconds))]
    if metrics:
        facts += [count_text(metrics, "metric"), count_text(points, "point")]
    where = [*(escape(part) for part in _where(state)), link(_link_label(state), state.ui_url)]
    return (
        f'<div style="line-height:24px">{_state_and_name(state)} '
        f'<span style="opacity:.7;font-size:12px">{" · ".join(facts)}</span></div>'
        + muted(where)
        + note_lines(state.notes)
    )


def header_text(state: RunState) -> str:
    """Return the header as lines of plain text."""
    shape, word, _ = badge(state.status)
    first = f"{shape} {plain(word)}  {plain(state.name)}  {duration_text(state.seconds)}"
    where = " · ".join(part for part in _where(state) if part)
    address = web_address(state.ui_url)
    lines = [first, where, address or "", *(plain(note, 400) for note in state.notes)]
    return "\n".join(line for line in lines if line)


def header_model(state: RunState) -> dict[str, Any]:
    """Return the header for the live view, which counts the seconds on by itself."""
    shape, word, colour = badge(state.status)
    return {
        "name": plain(state.name, 400),
        "running": state.ended is None,
        "status": state.status,
        "seconds": state.seconds,
        "total": state.total,
        "shape": shape,
        "word": plain(word),
        "colour": colour,
        "where": [part for part in _where(state) if part],
        "link": web_address(state.ui_url),
        "link_label": _link_label(state),
        "notes": [plain(note, 400) for note in state.notes],
    }


def _state_and_name(state: RunState) -> str:
    """Return the two on one line, whatever the name's length; what follows may wrap."""
    return (
        '<span style="display:inline-flex;align-items:baseline;max-width:100%;margin-right:4px;'
        f'white-space:nowrap">{pill(state.status)}&nbsp;<b title="{whole(state.name)}" '
        f'style="{ELLIPSIS};margin-left:4px;font-size:14px">'
        f"{escape(state.name)}</b></span>"
    )


def _where(state: RunState) -> list[str]:
    run = f"run {plain(state.run_id)}" if state.run_id else ""
    return [plain(state.experiment), plain(state.location), run]


def _link_label(state: RunState) -> str:
    in_studio = (state.ui_url or "").startswith(f"{cloud.current().studio}/")
    return "Open in the studio" if in_studio else "Open in MLflow"
