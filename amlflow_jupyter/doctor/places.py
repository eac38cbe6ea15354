"""Folders and the disks that they lie on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

# File systems that another computer keeps: SQLite's write-ahead log needs memory that all who use
# the database share, which these cannot give (https://sqlite.org/wal.html).
_OF_A_NETWORK: Final = frozenset(
    (
        *("9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "gpfs", "lustre", "ncpfs"),
        *("nfs", "nfs4", "smb3", "smbfs", "vboxsf", "webdav"),
        *("fuse.blobfuse", "fuse.blobfuse2", "fuse.gcsfuse", "fuse.glusterfs", "fuse.goofys"),
        *("fuse.rclone", "fuse.s3fs", "fuse.sshfs", "gcsfuse"),
    )
)
# Databricks shows its store under a path of its own.
_NETWORK_PATHS: Final = ("/dbfs/", "/Workspace/", "/Volumes/")


@dataclass(frozen=True)
class Mount:
    """A file system, and the folder where it begins."""

    folder: str
    kind: str


def nearest(path: Path) -> Path:
    """Return ``path``, or the closest of its parents that is there."""
    return next((one for one in (path, *path.parents) if _exists(one)), path)


def problem_with(folder: Path) -> str | None:
    """Return why nothing can be written in ``folder``, or None where it can, by writing.

    Where it is not there yet, the closest of its parents must let it be made.
    """
    place = nearest(folder)
    if not place.is_dir():
        return f"{place} is no folder"
    try:
        with TemporaryFile(dir=place) as file:
            file.write(b"amlflow")
    except OSError as error:
        return f"{place} cannot be written ({error.strerror or error})"
    return None


def network_file_system(path: Path, mounts: Iterable[Mount]) -> str | None:
    """Return the kind of file system that ``path`` lies on, if another computer keeps it."""
    text = str(path)
    if text.startswith(_NETWORK_PATHS):
        return "Databricks"
    if text.startswith(("\\\\", "//")):
        return "Windows share"
    holding = [mount for mount in mounts if _holds(mount.folder, text)]
    if not holding:
        return None
    kind = max(holding, key=lambda mount: len(mount.folder)).kind.lower()
    return kind if kind in _OF_A_NETWORK else None


def mounts() -> list[Mount]:
    """Return the file systems of this computer."""
    import psutil

    return [Mount(one.mountpoint, one.fstype) for one in psutil.disk_partitions(all=True)]


def _holds(folder: str, path: str) -> bool:
    stem = folder.rstrip("/\\")
    return path == stem or path.startswith((f"{stem}/", f"{stem}\\"))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
