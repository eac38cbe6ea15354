"""Save what can be read of a damaged journal: pages of the file are no longer what was written."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.journal import database

_SMALL: Final = ("meta", "targets", "runs", "series", "files", "quarantine")


def is_sound(path: Path) -> bool:
    """Whether SQLite finds the file's structure as it should be.

    Raises
    ------
    sqlite3.DatabaseError
        It is no database.
    """
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (said,) = connection.execute("pragma quick_check(1)").fetchone()
    return bool(said == "ok")


def rebuild(path: Path) -> str:
    """Put a journal of all that can be read in the place of a damaged one, which is kept beside it.

    Returns
    -------
    str
        A sentence for the user.

    Raises
    ------
    sqlite3.DatabaseError
        Not even the table of runs can be read.
    """
    fresh = path.with_suffix(".salvaged")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old,
        contextlib.closing(database.open_to_write(fresh, "normal", shared=True)) as new,
    ):
        new.execute("begin")
        for table in _SMALL:
            _copy(old, new, table)
        saved = _copy_entries(old, new)
        new.execute("commit")
    damaged = path.with_suffix(".damaged")
    path.replace(damaged)
    for end in ("-wal", "-shm"):
        beside = Path(f"{path}{end}")
        if beside.exists():
            beside.replace(Path(f"{damaged}{end}"))
    fresh.replace(path)
    return (
        f"A journal was damaged on the disk: {saved:,} entries of it could be read, and the file "
        f"is kept as {damaged}."
    )


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    for row in old.execute(f"select * from {table}"):  # noqa: S608 - a name of ours
        places = ", ".join("?" * len(row))
        new.execute(f"insert or replace into {table} values ({places})", row)  # noqa: S608


def _copy_entries(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    """Read from both ends towards the damage; return how many entries were saved."""
    saved = 0
    for order in ("asc", "desc"):
        for row in _until_damage(old, order):
            before = new.total_changes
            new.execute("insert or ignore into entries values (?, ?, ?, ?, ?, ?)", row)
            saved += new.total_changes - before
    return saved


def _until_damage(old: sqlite3.Connection, order: str) -> Iterator[tuple[Any, ...]]:
    rows = old.execute(f"select * from entries order by id {order}")  # noqa: S608 - one of two words
    with contextlib.suppress(sqlite3.DatabaseError):
        yield from rows
