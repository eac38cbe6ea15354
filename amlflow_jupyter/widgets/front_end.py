"""Where the built front end of the live view lies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_STATIC: Final = Path(__file__).parent / "static"
SCRIPT: Final = _STATIC / "live.js"
STYLE: Final = _STATIC / "live.css"


def is_built() -> bool:
    """Tell whether the front end is there: a package built without node has none."""
    return SCRIPT.is_file() and STYLE.is_file()
