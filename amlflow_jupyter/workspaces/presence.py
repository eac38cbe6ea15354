"""What the kernels on this host are connected to, so that the sidebar can show it.

Each connected kernel keeps one small JSON file; one whose process is gone is removed by whoever
reads it next.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from amlflow_jupyter.settings import data_folder, private_folder
from amlflow_jupyter.workspaces.profiles import write_atomically


@dataclass(frozen=True)
class Presence:
    """One kernel's connection.

    Attributes
    ----------
    pid, created
        The process, and when it started (unix seconds): together they name one process for good,
        where a pid alone may be used again.
    uri, experiment
        As in a profile, without a secret.
    notebook
        Path of the notebook, where it is known.
    since
        When it connected (unix seconds).
    auth, tenant
        How it is signed in to Azure, and to which tenant, where it is.
    """

    pid: int
    created: float
    uri: str
    experiment: str | None
    notebook: str | None
    since: float
    auth: str | None = None
    tenant: str | None = None


class Presences:
    """The kernels that are connected now.

    Parameters
    ----------
    folder
        Where the files lie; by default a folder of this host's in the data folder: homes are shared
        between hosts, and what runs on another one cannot be told from here.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder() / "kernels" / platform.node()

    def announce(self, presence: Presence) -> None:
        """Say that this kernel is connected, replacing what it said before."""
        private_folder(self.folder)
        write_atomically(self._path(presence.pid), json.dumps(asdict(presence)))

    def withdraw(self, pid: int) -> None:
        """Say that this kernel is connected no longer."""
        self._path(pid).unlink(missing_ok=True)

    def living(self) -> Iterator[Presence]:
        """Yield every connected kernel whose process still runs, the newest connection first."""
        found = [presence for path in self.folder.glob("*.json") if (presence := _read(path))]
        for presence in sorted(found, key=lambda presence: -presence.since):
            if is_alive(presence):
                yield presence
            else:
                self.withdraw(presence.pid)

    def _path(self, pid: int) -> Path:
        return self.folder / f"{pid}.json"


def this_process() -> tuple[int, float]:
    """Return the pid of this process, and when it started (unix seconds)."""
    import psutil

    return os.getpid(), psutil.Process().create_time()


def is_alive(presence: Presence) -> bool:
    """Whether the very process that announced itself still runs."""
    import psutil

    with contextlib.suppress(psutil.Error):
        return abs(psutil.Process(presence.pid).create_time() - presence.created) < 1.0
    return False


def _read(path: Path) -> Presence | None:
    """Read one file; one that is being removed or is not ours is no presence."""
    try:
        presence = Presence(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return presence if _is_sound(presence) else None


def _is_sound(presence: Presence) -> bool:
    numbers = (presence.pid, presence.created, presence.since)
    optional = (presence.experiment, presence.notebook, presence.auth, presence.tenant)
    texts = (presence.uri, *(text or "" for text in optional))
    return all(isinstance(number, int | float) for number in numbers) and all(
        isinstance(text, str) for text in texts
    )
