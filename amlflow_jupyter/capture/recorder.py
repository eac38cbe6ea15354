"""What every recorder of a part does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Findings:
    """What a recorder found out.

    Attributes
    ----------
    files
        Texts to write, by their path in the folder of artifacts.
    tags
        For the run.
    notes
        A line each, for the user.
    redacted
        How many secrets were taken out.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    redacted: int = 0


class Recorder(Protocol):
    """Captures one part of a cell; whatever it raises becomes a note.

    Attributes
    ----------
    title
        What it captures, as a sentence begins with it.
    """

    title: str

    def start(self) -> None:
        """Begin, before the cell's body runs. Takes no time that its user would notice."""

    def stop(self, error: BaseException | None) -> Findings:
        """End, after the body, leaving nothing hooked.

        Parameters
        ----------
        error
            What the body raised.
        """
