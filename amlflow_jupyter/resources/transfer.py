"""Copy files to and from a datastore: several at once, interruptible, never half a file."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from amlflow_jupyter.resources.failures import ResourceFailed, reason_of
from amlflow_jupyter.resources.places import local_path, remote_path
from amlflow_jupyter.resources.storage import Moved, RemoteFile, Storage

_AT_ONCE: Final = 8
# Seconds between two looks at how far it is, and to wait for what was interrupted.
_LOOK: Final = 0.2
_PATIENCE: Final = 5.0


@dataclass
class Transfer:
    """How far a transfer is.

    Attributes
    ----------
    files, size
        How many files are to be copied, and their bytes.
    done, moved
        How many files are copied, and how many bytes have moved.
    there
        Files that were there already and were left as they are.
    refused
        Remote names that no file in the target folder can have.
    failed
        A file that could not be copied, and why; the transfer ends with it.
    interrupted
        Whether the user stopped it.
    """

    files: int = 0
    size: int = 0
    done: int = 0
    moved: int = 0
    there: int = 0
    refused: list[str] = field(default_factory=list)
    failed: tuple[str, str] | None = None
    interrupted: bool = False


@dataclass(frozen=True)
class _Task:
    """One file to copy, and what copies it, returning whether it did."""

    file: RemoteFile
    copy: Callable[[Moved], bool]


def upload(
    storage: Storage,
    source: Path,
    to: str | None,
    overwrite: bool,
    report: Callable[[Transfer], None],
) -> tuple[Transfer, str]:
    """Upload a file, or what is in a folder.

    Parameters
    ----------
    storage
        Where to.
    source
        The file or folder.
    to
        The remote folder that takes the file, or what is in the folder. Without it, the root takes
        a file, and a folder of the same name what is in a folder.
    overwrite
        Whether to replace what is there.
    report
        Called from this thread, a few times a second.

    Returns
    -------
    Transfer, str
        What came of it, and the path of the file or folder in the datastore.

    Raises
    ------
    ResourceFailed
        There is no such file or folder, or nothing in it.
    """
    if source.is_dir():
        folder = remote_path(source.resolve().name if to is None else to)
        names = {
            _joined(folder, file.relative_to(source).as_posix()): file for file in _walk(source)
        }
        where = folder
    elif source.is_file():
        where = _joined(remote_path(to or ""), source.name)
        names = {where: source}
    else:
        raise ResourceFailed(f"There is no file or folder {str(source)!r} to upload.")
    if not names:
        raise ResourceFailed(f"There is no file in {str(source)!r} to upload.")
    # The root may hold anything: there each file is asked for as it is written.
    found = storage.files(where) if where and not overwrite else ()
    there = names.keys() & {file.name for file in found}
    files = {
        RemoteFile(name, path.stat().st_size): path
        for name, path in names.items()
        if name not in there
    }
    tasks = [
        _Task(file, partial(_send, storage, path, file, overwrite)) for file, path in files.items()
    ]
    transfer = Transfer(there=len(there))
    return _run(tasks, transfer, report), where


def download(
    storage: Storage,
    path: str,
    to: Path,
    overwrite: bool,
    report: Callable[[Transfer], None],
) -> Transfer:
    """Download a file, or what is below a folder, into the folder ``to``.

    Parameters
    ----------
    storage
        Where from.
    path
        The remote file or folder; the root if empty.
    to
        The folder that takes the file, or what is below the folder; made if it is not there.
        Nothing is written outside of it.
    overwrite
        Whether to replace what is there.
    report
        Called from this thread, a few times a second.

    Raises
    ------
    ResourceFailed
        There is nothing at ``path``, or the folder cannot be made.
    """
    found = list(storage.files(path))
    if not found:
        raise ResourceFailed(f"There is no file or folder {path!r} in this datastore.")
    _make_folder(to)
    transfer = Transfer()
    tasks = []
    folders = {parent for file in found for parent in _parents(file.name)}
    for file in found:
        target = local_path(to, _relative(file.name, path))
        if target is None or file.name in folders or target.is_dir():
            transfer.refused.append(file.name)
        elif os.path.lexists(target) and not overwrite:
            transfer.there += 1
        else:
            tasks.append(_Task(file, partial(_fetch, storage, file, target, to)))
    return _run(tasks, transfer, report)


def _send(storage: Storage, source: Path, file: RemoteFile, overwrite: bool, moved: Moved) -> bool:
    with source.open("rb") as content:
        return storage.write(file, content, overwrite, moved)


def _fetch(storage: Storage, file: RemoteFile, target: Path, folder: Path, moved: Moved) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Looked at again, now that the folders on the way are there.
    if local_path(folder, target.relative_to(folder).as_posix()) is None:
        raise ResourceFailed("a folder on the way leads elsewhere")
    part = target.parent / f".amlflow-{uuid.uuid4().hex}.part"
    try:
        with part.open("xb") as content:
            for piece in storage.read(file.name):
                content.write(piece)
                moved(len(piece))
        part.replace(target)  # a link that stands there is replaced, not followed
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return True


def _run(
    tasks: Sequence[_Task], transfer: Transfer, report: Callable[[Transfer], None]
) -> Transfer:
    """Run the tasks in threads; the first failure and an interrupt end them all."""
    transfer.files, transfer.size = len(tasks), sum(task.file.size for task in tasks)
    stop, lock = threading.Event(), threading.Lock()

    def moved(count: int) -> None:
        if stop.is_set():
            raise _Stopped
        with lock:
            transfer.moved += count

    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="amlflow-transfer")
    pending: dict[Future[bool], _Task] = {}
    running: set[Future[bool]] = set()
    try:
        pending = {pool.submit(task.copy, moved): task for task in tasks}
        running = set(pending)
        while running and transfer.failed is None:
            ended, running = wait(running, timeout=_LOOK, return_when=FIRST_COMPLETED)
            for future in ended:
                _count(future, pending[future], transfer)
            report(transfer)
        report(transfer)
    except KeyboardInterrupt:
        transfer.interrupted = True
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        ended, _ = wait([one for one in running if not one.cancelled()], timeout=_PATIENCE)
        for future in ended:
            _count(future, pending[future], transfer)
    return transfer


def _count(future: Future[bool], task: _Task, transfer: Transfer) -> None:
    error = future.exception()
    if error is None and future.result():
        transfer.done += 1
    elif error is None:
        transfer.there += 1
    elif transfer.failed is None and not isinstance(error, _Stopped):
        transfer.failed = task.file.name, reason_of(error)


class _Stopped(Exception):
    """The transfer has ended: what still runs must end too."""


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        yield from (path for name in sorted(names) if (path := Path(parent, name)).is_file())


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _relative(name: str, path: str) -> str:
    """Return a name as seen from the file or folder that was asked for."""
    if name == path:
        return name.rpartition("/")[2]
    return name[len(path) + 1 :] if path else name


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    return ("/".join(parts[:count]) for count in range(1, len(parts) + 1))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResourceFailed(
            f"{str(folder)!r} cannot be made a folder: {error.strerror}."
        ) from error


def is_file(storage: Storage, path: str) -> bool:
    """Whether ``path`` is a file and no folder."""
    first = next(iter(storage.files(path)), None) if path else None
    return first is not None and first.name == path
