"""Know a cell again when it is run once more."""

from __future__ import annotations

import hashlib
from pathlib import Path


def of_cell(notebook: Path | None, cell_id: str | None, name: str | None) -> str | None:
    """Return a cell's identity, the same each time it is run: 16 hexadecimal digits.

    It is made of the notebook's path and the front end's id of the cell, or, where the front end
    gives none, the name of the run. The cell's text is no part of it: it changes while one works.
    None where nothing tells one cell from another.
    """
    if cell_id is None and name is None:
        return None
    mark = f"{notebook or ''}\n{cell_id or name}"
    return hashlib.sha256(mark.encode()).hexdigest()[:16]
