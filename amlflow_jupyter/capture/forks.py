"""What forked children of this process print."""

from __future__ import annotations

import os
import tempfile
from types import TracebackType
from typing import Self


class Forks:
    """A file that children inherit: their memory is not ours, so they leave their output there.

    Parameters
    ----------
    limit
        Bytes, beyond which nothing more is taken.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, text: str) -> None:
        """Leave text there, in a child; the offset of the file is common to all processes."""
        descriptor = self._file.fileno()
        if os.fstat(descriptor).st_size < self._limit:
            os.write(descriptor, text.encode(errors="replace"))

    def read(self) -> str:
        """Return all that children left."""
        self._file.seek(0)
        return self._file.read().decode(errors="replace")
