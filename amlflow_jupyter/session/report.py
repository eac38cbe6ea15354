"""What the user is told about one run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from amlflow_jupyter.errors import AmlflowError


class Report:
    """Lines for the user.

    Attributes
    ----------
    losses
        What was not recorded; told in any case.
    notes
        What else is worth knowing; told where the run is shown.
    """

    def __init__(self) -> None:
        self.losses: list[str] = []
        self.notes: list[str] = []

    @contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Turn a failure of the block into a line: ours explain themselves, others need ``what``.

        Tracking must never break the code that is tracked.
        """
        try:
            yield
        except AmlflowError as error:
            self.losses.append(str(error))
        except Exception as error:
            self.losses.append(f"{what}: {type(error).__name__}: {error}")

    def print_losses(self) -> None:
        """Say what was not recorded, where the run is not shown."""
        for line in self.losses:
            print(f"amlflow: {line}", file=sys.stderr)  # noqa: T201 - the user's one line
