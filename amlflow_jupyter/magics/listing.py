"""Lists: shown as a table, printed as JSON, or returned as a data frame."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from IPython.core.error import UsageError

from amlflow_jupyter.magics.output import Bundle, plain, print_json
from amlflow_jupyter.magics.progress import Progress

R = TypeVar("R")


@dataclass(frozen=True)
class Listing(Generic[R]):
    """Something to list.

    Attributes
    ----------
    begun
        What is said while it is read.
    read
        Reads the records, which are dataclasses.
    drawn
        Draws them as a table.
    frame
        Makes a data frame of them; without it, there is a column for each attribute.
    alone
        Whether there is always one record: as JSON it is no list.
    """

    begun: str
    read: Callable[[], Sequence[R]]
    drawn: Callable[[Sequence[R]], Bundle]
    frame: Callable[[Sequence[R]], Any] | None = None
    alone: bool = False


def listed(shell: Any, given: Namespace, listing: Listing[R]) -> Any:
    """List as the line asked for; return the data frame, if it asked for one."""
    wants_json, wants_frame = hasattr(given, "json"), hasattr(given, "df")
    if wants_json and wants_frame:
        raise UsageError("--json prints, --df returns: give one.")
    if wants_frame:
        return (listing.frame or _frame)(listing.read())
    if wants_json:
        records = [plain(record) for record in listing.read()]
        print_json(records[0] if listing.alone else records)
        return None
    with Progress(shell, listing.begun) as progress:
        progress.done(listing.drawn(listing.read()))
    return None


def _frame(records: Sequence[Any]) -> Any:
    import pandas as pd

    return pd.DataFrame.from_records([plain(record) for record in records])
