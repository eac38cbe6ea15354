"""Where the built front ends of the widgets lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_STATIC: Final = Path(__file__).parent / "static"
SCRIPT: Final = _STATIC / "live.js"
STYLE: Final = _STATIC / "live.css"
CHOOSER_SCRIPT: Final = _STATIC / "chooser.js"
CHOOSER_STYLE: Final = _STATIC / "chooser.css"


def is_built() -> bool:
    """Tell whether the front ends are there: a package built without node has none."""
    return all(part.is_file() for part in (SCRIPT, STYLE, CHOOSER_SCRIPT, CHOOSER_STYLE))
