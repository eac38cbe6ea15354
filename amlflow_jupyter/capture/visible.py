"""Figures and tables: what a cell displays is heard once, for both."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from amlflow_jupyter.capture.background import merged
from amlflow_jupyter.capture.displays import Displays, Shown
from amlflow_jupyter.capture.figures import Figures
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.parts import Parts
from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.secrets import KnownSecrets
from amlflow_jupyter.capture.tables import Tables


class Visible:
    """Passes what is displayed on to the figures and the tables.

    Parameters
    ----------
    folder
        Where they write.
    shell
        The IPython shell.
    parts
        Whether figures and tables are wanted.
    limits
        How many, and how large.
    known
        Takes secrets out of tables.
    """

    title = "What the cell shows"

    def __init__(
        self, folder: Path, shell: Any, parts: Parts, limits: Limits, known: KnownSecrets
    ) -> None:
        figures = [Figures(folder, limits)] if parts.figures else []
        tables = [Tables(folder, limits, known)] if parts.tables else []
        self._parts: list[Figures | Tables] = [*figures, *tables]
        self._displays = Displays(shell, self._shown, self._cleared)
        self._notes: list[str] = []

    def start(self) -> None:
        """Begin to listen."""
        self._displays.start()

    def stop(self, error: BaseException | None) -> Findings:  # noqa: ARG002 - the protocol's
        """Listen no longer."""
        self._displays.stop()
        found = merged([part.findings() for part in self._parts])
        return merged([found, Findings(notes=tuple(self._notes))])

    def _shown(self, what: Shown) -> None:
        for part in self._parts:
            self._safely(part, partial(part.shown, what))

    def _cleared(self) -> None:
        for part in self._parts:
            self._safely(part, part.cleared)

    def _safely(self, part: Figures | Tables, act: Callable[[], None]) -> None:
        """Turn a failure into a note: the user's display() must not fail for it."""
        try:
            act()
        except Exception as error:
            note = f"One of the {part.title.lower()} was not kept ({type(error).__name__})"
            if note not in self._notes:
                self._notes.append(note)
