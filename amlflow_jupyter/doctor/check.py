"""One thing that the doctor looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.subject import Subject


@dataclass(frozen=True)
class Check:
    """A check, as it is run and shown.

    Attributes
    ----------
    name
        Short, stable, for ``--json``.
    title
        What is shown for it.
    run
        Yields what it finds, one by one: what was found before a deadline passes is kept.
    deadline
        Seconds that it may take.
    remote
        Whether it asks something over the network. Such checks run at the same time.
    """

    name: str
    title: str
    run: Callable[[Subject], Iterable[Finding]]
    deadline: float = 10.0
    remote: bool = False
