"""Open the SQLite file of a journal: for its owner to write, or for anybody to read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from amlflow_jupyter.errors import JournalError
from amlflow_jupyter.journal import forking, schema

Durability = Literal["normal", "full"]

# Bytes. A commit writes and checks one page: small ones are the faster ones, and an entry is small.
_PAGE: Final = 1024
# Seconds that a reader may keep the owner from what needs the file alone.
_BUSY: Final = 5.0


def open_to_write(path: Path, durability: Durability, shared: bool) -> sqlite3.Connection:
    """Open a journal for its owner, with its tables made or migrated.

    Parameters
    ----------
    durability
        ``"normal"`` survives the death of the process; what the last checkpoint did not take is
        lost in a power cut. ``"full"`` survives that too, at a thousand times the price.
    shared
        The file system is a network's: without the write-ahead log then, slower, and safe.

    Raises
    ------
    JournalError
        It is not ours, or newer than this version.
    """
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=_BUSY, cached_statements=64
    )
    try:
        _configure(connection, durability, shared)
        schema.prepare(connection, path)
    except (JournalError, sqlite3.Error):
        connection.close()
        raise
    return connection


def _configure(connection: sqlite3.Connection, durability: Durability, shared: bool) -> None:
    connection.execute(f"pragma page_size = {_PAGE}")
    connection.execute("pragma auto_vacuum = incremental")
    connection.execute(f"pragma journal_mode = {'truncate' if shared else 'wal'}")
    safe = durability == "full" or shared
    connection.execute(f"pragma synchronous = {'full' if safe else 'normal'}")
    connection.execute("pragma wal_autocheckpoint = 0")  # upkeep does it beside the user's thread


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a journal that may be in use; nothing can be written through this.

    Raises
    ------
    sqlite3.Error
        It is not there, or no database.
    """
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY,
    )


@contextmanager
def reader(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a journal to read while the block runs; a fork waits for the opening and the closing.

    Raises
    ------
    sqlite3.Error
        It is not there, or no database.
    """
    with forking.using_sqlite:
        connection = open_to_read(path)
    try:
        yield connection
    finally:
        with forking.using_sqlite:
            connection.close()
