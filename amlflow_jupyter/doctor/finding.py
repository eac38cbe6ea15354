"""One line of what the doctor says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """What one look of a check has found.

    Attributes
    ----------
    level
        A failure keeps something from working, a warning may.
    message
        One sentence for the user.
    remedy
        The command that mends it, ready to be copied; None where nothing is to be mended, or where
        no command can.
    check
        Name of the check; filled in by whoever runs it.
    """

    level: Level
    message: str
    remedy: str | None = None
    check: str = ""


def ok(message: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Level.OK, message)


def warning(message: str, remedy: str | None) -> Finding:
    """Return a finding of what may keep something from working."""
    return Finding(Level.WARNING, message, remedy)


def failure(message: str, remedy: str | None) -> Finding:
    """Return a finding of what keeps something from working."""
    return Finding(Level.FAILURE, message, remedy)


def skipped(message: str) -> Finding:
    """Return why nothing was looked at."""
    return Finding(Level.SKIPPED, message)
