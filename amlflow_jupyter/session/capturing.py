"""What is captured beside one run: where it lies until it is sent, and what became of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amlflow_jupyter.capture import (
    Capture,
    Limits,
    SourceInfo,
    assigned_names,
    plain_scalars,
)
from amlflow_jupyter.session.options import Code, TrackOptions


class Capturing:
    """The captured files and tags of one run.

    Attributes
    ----------
    folder
        The tree of artifacts.
    tags
        What was found out about the code's origin, once stopped.
    """

    def __init__(self, shell: Any | None, options: TrackOptions, code: Code) -> None:
        self._shell = shell
        self._options = options
        self._code = code
        self._capture: Capture | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="amlflow-"))
        self.tags: dict[str, str] = {}

    def start(self, source: SourceInfo) -> None:
        """Begin to capture."""
        self._capture = Capture(self.folder, self._shell, self._options.parts, Limits())
        self._capture.start(self._code.source, source)

    def stop(self, error: BaseException | None) -> tuple[str, ...]:
        """Write everything down; return a line for each thing that the user should know."""
        if self._capture is None:
            return ()
        captured = self._capture.stop(error)
        self.tags = captured.tags
        return captured.notes

    def variables(self) -> tuple[dict[str, Any], list[str]]:
        """Return the variables to record as params, and a line for each that cannot be."""
        wanted = self._options.record
        if not wanted:
            return {}, []
        names = assigned_names(self._code.source or "") if wanted == "all" else list(wanted)
        found = dict(plain_scalars(names, self._code.namespace))
        if wanted == "all":
            return found, []
        missing = [name for name in names if name not in found]
        return found, [_why_not(name, self._code.namespace) for name in missing]

    def remove(self) -> None:
        """Remove the files: they were sent, or kept elsewhere."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _why_not(name: str, namespace: Mapping[str, Any]) -> str:
    if name not in namespace:
        return f"No param {name}: there is no such variable."
    return f"No param {name}: it is no number, text or truth value."
