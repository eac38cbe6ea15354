"""Tell a local disk from one that several computers share.

SQLite's write-ahead log needs memory that all who use the file share: on a network file system it
loses data.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

# Names as the kernels of Linux, macOS and Windows give them.
_SHARED: Final = frozenset(
    {"9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "drvfs", "glusterfs", "gpfs"}
    | {"lustre", "ncpfs", "nfs", "nfs4", "panfs", "smb2", "smb3", "smbfs", "virtiofs", "webdav"}
)
# File systems in user space are as a rule remote; these are not.
_LOCAL_FUSE: Final = frozenset({"fuse.fuse-overlayfs", "fuse.ntfs-3g", "fuse.lxcfs"})


def shared_kind(folder: Path) -> str | None:
    """Return the kind of the file system where it is a shared one, else None."""
    import psutil

    mounts = ((part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True))
    kind = kind_among(folder.resolve(), mounts)
    return kind if is_shared(kind) else None


def kind_among(folder: Path, mounts: Iterable[tuple[str, str]]) -> str:
    """Return the file system of ``folder`` among ``mounts`` (mount point, kind)."""
    holding = [(len(point), kind) for point, kind in mounts if folder.is_relative_to(point)]
    # Of two mounts at one point, the later one hides the other.
    return max(enumerate(holding), key=lambda at: (at[1][0], at[0]))[1][1] if holding else ""


def is_shared(kind: str) -> bool:
    """Whether files of this kind of file system are used by several computers."""
    kind = kind.lower()
    return kind in _SHARED or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)
