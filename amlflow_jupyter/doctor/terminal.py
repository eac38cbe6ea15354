"""The doctor in a terminal: lines as they come, and what it waits for."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final, TextIO

from amlflow_jupyter.doctor import rendering
from amlflow_jupyter.doctor.check import Check
from amlflow_jupyter.doctor.checks.catalogue import CHECKS
from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.examination import examine
from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.subject import subject_of
from amlflow_jupyter.doctor.visitor import as_visitor
from amlflow_jupyter.workspaces.workspace import Workspace

_CLEAR: Final = "\r\x1b[K"


def run(
    target: str | None,
    *,
    as_json: bool = False,
    connected: Workspace | None = None,
    commands: Commands | None = None,
) -> int:
    """Examine this environment and a target, and print what is found.

    Parameters
    ----------
    target
        As ``%aml_connect`` takes it; None takes what is connected, else what it would connect to.
    as_json
        Print one JSON document at the end instead of lines.
    connected
        What is connected already.
    commands
        How commands are written; None writes them for a shell.

    Returns
    -------
    int
        The exit status: 1 where something fails, 130 where the user interrupted, else 0.
    """
    out = sys.stdout
    subject = subject_of(target, Path.cwd(), commands or Commands(), connected)
    progress = _Lines(None if as_json else out, sys.stderr)
    if not as_json:
        _write(out, rendering.heading(subject.title))
    # What clients print is no part of the report.
    with redirect_stdout(sys.stderr), as_visitor(target):
        report = examine(subject, CHECKS, progress)
    progress.clear()
    _write(out, json.dumps(report.document(), indent=2) if as_json else report.summary)
    return report.status


class _Lines:
    """Prints what each check found, and on a terminal also what is waited for."""

    def __init__(self, out: TextIO | None, status: TextIO) -> None:
        self._out = out
        self._status = status if status.isatty() else None
        self._width = shutil.get_terminal_size((100, 24)).columns

    def begins(self, check: Check) -> None:
        """Show what is waited for."""
        if self._status:
            where = ", over the network" if check.remote else ""
            self._status.write(f"{_CLEAR}Checking: {check.title}{where} …")
            self._status.flush()

    def found(self, check: Check, findings: Sequence[Finding]) -> None:
        """Print what was found."""
        self.clear()
        if self._out:
            for line in rendering.lines(check.title, findings, self._width):
                _write(self._out, line)

    def clear(self) -> None:
        """Take away what is waited for."""
        if self._status:
            self._status.write(_CLEAR)
            self._status.flush()


def _write(out: TextIO, line: str) -> None:
    """Print a line, also where the terminal cannot show all of it."""
    encoding = out.encoding or "ascii"
    out.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    out.flush()
