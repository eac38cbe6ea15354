"""MLflow as this process uses it: only to read, and never for long."""

from __future__ import annotations

import gc
import sqlite3
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from amlflow_jupyter.errors import ConnectionFailed
from amlflow_jupyter.server import azure
from amlflow_jupyter.workspaces.workspace import Workspace

if TYPE_CHECKING:
    from mlflow import MlflowClient

# Seconds that one HTTP request may take.
HTTP_TIMEOUT: Final = 8


@cache
def prepare() -> None:
    """Import MLflow, which takes seconds, and make it impatient in this process.

    MLflow's own 7 retries of 120 s would hold a thread for a quarter of an hour. Its environment
    variables would say otherwise, but kernels inherit them, so their defaults are changed instead,
    here alone; what the user has set still wins.
    """
    from mlflow import environment_variables as variables

    variables.MLFLOW_HTTP_REQUEST_TIMEOUT.default = HTTP_TIMEOUT
    variables.MLFLOW_HTTP_REQUEST_MAX_RETRIES.default = 0
    # Without a pool no file stays open: a store that was removed and made anew is seen.
    variables.MLFLOW_SQLALCHEMYSTORE_POOLCLASS.default = "NullPool"
    if allowed := getattr(variables, "MLFLOW_ALLOW_FILE_STORE", None):
        allowed.default = True  # Newer versions refuse the old folders even for reading.


def open_store(workspace: Workspace) -> MlflowClient:
    """Return a client of the store, which is neither made nor migrated.

    Raises
    ------
    ConnectionFailed
        It is a local store that is not there yet, or not one that this MLflow can read; or nobody
        is signed in to Azure.
    """
    prepare()
    if workspace.kind == "azure":
        azure.opened(workspace)
    if workspace.kind == "local":
        path = Path(workspace.location)
        check = _check_database if workspace.uri.startswith("sqlite:") else _check_folder
        check(path)
    return _client(workspace.uri)


@lru_cache(maxsize=32)
def _client(uri: str) -> MlflowClient:
    from mlflow import MlflowClient

    # Looking for a registry would try to import Spark each time.
    client = MlflowClient(uri, registry_uri=uri)
    # What MLflow brought stays for good. Looking through it for garbage again and again held the
    # whole server up for 150 ms at a time, and made a search twice as long.
    gc.freeze()
    return client


def _check_folder(path: Path) -> None:
    if not any(path.glob("*/meta.yaml")):
        raise ConnectionFailed(_not_yet(path))


def _check_database(path: Path) -> None:
    """Refuse what MLflow would create or migrate on opening it, perhaps while a kernel does."""
    if not path.is_file():
        raise ConnectionFailed(_not_yet(path))
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            revision = database.execute("SELECT version_num FROM alembic_version").fetchone()
            filled = database.execute("SELECT 1 FROM experiments LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise ConnectionFailed(
            f"{path} cannot be read as a store of MLflow ({error}): if a notebook is making it "
            "just now, wait a moment; else choose another."
        ) from error
    if revision and revision[0] == _newest_revision():
        if not filled:
            raise ConnectionFailed(_not_yet(path))
        return
    raise ConnectionFailed(
        f"{path} is of another version of MLflow than JupyterLab's: install the same in both, or "
        "back the file up and run `mlflow db upgrade` on it."
    )


@cache
def _newest_revision() -> str | None:
    """Return the revision of the tables that the installed MLflow reads."""
    import mlflow
    from alembic.script import ScriptDirectory

    migrations = Path(mlflow.__file__).parent / "store" / "db_migrations"
    return ScriptDirectory(str(migrations)).get_current_head()


def _not_yet(path: Path) -> str:
    return f"There is no store at {path} yet: run a tracked cell first."
