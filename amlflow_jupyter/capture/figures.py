"""Figures and images that a cell shows, as files."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.capture.displays import Shown
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.numbered import Numbered
from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.size import megabytes

# What keeps most of the figure comes first; one bundle is one figure.
_PREFERENCE: Final = (
    r"application/vnd\.plotly\.v\d+\+json",
    r"application/vnd\.vega(lite)?\.v\d+(\.\d+)*\+json",
    r"image/svg\+xml",
    r"image/png",
    r"image/jpeg",
    r"image/[\w.+-]+",
    r"application/pdf",
)
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_SUFFIXES: Final = {"svg+xml": "svg", "jpeg": "jpg", "vnd.microsoft.icon": "ico", "x-icon": "ico"}


class Figures:
    """Writes each figure that is shown to ``figures/figure-NN``, in the form it was sent in.

    A plotly or vega figure becomes its JSON. The same picture shown twice is one figure (a
    matplotlib figure that is the cell's last value is sent twice by IPython). Widgets are left
    out: they are views of something that lives.
    """

    title = "Figures"

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._limits = limits
        self._files = Numbered(folder / "figures", "figure", limits.figures)
        self._digests: dict[str, bytes] = {}  # of the figures that are there, by file name
        self._too_large = 0
        self._lock = threading.Lock()

    def cleared(self) -> None:
        """Let the next figure take the place of those so far."""
        with self._lock:
            self._digests.clear()
            self._files.clear()

    def shown(self, what: Shown) -> None:
        """Write what was shown, if it is a figure."""
        mime = _best(what.data)
        if mime is None:
            return
        suffix, content = _content(mime, what.data[mime])
        with self._lock:
            self._write(what.display_id, suffix, content)

    def findings(self) -> Findings:
        """Say what was left out."""
        notes: list[str] = []
        if self._too_large:
            most = megabytes(self._limits.figure_bytes)
            notes.append(f"Figures over {most} are not kept: {self._too_large}")
        if self._files.refused:
            notes.append(
                f"Figures beyond the first {self._limits.figures} are not kept: "
                f"{self._files.refused}"
            )
        return Findings(notes=tuple(notes))

    def _write(self, display_id: str | None, suffix: str, content: bytes) -> None:
        digest = hashlib.sha256(content).digest()
        if display_id is None and digest in self._digests.values():
            return
        if len(content) > self._limits.figure_bytes:
            self._too_large += 1
            return
        path = self._files.path(display_id)
        if path is not None:
            self._digests[path.name] = digest
            path.with_suffix(f".{suffix}").write_bytes(content)


def _best(data: Mapping[str, Any]) -> str | None:
    """Return the MIME type to keep; None if the bundle holds no figure."""
    if _WIDGET in data:
        return None
    for pattern in _PREFERENCE:
        for mime in data:
            if re.fullmatch(pattern, mime):
                return mime
    return None


def _content(mime: str, value: Any) -> tuple[str, bytes]:
    kind = mime.split("/")[1]
    if kind.endswith("+json"):
        return "json", json.dumps(value, default=str).encode()
    suffix = _SUFFIXES.get(kind, re.sub(r"[^a-z0-9]", "", kind.lower()))
    if isinstance(value, bytes):
        return suffix, value
    if kind.endswith("xml"):
        return suffix, str(value).encode()
    return suffix, base64.b64decode(value)
