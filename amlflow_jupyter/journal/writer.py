"""Write entries: one statement that is its own transaction for each, and never an error.

An entry that the disk does not take (it is full, it fails) is kept in memory and tried again; what
is wrong stands in :attr:`Writer.trouble`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

# id, series, step, time, value, checksum: the columns of the table.
Row = tuple[int, int, int, int, float | str | None, int]
# series, step, time, value, checksum.
NewRow = tuple[int, int, int, float | str | None, int]

_ONE: Final = "insert into entries values (?, ?, ?, ?, ?, ?)"
# Rows in one statement, where many are written at once.
_MANY: Final = 64


class Writer:
    """The one connection through which a process writes its journal; any thread may use it.

    Parameters
    ----------
    connection
        Open to write.
    first_id
        The next entry's id.

    Attributes
    ----------
    lock
        Held while the connection is in use. Each statement is a transaction of its own: an
        interrupt between two statements leaves nothing half done.
    next_id
        Id of the next entry.
    spilled
        Entries that the disk did not take; they follow, in order, those that it took.
    trouble
        What is wrong with the disk; None while nothing is.
    """

    def __init__(self, connection: sqlite3.Connection, first_id: int) -> None:
        self.lock = threading.RLock()
        self.next_id = first_id
        self.spilled: list[Row] = []
        self.trouble: str | None = None
        self.connection = connection
        self._execute = connection.cursor().execute

    def add(self, series: int, step: int, time: int, value: float | str | None, check: int) -> int:
        """Write one entry; return its id. It is on disk when this returns."""
        with self.lock:
            entry = self.next_id
            self.next_id = entry + 1
            if self.spilled:
                self._spill([(entry, series, step, time, value, check)])
                return entry
            try:
                self._execute(_ONE, (entry, series, step, time, value, check))
            except sqlite3.Error as error:
                self._spill([(entry, series, step, time, value, check)], error)
            return entry

    def add_many(self, rows: Sequence[NewRow]) -> int:
        """Write entries; return the last one's id."""
        with self.lock:
            first = self.next_id
            self.next_id = first + len(rows)
            numbered = [(first + at, *row) for at, row in enumerate(rows)]
            if self.spilled:
                self._spill(numbered)
            else:
                self._write(numbered)
            return first + len(rows) - 1

    def last_id(self) -> int:
        """Return the id of the last entry; all up to it are written, none is on its way."""
        with self.lock:
            return self.next_id - 1

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Run one statement.

        Raises
        ------
        sqlite3.Error
            It failed.
        """
        with self.lock:
            return self.connection.execute(statement, values).fetchall()

    def attempt(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run one statement that can be done without; a failure stands in :attr:`trouble`."""
        try:
            self.run(statement, values)
        except sqlite3.Error as error:
            self.trouble = str(error)

    def unspill(self) -> bool:
        """Try again to write what is kept in memory; return whether nothing is any more."""
        with self.lock:
            spilled, self.spilled = self.spilled, []
            self._write(spilled)
            if not self.spilled:
                self.trouble = None
            return not self.spilled

    def add_file(self, run: int, about: str, time: int) -> int:
        """Write down a file to send; return its id.

        Raises
        ------
        OSError
            The disk did not take it.
        """
        with self.lock:
            entry = self.next_id
            self.next_id = entry + 1
            values = (entry, run, about, time)
            try:
                self._execute("insert into files(id, run, about, time) values (?, ?, ?, ?)", values)
            except sqlite3.Error as error:
                raise OSError(f"The journal cannot be written: {error}") from error
            return entry

    def forget_spilled(self, delivered: Callable[[int, int], bool]) -> None:
        """Forget what is kept in memory and was delivered: called with an id and a series."""
        with self.lock:
            self.spilled = [row for row in self.spilled if not delivered(row[0], row[1])]

    def close(self) -> None:
        """Close the connection."""
        with self.lock:
            self.connection.close()

    def _write(self, rows: list[Row]) -> None:
        for at in range(0, len(rows), _MANY):
            chunk = rows[at : at + _MANY]
            places = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(chunk))
            try:
                self._execute(
                    f"insert into entries values {places}",  # noqa: S608 - question marks alone
                    [value for row in chunk for value in row],
                )
            except sqlite3.Error as error:
                self._spill(rows[at:], error)
                return

    def _spill(self, rows: list[Row], error: sqlite3.Error | None = None) -> None:
        self.spilled.extend(rows)
        if error is not None:
            self.trouble = str(error)
