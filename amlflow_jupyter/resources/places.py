"""Where a remote file may be written: inside the folder that was named, and nowhere else.

Names in a storage account are any text, and whoever may write there chooses them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from amlflow_jupyter.resources.failures import ResourceFailed

# Devices of Windows: a file of such a name, with any suffix, is the device.
_DEVICES: Final = {"con", "prn", "aux", "nul"} | {
    f"{d}{n}" for d in ("com", "lpt") for n in range(10)
}


def local_path(folder: Path, name: str) -> Path | None:
    """Return where the remote ``name`` lies below ``folder``; None if that would lead outside.

    Parameters
    ----------
    folder
        An existing folder.
    name
        Parts separated by slashes.
    """
    parts = name.split("/")
    if not all(_is_plain(part) for part in parts):
        return None
    path = folder.joinpath(*parts)
    # A folder on the way may be a link that leads elsewhere.
    return path if path.parent.resolve().is_relative_to(folder.resolve()) else None


def remote_path(text: str) -> str:
    """Return a path in a datastore as its parts joined by slashes; the root is empty.

    Raises
    ------
    ResourceFailed
        It has a part that is no name.
    """
    parts: Sequence[str] = [part for part in text.strip("/").split("/") if part not in ("", ".")]
    if ".." in parts or any(not part.isprintable() for part in parts):
        raise ResourceFailed(
            f"{text!r} is no path in a datastore: write folder/name, without `..`."
        )
    return "/".join(parts)


def _is_plain(part: str) -> bool:
    """Whether ``part`` is a name on every system, and no way to another folder on any."""
    if part in ("", ".", "..") or "\\" in part or not part.isprintable():
        return False
    return os.name != "nt" or _is_plain_on_windows(part)


def _is_plain_on_windows(part: str) -> bool:
    stem = part.partition(".")[0].strip().lower()
    return not set(part) & set('<>:"|?*') and part[-1] not in ". " and stem not in _DEVICES
