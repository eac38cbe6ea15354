"""Run the checks: none may crash or hang the doctor, and an interrupt keeps what is known."""

from __future__ import annotations

import math
import threading
import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from amlflow_jupyter.doctor.check import Check
from amlflow_jupyter.doctor.clients import CLIENTS
from amlflow_jupyter.doctor.finding import Finding, warning
from amlflow_jupyter.doctor.quiet import quiet_clients
from amlflow_jupyter.doctor.report import Report
from amlflow_jupyter.doctor.secrecy import without_secrets
from amlflow_jupyter.doctor.subject import Subject

# Seconds that all checks which ask over the network have together.
REMOTE_TOTAL: Final = 40.0
# On Windows a wait is interrupted only between two of these seconds.
_SLICE: Final = 0.2


class Progress(Protocol):
    """Shows how far the examination is."""

    def begins(self, check: Check) -> None:
        """Show that the doctor waits for ``check`` now."""

    def found(self, check: Check, findings: Sequence[Finding]) -> None:
        """Show what it found: called once a check, in their order."""


def examine(
    subject: Subject,
    checks: Sequence[Check],
    progress: Progress,
    remote_total: float = REMOTE_TOTAL,
) -> Report:
    """Run all checks and return what they found.

    Parameters
    ----------
    subject
        What is examined.
    checks
        Run in this order; those that ask over the network after all others, at the same time.
    progress
        Is told of each check.
    remote_total
        Seconds that the checks which ask over the network have together.

    Returns
    -------
    Report
        Also where the user interrupts: with what was found until then.
    """
    examination = _Examination(subject, progress)
    with quiet_clients():
        try:
            examination.run_local([check for check in checks if not check.remote])
            examination.run_remote([check for check in checks if check.remote], remote_total)
        except KeyboardInterrupt:
            examination.tell_rest()
            return Report(subject.title, tuple(examination.found), complete=False)
    return Report(subject.title, tuple(examination.found))


class _Examination:
    """The checks of one examination, and what was told of them already."""

    def __init__(self, subject: Subject, progress: Progress) -> None:
        self.found: list[Finding] = []
        self._subject = subject
        self._progress = progress
        self._untold: list[_Running] = []

    def run_local(self, checks: Iterable[Check]) -> None:
        """Run one after the other."""
        for check in checks:
            self._start(check)
            self._await(math.inf)

    def run_remote(self, checks: Sequence[Check], total: float) -> None:
        """Run all at once, for at most ``total`` seconds."""
        if checks:
            self._prepare()
        end = time.monotonic() + total
        for check in checks:
            self._start(check)
        while self._untold:
            self._await(end)

    def tell_rest(self) -> None:
        """Tell what is known of the checks that were interrupted."""
        while self._untold:
            self._tell(self._untold[0].findings(interrupted=True))

    def _prepare(self) -> None:
        preparing = _Running(CLIENTS, self._subject)
        preparing.start()
        preparing.wait(preparing.end)

    def _start(self, check: Check) -> None:
        one = _Running(check, self._subject)
        self._untold.append(one)  # first: an interrupt may come at any moment
        one.start()

    def _await(self, end: float) -> None:
        first = self._untold[0]
        self._progress.begins(first.check)
        first.wait(min(first.end, end))
        self._tell(first.findings(interrupted=False))

    def _tell(self, findings: list[Finding]) -> None:
        first = self._untold.pop(0)
        self.found += findings
        self._progress.found(first.check, findings)


class _Running:
    """A check in a thread of its own. One that hangs is left behind: it cannot be ended."""

    def __init__(self, check: Check, subject: Subject) -> None:
        self.check = check
        self.end = time.monotonic() + check.deadline
        self._begun = time.monotonic()
        self._subject = subject
        self._found: list[Finding] = []
        self._done = threading.Event()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True, name=f"amlflow-{self.check.name}").start()

    def wait(self, end: float) -> None:
        """Wait until the check has ended, at most until ``end`` (of the monotonic clock)."""
        while not self._done.is_set() and (left := end - time.monotonic()) > 0:
            self._done.wait(min(left, _SLICE))

    def findings(self, *, interrupted: bool) -> list[Finding]:
        """Return what was found, and that the check has not ended where it has not."""
        found = list(self._found)
        if not self._done.is_set() and not interrupted:
            took = time.monotonic() - self._begun
            found.append(warning(f"This check did not finish within {took:.0f} s.", None))
        return [_safe(replace(finding, check=self.check.name)) for finding in found]

    def _run(self) -> None:
        try:
            for finding in self.check.run(self._subject):
                self._found.append(finding)
        except BaseException as error:  # SystemExit too: a broken package may raise anything
            look = self._subject.commands.module("pip", "check")
            self._found.append(warning(f"This check itself failed: {_one_line(error)}.", look))
        finally:
            self._done.set()


def _one_line(error: BaseException) -> str:
    """Return what was raised, and where: that is often in the package that is broken."""
    text = " ".join(str(error).split()).rstrip(".")
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{': ' if text else ''}{text}{where}"


def _safe(finding: Finding) -> Finding:
    """Take secrets out: error messages of clients quote addresses and headers."""
    remedy = without_secrets(finding.remedy) if finding.remedy else finding.remedy
    return replace(finding, message=without_secrets(finding.message), remedy=remedy)
