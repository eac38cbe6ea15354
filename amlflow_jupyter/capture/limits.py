"""How much of a cell is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of what one run captures; what is cut is said in a note.

    Attributes
    ----------
    stream_bytes
        Of stdout and of stderr each, as UTF-8: the first and the last half of it are kept.
    notebook_bytes, diff_bytes, traceback_bytes
        Of the notebook's snapshot, git's diff, and the traceback.
    figures, figure_bytes
        Number of figures, and the size of each.
    tables, table_rows, table_bytes
        Number of tables, and the rows and size of each.
    patience
        Seconds to wait, when the cell has ended, for what is collected in the background.
    """

    stream_bytes: int = 2_000_000
    notebook_bytes: int = 10_000_000
    diff_bytes: int = 2_000_000
    traceback_bytes: int = 200_000
    figures: int = 100
    figure_bytes: int = 10_000_000
    tables: int = 20
    table_rows: int = 100_000
    table_bytes: int = 50_000_000
    patience: float = 5.0
