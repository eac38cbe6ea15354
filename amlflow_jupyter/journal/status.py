"""How delivery stands, for the user."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

State = Literal["delivered", "delivering", "offline", "sign-in"]


@dataclass(frozen=True)
class Status:
    """How delivery stands.

    Attributes
    ----------
    state
        ``"delivered"``: nothing is left; ``"delivering"``; ``"offline"``: a store does not take
        what it is sent; ``"sign-in"``: a store wants credentials.
    backlog
        Entries and files that are not delivered yet.
    oldest
        When the oldest of them was logged (seconds since 1970).
    error
        Why a store did not take what it was sent last.
    quarantined
        Entries that a store will never take: (run id, kind, name, reason).
    refused
        Runs that a store takes nothing of any more: (run id, reason).
    notes
        What else the user should know.
    path
        The journal.
    """

    state: State
    backlog: int
    oldest: float | None
    error: str | None
    quarantined: tuple[tuple[str, str, str, str], ...]
    refused: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    path: str

    def sentence(self) -> str:
        """Return it in a few words."""
        kept = counted(self.backlog)
        if self.state == "delivered":
            return "delivered"
        if self.state == "delivering":
            return f"delivering, {kept} to go"
        if self.state == "sign-in":
            return f"sign-in needed, {kept} kept here: connect again with %aml_connect"
        return f"offline, {kept} kept here"

    def lines(self) -> list[str]:
        """Return all that there is to say, a line each."""
        said = [self.sentence()]
        if self.oldest is not None and self.state != "delivered":
            said.append(f"The oldest was logged {ago(time.time() - self.oldest)} ago.")
        if self.error and self.state != "delivered":
            said.append(self.error)
        for run, kind, name, reason in self.quarantined:
            said.append(f"Not taken by the store: {kind} {name!r} of run {run}: {reason}")
        said += [f"Run {run} is not taken: {reason}" for run, reason in self.refused]
        return [*said, *self.notes]


def counted(values: int) -> str:
    """Return a number of values in words."""
    return f"{values:,} {'value' if values == 1 else 'values'}"


def ago(seconds: float) -> str:
    """Return how long something was ago, in its largest unit."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    count = max(1, int(seconds))
    return f"{count} second{'s' if count > 1 else ''}"
