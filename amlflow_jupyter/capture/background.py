"""What takes long is collected while the cell runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from amlflow_jupyter.capture.recorder import Findings


class Job:
    """One thing to find out, in a thread of its own.

    Nothing is written there: whoever waits no longer for the result has no trace of it.

    Parameters
    ----------
    title
        What it finds, as a sentence begins with it.
    collect
        Finds it.
    """

    def __init__(self, title: str, collect: Callable[[], Findings]) -> None:
        self._title = title
        self._collect = collect
        self._findings = Findings(notes=(f"{title} took too long to find out, and is left out",))
        self._thread = threading.Thread(target=self._run, name="amlflow capture", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self, deadline: float) -> Findings:
        """Return what was found until ``deadline`` (of ``time.monotonic()``)."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return self._findings

    def _run(self) -> None:
        time.sleep(0.002)  # the cell goes first: it waits for this thread to pause
        try:
            self._findings = self._collect()
        except Exception as error:  # it is no part of the user's cell
            why = f"{type(error).__name__}: {error}"
            self._findings = Findings(notes=(f"{self._title} could not be found out: {why}",))


class Background:
    """All jobs of a capture; they share one deadline.

    Parameters
    ----------
    jobs
        What to find out.
    patience
        Seconds to wait for them when the cell has ended.
    """

    title = "What is collected in the background"

    def __init__(self, jobs: list[Job], patience: float) -> None:
        self._jobs = jobs
        self._patience = patience

    def start(self) -> None:
        """Begin all jobs."""
        for job in self._jobs:
            job.start()

    def stop(self, error: BaseException | None) -> Findings:  # noqa: ARG002 - the protocol's
        """Return what all jobs found."""
        deadline = time.monotonic() + self._patience
        return merged([job.wait(deadline) for job in self._jobs])


def merged(findings: list[Findings]) -> Findings:
    """Return all findings as one."""
    return Findings(
        files={path: text for one in findings for path, text in one.files.items()},
        tags={name: value for one in findings for name, value in one.tags.items()},
        notes=tuple(note for one in findings for note in one.notes),
        redacted=sum(one.redacted for one in findings),
    )
