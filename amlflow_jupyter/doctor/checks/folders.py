"""Whether amlflow can keep what it must keep: folders, their rights, and the disks below them."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from amlflow_jupyter.doctor.finding import Finding, failure, ok, warning
from amlflow_jupyter.doctor.places import (
    mounts,
    nearest,
    network_file_system,
    problem_with,
)
from amlflow_jupyter.doctor.subject import Subject
from amlflow_jupyter.settings import config_folder, data_folder

_MEGABYTE: Final = 1 << 20
# Bytes. A model and its environment are written to the temporary folder before they are sent.
_SCARCE: Final = 1024 * _MEGABYTE
_FULL: Final = 100 * _MEGABYTE
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the folders of amlflow, and at the disks that it writes to."""
    own = {config_folder(): "configuration", data_folder(): "data"}
    for folder, purpose in own.items():
        yield writable(subject, folder, purpose)
    for place, purpose in _places().items():
        yield space(subject, place, purpose)
    yield shared(subject, data_folder())


def writable(subject: Subject, folder: Path, purpose: str) -> Finding:
    """Judge whether a folder can be written, by its owner alone."""
    commands = subject.commands
    elsewhere = commands.set_variable("AMLFLOW_HOME", str(Path(tempfile.gettempdir()) / "amlflow"))
    if problem := problem_with(folder):
        return failure(f"The {purpose} folder cannot be used: {problem}.", elsewhere)
    if not folder.exists():
        return ok(f"The {purpose} folder {folder} can be made when it is needed.")
    if os.name == "posix" and folder.stat().st_mode & _OTHERS:
        return warning(
            f"Others on this computer can look into the {purpose} folder {folder}.",
            commands.shell("chmod", "700", str(folder)),
        )
    return ok(f"The {purpose} folder {folder} can be written, by you alone.")


def space(
    subject: Subject, place: Path, purpose: str, scarce: int = _SCARCE, full: int = _FULL
) -> Finding:
    """Judge the free space of a disk.

    Parameters
    ----------
    subject
        Says how commands are written.
    place
        A folder on it.
    purpose
        What the folder is for.
    scarce, full
        Bytes: below the first it is a warning, below the second a failure.
    """
    free = shutil.disk_usage(nearest(place)).free
    left = f"{free / _MEGABYTE:,.0f} MB are free for {purpose} ({place})"
    if free >= scarce:
        return ok(f"{left}.")
    listing = subject.commands.shell("du", "-xh", "--max-depth=1", str(nearest(place)))
    if free >= full:
        return warning(f"Only {left}.", listing)
    return failure(f"Only {left}: files will be lost.", listing)


def shared(subject: Subject, folder: Path) -> Finding:
    """Judge whether the data folder lies on this computer's own disk."""
    kind = network_file_system(folder, mounts())
    if kind is None:
        return ok(f"The data folder {folder} lies on a disk of this computer.")
    local = str(Path(tempfile.gettempdir()) / "amlflow")
    return warning(
        f"The data folder {folder} lies on a file system of a network ({kind}), where databases "
        "can be damaged when two programs write.",
        subject.commands.set_variable("AMLFLOW_HOME", local),
    )


def _places() -> dict[Path, str]:
    """Return the folders that are written to, and for what; of those on one disk, the first."""
    wanted = {
        data_folder(): "amlflow's data",
        Path(tempfile.gettempdir()): "temporary files",
        Path.home(): "your files",
    }
    found: dict[int, tuple[Path, str]] = {}
    for place, purpose in wanted.items():
        found.setdefault(nearest(place).stat().st_dev, (place, purpose))
    return dict(found.values())
