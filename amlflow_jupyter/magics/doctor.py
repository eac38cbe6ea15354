"""``%aml_doctor``: what keeps amlflow from working here, and the command that mends it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.arguments import parse, usage_errors

if TYPE_CHECKING:
    from amlflow_jupyter.doctor.check import Check
    from amlflow_jupyter.doctor.finding import Finding
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.workspaces.workspace import Workspace


@magic_arguments("aml_doctor")
@argument(
    "target",
    nargs="?",
    help="What to examine besides this environment, as %%aml_connect takes it. Without it: what "
    "the notebook is connected to, else what %%aml_connect alone would connect to.",
)
@argument("--json", action="store_true", help="Print the findings as JSON.")
def aml_doctor(self: AmlflowMagics, line: str) -> None:
    """Check everything that amlflow needs, and show the command that mends what is broken.

    Nothing is changed, in this environment or in the workspace. The checks that ask over the
    network take 40 s together at most. The same in a terminal: amlflow doctor.
    """
    given = parse(aml_doctor, line)
    with usage_errors():
        if hasattr(self.shell, "kernel"):
            _in_notebook(given.target, given.json)
        else:
            _in_terminal(given.target, given.json)


def _in_terminal(target: str | None, as_json: bool) -> None:
    from amlflow_jupyter.doctor import terminal
    from amlflow_jupyter.doctor.commands import Commands

    commands = Commands(in_notebook=True)
    terminal.run(target, as_json=as_json, connected=_connected(), commands=commands)


def _in_notebook(target: str | None, as_json: bool) -> None:
    from amlflow_jupyter.doctor.checks.catalogue import CHECKS
    from amlflow_jupyter.doctor.commands import Commands
    from amlflow_jupyter.doctor.examination import examine
    from amlflow_jupyter.doctor.subject import subject_of
    from amlflow_jupyter.doctor.visitor import as_visitor

    subject = subject_of(target, Path.cwd(), Commands(in_notebook=True), _connected())
    view = _View(subject.title)
    with as_visitor(target):
        report = examine(subject, CHECKS, view)
    if as_json:
        view.remove()
        print(json.dumps(report.document(), indent=2))  # noqa: T201 - for the user
    else:
        view.show(report.findings, report.complete)


def _connected() -> Workspace | None:
    from amlflow_jupyter.session.session import current

    return current().workspace


class _View:
    """The table in the notebook, which grows while the checks run."""

    def __init__(self, target: str) -> None:
        from IPython.display import display

        self._target = target
        self._findings: list[Finding] = []
        self._handle: Any = display(self._bundle("Checking …"), raw=True, display_id=True)

    def begins(self, check: Check) -> None:
        """Show what is waited for."""
        where = ", over the network" if check.remote else ""
        self._update(self._bundle(f"Checking: {check.title}{where} …"))

    def found(self, check: Check, findings: Sequence[Finding]) -> None:  # noqa: ARG002 - a protocol's
        """Add what was found to what is shown next."""
        self._findings += findings

    def show(self, findings: Sequence[Finding], complete: bool) -> None:
        """Show all that was found."""
        self._findings = list(findings)
        self._update(self._bundle("", complete))

    def remove(self) -> None:
        """Show nothing any more."""
        self._update({"text/plain": ""})

    def _bundle(self, note: str, complete: bool = True) -> dict[str, str]:
        from amlflow_jupyter.doctor import rendering
        from amlflow_jupyter.doctor.checks.catalogue import TITLES
        from amlflow_jupyter.doctor.report import Report

        report = Report(self._target, tuple(self._findings), complete)
        return rendering.bundle(report, TITLES, note)

    def _update(self, bundle: dict[str, str]) -> None:
        if self._handle is not None:
            self._handle.update(bundle, raw=True)
