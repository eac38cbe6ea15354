"""The traceback of a cell that failed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from traceback import FrameSummary, StackSummary, TracebackException
from typing import Any, Final

from amlflow_jupyter.capture.excerpt import Excerpt
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.secrets import KnownSecrets

_PIECE: Final = 1000  # characters: a message may be a single line of any length


class Failure:
    """Writes ``amlflow/traceback.txt``: plain text that begins at the user's own code.

    Parameters
    ----------
    shell
        Knows the names of cells; None in a script.
    """

    title = "The traceback"

    def __init__(self, shell: Any | None, limits: Limits, known: KnownSecrets) -> None:
        self._shell = shell
        self._limits = limits
        self._known = known

    def start(self) -> None:
        """Nothing to do until the cell fails."""

    def stop(self, error: BaseException | None) -> Findings:
        """Return the traceback of ``error``."""
        if error is None or (isinstance(error, SystemExit) and not error.code):
            return Findings()
        excerpt = Excerpt(self._limits.traceback_bytes)
        whole = self._text(error)
        for at in range(0, len(whole), _PIECE):
            excerpt.add(whole[at : at + _PIECE])
        text, redacted = self._known.redact(excerpt.text())
        return Findings({"amlflow/traceback.txt": text}, redacted=redacted)

    def _text(self, error: BaseException) -> str:
        described = TracebackException.from_exception(error, compact=True)
        for one in _chain(described):
            self._clarify(one)
        return "".join(described.format())

    def _clarify(self, described: TracebackException) -> None:
        """Drop the frames that ran the user's code, and call cells by their names."""
        frames = list(described.stack)
        while frames and _runs_cells(frames[0].filename):
            del frames[0]
        for frame in frames:
            self._rename(frame)
        described.stack = StackSummary.from_list(frames)
        if isinstance(getattr(described, "filename", None), str):  # of a SyntaxError
            described.filename = self._name(described.filename)

    def _rename(self, frame: FrameSummary) -> None:
        if frame.line is not None:  # read now: the file of that name is no file
            frame.filename = self._name(frame.filename)

    def _name(self, filename: str) -> str:
        with contextlib.suppress(AttributeError, TypeError):
            name = self._shell.compile.format_code_name(filename)  # type: ignore[union-attr]
            if name:
                return " ".join(name)
        return filename


def _chain(described: TracebackException | None) -> Iterator[TracebackException]:
    """Yield the exception, its causes and contexts, and the members of groups."""
    if described is None:
        return
    yield described
    yield from _chain(described.__cause__)
    yield from _chain(described.__context__)
    for member in described.exceptions or ():
        yield from _chain(member)


def _runs_cells(filename: str) -> bool:
    return filename.startswith(("<decorator-gen", *_machinery()))


def _machinery() -> list[str]:
    """Return the folders of the packages that run a user's code."""
    modules = [sys.modules.get(name) for name in ("IPython", "ipykernel", "amlflow_jupyter")]
    files = [module.__file__ for module in modules if module is not None]
    return [str(Path(file).parent) + os.sep for file in files if file]
