"""Of which MLflow the tables of a SQLite database are; neither it nor MLflow is opened for that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from enum import Enum, auto
from importlib.util import find_spec
from pathlib import Path


class State(Enum):
    """How a database's tables compare with those of the installed MLflow."""

    ABSENT = auto()
    CURRENT = auto()
    OLD = auto()
    UNKNOWN = auto()
    UNREADABLE = auto()


def database_state(path: Path) -> tuple[State, str]:
    """Compare a database's tables with those of the installed MLflow.

    Returns
    -------
    State
        ``UNKNOWN`` where their revision is none that this MLflow has had: then it is newer.
    str
        Why it cannot be read, where it cannot.
    """
    if not path.exists() or not path.stat().st_size:
        return State.ABSENT, ""
    try:
        revision = _revision(path)
    except sqlite3.Error as error:
        return State.UNREADABLE, str(error)
    newest, known = _revisions_of_mlflow()
    if revision == newest:
        return State.CURRENT, ""
    return (State.OLD if revision in known else State.UNKNOWN), ""


def _revision(path: Path) -> str:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=2)) as database:
        row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("its revision is missing")
    return str(row[0])


def _revisions_of_mlflow() -> tuple[str | None, set[str]]:
    """Return the revision of the tables that the installed MLflow makes, and all earlier ones."""
    from alembic.script import ScriptDirectory

    spec = find_spec("mlflow")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("mlflow is not installed", name="mlflow")
    migrations = Path(spec.origin).parent / "store" / "db_migrations"
    scripts = ScriptDirectory(str(migrations))
    return scripts.get_current_head(), {one.revision for one in scripts.walk_revisions()}
