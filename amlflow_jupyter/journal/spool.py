"""Files to send, kept as they were when they were logged, each content once."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amlflow_jupyter.errors import JournalFull
from amlflow_jupyter.settings import private_folder

_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A file that is kept: its content's SHA-256 and its size in bytes."""

    digest: str
    size: int


class Spool:
    """A folder of files named after their content.

    Parameters
    ----------
    folder
        It is made when the first file comes.
    limit
        Bytes that it may hold.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._size = sum(file.stat().st_size for file in folder.glob("*") if file.is_file())

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    @property
    def is_nearly_full(self) -> bool:
        """Whether four fifths of the limit are used."""
        return self._size > 0.8 * self._limit

    def keep(self, file: Path) -> Kept:
        """Copy a file; return what to ask for it by.

        Raises
        ------
        JournalFull
            It would be more than the limit.
        OSError
            It cannot be read, or not be written.
        """
        if self._size + file.stat().st_size > self._limit:
            raise JournalFull(
                f"{file.name} is not kept: the files that wait to be sent would take more than "
                f"{self._limit / 1e9:.1f} GB. Deliver them with %aml_sync, or raise "
                "AMLFLOW_JOURNAL_LIMIT."
            )
        copy = private_folder(self._folder) / f".{os.getpid()}-{os.urandom(4).hex()}"
        try:
            kept = _copy(file, copy)
            if self.path(kept.digest).exists():
                copy.unlink()
            else:
                copy.replace(self.path(kept.digest))
                self._size += kept.size
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        return kept

    def path(self, digest: str) -> Path:
        """Return where a kept file lies."""
        return self._folder / digest

    def drop(self, digest: str) -> None:
        """Remove a file that was sent."""
        path = self.path(digest)
        if path.exists():
            self._size -= path.stat().st_size
            path.unlink()

    def as_named(self, digest: str, name: str) -> Path:
        """Return a path whose last part is ``name``: a store takes the artifact's name from it.

        :meth:`forget_name` removes it.
        """
        folder = self._named(digest)
        folder.mkdir(mode=0o700, exist_ok=True)
        named = folder / name
        named.unlink(missing_ok=True)
        try:
            os.link(self.path(digest), named)
        except OSError:  # no hard links here
            shutil.copyfile(self.path(digest), named)
        return named

    def forget_name(self, digest: str) -> None:
        """Remove what :meth:`as_named` made."""
        shutil.rmtree(self._named(digest), ignore_errors=True)

    def _named(self, digest: str) -> Path:
        return self._folder / f"{digest}.named"


def _copy(file: Path, copy: Path) -> Kept:
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as source, os.fdopen(_private(copy), "wb") as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
            size += len(chunk)
        target.flush()
        os.fsync(target.fileno())
    return Kept(digest.hexdigest(), size)


def _private(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
