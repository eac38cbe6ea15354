"""Colours, for the live view and the static pictures alike.

Curves are Okabe and Ito's colours for all kinds of colour vision (https://jfly.uni-koeln.de/color/),
without those that are only readable on one background: orange and sky blue are darkened, yellow
and black left out.  Each has a contrast of at least 3 : 1 on white, on JupyterLab's dark #111111
and on VS Code's #1e1e1e, because a picture in a notebook cannot know its background.
"""

from __future__ import annotations

from typing import Final, NamedTuple

CURVES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#C17F00", "#3D9BD1")
GREY: Final = "#7F7F7F"


class Badge(NamedTuple):
    """A state as shape, word and colour: none of the three is needed to tell it."""

    shape: str
    word: str
    colour: str


_BADGES: Final = {
    "RUNNING": Badge("●", "Running", "#0072B2"),
    "FINISHED": Badge("✓", "Finished", "#009E73"),
    "FAILED": Badge("✕", "Failed", "#D55E00"),
    "KILLED": Badge("■", "Killed", "#C17F00"),
}


def curve(index: int) -> str:
    """Return the colour of the chart at ``index``."""
    return CURVES[index % len(CURVES)]


def badge(status: str) -> Badge:
    """Return what stands for ``status``; an unknown one is shown in its own words."""
    return _BADGES.get(status) or Badge("◆", status.capitalize(), GREY)
