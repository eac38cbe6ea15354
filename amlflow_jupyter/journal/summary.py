"""What all journals of this user hold that is not delivered yet, whoever writes them."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from amlflow_jupyter.journal import database, forking, ownership, places, reading
from amlflow_jupyter.journal.route import shown
from amlflow_jupyter.journal.status import ago, counted


@dataclass(frozen=True)
class Summary:
    """One journal.

    Attributes
    ----------
    path
        Where it lies.
    lives
        Whether the process that writes it runs.
    backlog
        Entries and files that are not delivered.
    oldest
        When the oldest of them was logged (seconds since 1970).
    stores
        Where they are to go.
    quarantined, refused
        How many entries, and runs, a store does not take.
    problem
        Why it cannot be read; None where it can.
    """

    path: Path
    lives: bool
    backlog: int = 0
    oldest: float | None = None
    stores: tuple[str, ...] = ()
    quarantined: int = 0
    refused: int = 0
    problem: str | None = None

    def line(self) -> str:
        """Return it in one line."""
        whose = "its process runs" if self.lives else "its process is gone"
        if self.problem:
            return f"{self.path.name} ({whose}): {self.problem}"
        said = [f"{counted(self.backlog)} for {', '.join(self.stores)}" if self.backlog else ""]
        if self.oldest is not None:
            said.append(f"the oldest logged {ago(time.time() - self.oldest)} ago")
        if self.quarantined:
            said.append(f"{counted(self.quarantined)} not taken by the store")
        if self.refused:
            said.append(f"{self.refused} runs not taken by the store")
        return f"{self.path.name} ({whose}): {'; '.join(filter(None, said)) or 'delivered'}"


def summaries() -> list[Summary]:
    """Return a summary of each journal, the oldest first."""
    return [_read(path) for path in places.journals()]


def _read(path: Path) -> Summary:
    lives = ownership.is_owned(path)
    try:
        with forking.using_sqlite, database.reader(path) as connection:
            backlog = reading.backlog(connection)
            runs = reading.run_records(connection)
            stores = tuple(shown(uri) for uri in reading.target_numbers(connection))
            quarantined = len(reading.quarantined(connection))
    except sqlite3.Error as error:
        return Summary(path, lives, problem=f"it cannot be read: {error}")
    return Summary(
        path=path,
        lives=lives,
        backlog=backlog.entries,
        oldest=backlog.oldest / 1000 if backlog.oldest is not None else None,
        stores=stores,
        quarantined=quarantined,
        refused=sum(1 for run in runs if run.refused),
    )
