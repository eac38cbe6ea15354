"""The text of the cell."""

from __future__ import annotations

from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.secrets import KnownSecrets


class Source:
    """Writes ``amlflow/cell.py``: the cell as it was typed, without its secrets."""

    title = "The cell's source"

    def __init__(self, source: str, known: KnownSecrets) -> None:
        self._source = source
        self._known = known

    def start(self) -> None:
        """Nothing to do: the text does not change."""

    def stop(self, error: BaseException | None) -> Findings:  # noqa: ARG002 - the protocol's
        """Return the text."""
        text, redacted = self._known.redact(self._source)
        return Findings({"amlflow/cell.py": text.rstrip("\n") + "\n"}, redacted=redacted)
