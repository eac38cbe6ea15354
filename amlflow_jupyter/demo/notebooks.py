"""The demo notebooks: where they are, and a fresh copy of them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from amlflow_jupyter.errors import AmlflowError

FIRST: Final = "01_first_run.ipynb"


def copy_to(folder: Path | None) -> Path:
    """Copy the notebooks to ``folder``, or to a fresh one; return that folder.

    Raises
    ------
    AmlflowError
        The folder holds one of them already, or cannot be written.
    """
    try:
        return _copy(folder)
    except OSError as error:
        raise AmlflowError(
            f"The demo notebooks cannot be copied to {folder} ({error.strerror}): name another "
            "folder with --dir."
        ) from error


def _copy(folder: Path | None) -> Path:
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="amlflow-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(_sources().glob("*.ipynb")):
        target = folder / notebook.name
        if target.exists():
            raise AmlflowError(
                f"{target} is there already: name a fresh folder with --dir, or remove it."
            )
        shutil.copyfile(notebook, target)
    return folder.absolute()


def _sources() -> Path:
    """Return the installed notebooks, or those of the checkout for an editable install."""
    installed = Path(__file__).parent / "notebooks"
    checkout = Path(__file__).parents[2] / "demo_notebooks"
    return installed if installed.is_dir() else checkout
