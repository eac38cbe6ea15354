"""What is said about a run above its charts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

Status = Literal["RUNNING", "FINISHED", "FAILED", "KILLED"]


@dataclass(frozen=True)
class RunState:
    """A run as it is now.

    Attributes
    ----------
    name, run_id, experiment, location
        Text to show. It is not trusted: escape it.
    status
        MLflow's word for the state.
    started, ended
        Seconds since 1970; ``ended`` is None while the run goes on.
    ui_url
        The run's page; shown only if it is a plain http(s) address.
    notes
        One-line messages to the user, such as ``"2 secrets redacted"``.
    total
        How many steps the run will have, where its user said so.
    """

    name: str
    status: Status
    started: float
    ended: float | None
    run_id: str
    experiment: str
    location: str
    ui_url: str | None = None
    notes: tuple[str, ...] = ()
    total: int | None = None

    @property
    def seconds(self) -> float:
        """How long the run took, or takes so far."""
        return max(0.0, (time.time() if self.ended is None else self.ended) - self.started)
