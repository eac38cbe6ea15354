"""Stores on this computer: MLflow's default beside the notebook, a SQLite file, a folder."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from amlflow_jupyter.errors import BadTarget, ConnectionFailed
from amlflow_jupyter.workspaces.workspace import Workspace


def default_store(folder: Path) -> Workspace:
    """Return the store that MLflow itself uses in ``folder``, so that `mlflow ui` shows it too.

    That is ``mlflow.db``, or ``mlruns`` where experiments from an older MLflow lie there. The rule
    is MLflow's (``mlflow.get_tracking_uri``); it is repeated here because asking MLflow takes its
    import of several seconds.
    """
    runs = folder / "mlruns"
    if any(runs.glob("[0-9]*/meta.yaml")):
        return describe(runs.as_uri(), folder)
    return describe("sqlite:///mlflow.db", folder)


def describe(uri: str, folder: Path) -> Workspace:
    """Return the workspace of a ``sqlite:///``, ``file:`` or plain-path URI.

    Relative paths start from ``folder``; the URI that is returned holds an absolute one.
    """
    if uri.startswith("sqlite:"):
        return _database(uri, folder)
    path = (folder / _file_path(uri)).absolute()
    return Workspace("local", path.as_uri(), f"Local store in {path.name}", str(path))


def check(workspace: Workspace) -> None:
    """Make sure that the store can be written.

    Raises
    ------
    ConnectionFailed
        Its folder is missing or cannot be written.
    """
    path = Path(workspace.location)
    folder = path.parent if workspace.uri.startswith("sqlite:") else _nearest(path)
    if not folder.is_dir():
        raise ConnectionFailed(f"{folder} is no folder: make it, or choose another place.")
    try:
        with TemporaryFile(dir=folder):
            pass
        if path.is_file():
            path.open("ab").close()
    except OSError as error:
        raise ConnectionFailed(
            f"{folder} cannot be written ({error.strerror}): make it writable, or choose another "
            "place, for instance %aml_connect sqlite:////tmp/mlflow.db."
        ) from error


def _database(uri: str, folder: Path) -> Workspace:
    prefix = "sqlite:///"
    raw, _, query = uri.removeprefix(prefix).partition("?")
    name = unquote(raw)
    if not uri.startswith(prefix) or not name or name == ":memory:":
        raise BadTarget(f"{uri!r} names no database file: write sqlite:///folder/file.db.")
    path = (folder / Path(name).expanduser()).absolute()
    full = f"{prefix}{path.as_posix()}" + (f"?{query}" if query else "")
    return Workspace("local", full, f"Local store in {path.name}", str(path))


def _file_path(uri: str) -> Path:
    parts = urlsplit(uri)
    text = url2pathname(parts.path) if parts.scheme == "file" else uri
    return Path(text or "mlruns").expanduser()


def _nearest(path: Path) -> Path:
    """Return ``path`` or the closest of its parents that is there: MLflow makes the rest."""
    return next((folder for folder in (path, *path.parents) if folder.exists()), path)
