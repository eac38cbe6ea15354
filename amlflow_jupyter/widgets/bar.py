"""How far something is: a line of text with a bar, which ends as text."""

from __future__ import annotations

from typing import Final

from amlflow_jupyter.widgets.markup import escape, plain
from amlflow_jupyter.widgets.palette import CURVES

_CELLS: Final = 24
_LONGEST: Final = 160


def bar(text: str, part: float | None = None) -> dict[str, str]:
    """Return how far something is as ``text/html`` and ``text/plain``.

    Parameters
    ----------
    text
        What is being done.
    part
        How much of it is done, from 0 to 1; None where nobody knows.
    """
    if part is None:
        return {"text/html": _line(escape(text, _LONGEST)), "text/plain": plain(text, _LONGEST)}
    done = min(1.0, max(0.0, part))
    return {
        "text/html": _line(_drawn(done) + escape(text, _LONGEST)),
        "text/plain": f"{_written(done)} {plain(text, _LONGEST)}",
    }


def _line(content: str) -> str:
    return f'<div style="font-size:12px;line-height:18px">{content}</div>'


def _drawn(done: float) -> str:
    return (
        '<span style="display:inline-block;width:160px;height:8px;margin-right:10px;'
        'border-radius:4px;background-color:rgba(128,128,128,.3)">'
        f'<span style="display:block;width:{done:.0%};height:8px;border-radius:4px;'
        f'background-color:{CURVES[0]}"></span></span>'
    )


def _written(done: float) -> str:
    full = int(done * _CELLS)
    return f"{'█' * full}{'░' * (_CELLS - full)} {done:4.0%}"
