"""The notebook as it lies on disk, without its outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.secrets import KnownSecrets
from amlflow_jupyter.capture.size import megabytes

_FORMAT: Final = 4
_OUTPUT_FACTOR: Final = 20  # a file so many times as long as its snapshot may be is not read


def collect(path: Path, limit: int, known: KnownSecrets | None = None) -> Findings:
    """Return ``amlflow/notebook.ipynb``: each cell's text without secrets, no outputs.

    The file is read as plain JSON: nbformat's reader warns about what is missing in it, and a
    warning would show up in the user's cell.

    Parameters
    ----------
    path
        The notebook; a script (or anything that is not a notebook of format 4) is left alone.
    limit
        Bytes of the snapshot; a longer one is left out.
    known
        Takes out the secrets. They are not counted: they are mostly those of other cells.
    """
    if path.suffix != ".ipynb":
        return Findings()
    if path.stat().st_size > limit * _OUTPUT_FACTOR:
        return _left_out(path.stat().st_size)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if notebook.get("nbformat") != _FORMAT:
        return Findings(notes=("The notebook is not kept: it is of an old format",))
    for cell in notebook["cells"]:
        _clean(cell, known or KnownSecrets())
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    size = len(text.encode(errors="replace"))
    if size > limit:
        return _left_out(size)
    return Findings({"amlflow/notebook.ipynb": text})


def _left_out(size: int) -> Findings:
    return Findings(notes=(f"The notebook is not kept: it has {megabytes(size)}",))


def _clean(cell: dict[str, Any], known: KnownSecrets) -> None:
    """Take outputs and secrets out of a cell."""
    if cell.get("cell_type") == "code":
        cell["outputs"] = []
        cell["execution_count"] = None
    source = cell.get("source", "")
    text, _ = known.redact(source if isinstance(source, str) else "".join(source))
    cell["source"] = text.splitlines(keepends=True)
