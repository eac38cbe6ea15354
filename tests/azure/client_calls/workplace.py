"""What a call is given to work with."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_numbers = itertools.count()


@dataclass(frozen=True)
class Workplace:
    """A folder of the call's own, names that nobody else uses, and the SDK's workspace.

    Attributes
    ----------
    folder
        An empty folder.
    open_workspace
        Returns azureml-core's ``Workspace`` that MLflow is pointed at.
    """

    folder: Path
    open_workspace: Callable[[], Any]

    @property
    def workspace(self) -> Any:
        """azureml-core's ``Workspace``."""
        return self.open_workspace()

    def name(self, stem: str) -> str:
        """Return a name that begins with ``stem`` and was never given before."""
        return f"{stem}-{next(_numbers)}-{uuid.uuid4().hex[:6]}"

    def file(self, path: str, content: str | bytes) -> Path:
        """Make a file in the folder."""
        made = self.folder / path
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(content.encode() if isinstance(content, str) else content)
        return made
