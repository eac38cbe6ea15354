"""The tables of a journal, their format version, and what is done about other versions.

=========== ============================================================================
targets     stores that runs go to, and the limits they taught us
runs        the runs, and how far each is delivered
series      a run, a kind and a key: what entries have in common stands here once
entries     what was logged
files       artifacts to send; their content lies in the spool
quarantine  entries that the store refused, and why
meta        whose journal it is
=========== ============================================================================

A run's ``delivered`` is the last entry that the store acknowledged, and all before it; ``sent`` the
last that was handed to it: between the two lies what may or may not have arrived. ``asked`` says
the same of its ``creation``.  Files go their own way, beside the entries.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from amlflow_jupyter.errors import JournalError

# "amlj": says to whoever opens the file what it is.
APPLICATION: Final = 0x616D6C6A
FORMAT: Final = 2

_TABLES: Final = """
create table meta(key text primary key, value) without rowid;
create table targets(id integer primary key, uri text unique not null, limits text);
create table runs(
    id integer primary key, run_id text unique not null, target integer not null,
    store_run_id text, creation text, asked integer not null default 0,
    opened integer not null default 0, ended integer not null default 0,
    delivered integer not null default 0, sent integer not null default 0, refused text);
create table series(
    id integer primary key, run integer not null, kind integer not null, name text not null,
    extra text not null, unique(run, kind, name, extra));
create table entries(
    id integer primary key, series integer not null, step integer not null,
    time integer not null, value, "check" integer not null);
create table files(
    id integer primary key, run integer not null, about text not null,
    time integer not null, sent integer not null default 0);
create table quarantine(entry integer primary key, reason text not null);
"""

# From each older format to the next one.
_MIGRATIONS: Final = {
    1: """
        alter table runs drop column uploaded;
        alter table runs add column creation text;
        alter table runs add column asked integer not null default 0;
        create table files(
            id integer primary key, run integer not null, about text not null,
            time integer not null, sent integer not null default 0);
    """,
}


def prepare(connection: sqlite3.Connection, path: object) -> None:
    """Make the tables of a new journal, or bring an older one to this version's format.

    Raises
    ------
    JournalError
        It was written by a newer version, or is no journal.
    """
    found = _version(connection)
    if found is None:
        _run(connection, _TABLES, FORMAT)
        return
    if found > FORMAT:
        raise JournalError(
            f"{path} was written by a newer amlflow (format {found}, this one knows {FORMAT}): "
            "upgrade amlflow (`pip install -U amlflow-jupyter`) to deliver what is in it."
        )
    for version in range(found, FORMAT):
        _run(connection, _MIGRATIONS[version], version + 1)


def _version(connection: sqlite3.Connection) -> int | None:
    """Return the format of what is there; None for an empty file."""
    (application,) = connection.execute("pragma application_id").fetchone()
    (version,) = connection.execute("pragma user_version").fetchone()
    (tables,) = connection.execute("select count(*) from sqlite_schema").fetchone()
    if not tables:
        return None
    if application != APPLICATION:
        raise JournalError("It is a database, but no journal of amlflow's.")
    return int(version)


def _run(connection: sqlite3.Connection, statements: str, version: int) -> None:
    """Change the tables and the version in one transaction: a crash leaves all or nothing."""
    connection.executescript(
        f"begin immediate; {statements} pragma application_id = {APPLICATION}; "
        f"pragma user_version = {version}; commit;"
    )
