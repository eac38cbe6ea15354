"""The end of a session: what was logged is delivered, and what remains is said."""

from __future__ import annotations

import os
import sys

from amlflow_jupyter.tracking import internals, journaling


def at_exit(timeout: float, process: int) -> None:
    """End the runs that are active, and deliver for at most ``timeout`` seconds.

    A forked child of ``process`` leaves that to its parent.
    """
    if os.getpid() == process and journaling.current() is not None:
        internals.end_active_runs()  # MLflow does so a moment later, when nobody delivers
        deliver(timeout)


def deliver(timeout: float) -> None:
    """Deliver for at most ``timeout`` seconds, and end the journal of this process."""
    left = journaling.stop(timeout)
    if left is not None and left.backlog:
        sentence = f"{left.sentence()}: sent when amlflow is used next, or by `amlflow sync`."
        print(f"amlflow: {sentence}", file=sys.stderr)  # noqa: T201 - the user's one line
