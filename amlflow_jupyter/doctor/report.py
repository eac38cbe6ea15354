"""All that was found, counted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from amlflow_jupyter._version import __version__
from amlflow_jupyter.doctor.finding import Finding, Level

# Raised when a field changes its meaning or goes; new fields may come at any time.
SCHEMA: Final = 1


@dataclass(frozen=True)
class Report:
    """What an examination has found.

    Attributes
    ----------
    target
        What was examined, as a person calls it.
    findings
        In the order of the checks.
    complete
        False where the user interrupted it.
    """

    target: str
    findings: tuple[Finding, ...]
    complete: bool = True

    def count(self, level: Level) -> int:
        """Return how many findings are of that level."""
        return sum(finding.level is level for finding in self.findings)

    @property
    def status(self) -> int:
        """The exit status: 1 where something fails, 130 where the user interrupted, else 0."""
        if not self.complete:
            return 130
        return 1 if self.count(Level.FAILURE) else 0

    @property
    def summary(self) -> str:
        """Failures and warnings in one line."""
        failures, warnings = self.count(Level.FAILURE), self.count(Level.WARNING)
        counted = f"{_number(failures, 'failure')}, {_number(warnings, 'warning')}"
        return (
            counted[0].upper() + counted[1:]
            if self.complete
            else f"Interrupted: {counted} until then"
        )

    def document(self) -> dict[str, Any]:
        """Return the report for ``--json``."""
        return {
            "schema": SCHEMA,
            "amlflow": __version__,
            "target": self.target,
            "complete": self.complete,
            "summary": {level.value: self.count(level) for level in Level},
            "findings": [_entry(finding) for finding in self.findings],
        }


def _entry(finding: Finding) -> dict[str, Any]:
    entry = asdict(finding)
    order = ("check", "level", "message", "remedy")
    return {name: entry[name] for name in order}


def _number(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
