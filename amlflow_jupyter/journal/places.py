"""Where journals lie: one file a process, in a folder that only its user can read."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import Final

from amlflow_jupyter.errors import JournalError
from amlflow_jupyter.settings import data_folder, private_folder

SUFFIX: Final = ".journal"


def folder() -> Path:
    """Return the folder of all journals of this user."""
    return data_folder() / "journals"


def spare_folder() -> Path:
    """Return the folder for journals where :func:`folder` cannot be written."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"amlflow-{user}" / "journals"


def make_private(where: Path) -> Path:
    """Make the folder, for its owner alone.

    Raises
    ------
    OSError
        It cannot be made or written, or it is somebody else's.
    """
    private_folder(where.parent)
    private_folder(where)
    if hasattr(os, "getuid") and where.stat().st_uid != os.getuid():
        raise PermissionError(f"{where} belongs to another user.")
    where.chmod(0o700)
    return where


def writable(folder: Path, notes: list[str]) -> Path:
    """Return ``folder``, made, or the spare one where it cannot be written; ``notes`` says so.

    Raises
    ------
    JournalError
        Neither can be written.
    """
    try:
        return _tried(folder)
    except OSError as error:
        spare = spare_folder()
        try:
            found = _tried(spare)
        except OSError:
            raise JournalError(
                f"Nothing can be kept on this computer ({error}): name a folder that can be "
                "written with AMLFLOW_HOME."
            ) from error
        notes.append(
            f"{folder} cannot be written ({error.strerror or error}): what is logged is kept in "
            f"{spare} until it is delivered."
        )
        return found


def _tried(folder: Path) -> Path:
    """Make the folder and write to it: permissions do not tell of a read-only disk."""
    make_private(folder)
    probe = folder / f".{os.getpid()}"
    probe.touch(mode=0o600)
    probe.unlink()
    return folder


def new_path(where: Path) -> Path:
    """Return a path for this process's journal; made, empty, for its owner alone."""
    name = f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}-{secrets.token_hex(3)}{SUFFIX}"
    os.close(os.open(where / name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    return where / name


def journals() -> list[Path]:
    """Return all journals of this user, the oldest first."""
    found = [*folder().glob(f"*{SUFFIX}"), *spare_folder().glob(f"*{SUFFIX}")]
    return sorted(found, key=lambda path: path.name)


def spool_of(path: Path) -> Path:
    """Return the folder of the files that a journal keeps."""
    return path.with_suffix(".files")


def remove(path: Path) -> None:
    """Remove a journal with all that belongs to it, its lock last."""
    import shutil

    shutil.rmtree(spool_of(path), ignore_errors=True)
    for beside in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), lock_of(path)):
        beside.unlink(missing_ok=True)


def lock_of(path: Path) -> Path:
    """Return the file whose lock says that the owner lives."""
    return path.with_suffix(".lock")
