"""Where the code that runs comes from: a notebook, a script, or nothing that has a file."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

Kind = Literal["NOTEBOOK", "JOB", "LOCAL"]
_NOTEBOOK_SUFFIXES: Final = frozenset({".ipynb", ".ipy"})


@dataclass(frozen=True)
class SourceInfo:
    """Where code comes from.

    Attributes
    ----------
    path
        Its file, absolute; None where it has none, or none that is known.
    name
        The file's name, or what is known of it; None where nothing is.
    kind
        MLflow's source type: JOB is a script that Azure Machine Learning runs.
    """

    path: Path | None
    name: str | None
    kind: Kind


def find(shell: Any | None) -> SourceInfo:
    """Find the notebook or script that runs now.

    Asks, in this order: what ``%run`` runs, VS Code, Jupyter's server (which names the notebook
    that the kernel was started for; after a renaming the running servers of this user on this
    computer are asked), and the script that Python was started with.

    Parameters
    ----------
    shell
        The IPython shell; None in a script.
    """
    namespace = getattr(shell, "user_ns", {})
    run = _file(namespace.get("__file__"))
    if run is not None:
        return SourceInfo(run, run.name, _kind(run))
    if shell is None:
        return _script()
    for named in (namespace.get("__vsc_ipynb_file__"), _session_path()):
        path = _file(named)
        if path is not None:
            return SourceInfo(path, path.name, "NOTEBOOK")
        if isinstance(named, str) and named:
            return _moved(Path(named).name)
    return SourceInfo(None, None, "NOTEBOOK" if hasattr(shell, "kernel") else "LOCAL")


def _file(name: Any) -> Path | None:
    if not isinstance(name, (str, os.PathLike)) or not name:
        return None
    path = Path(name).expanduser().absolute()
    return path if path.is_file() else None


def _session_path() -> str | None:
    session = os.environ.get("JPY_SESSION_NAME")
    if not session:
        return None
    folder, name = os.path.split(session)
    # The name has a drive before it where real-time collaboration serves the notebook.
    return str(Path(folder) / name.rpartition(":")[2])


def _moved(name: str) -> SourceInfo:
    """Ask the running servers: the file is not where it was when the kernel started."""
    from amlflow_jupyter.capture.servers import notebook_of_this_kernel

    path = notebook_of_this_kernel()
    if path is None:
        return SourceInfo(None, name, "NOTEBOOK")
    return SourceInfo(path, path.name, "NOTEBOOK")


def _script() -> SourceInfo:
    main = getattr(sys.modules.get("__main__"), "__file__", None) or (sys.argv or [""])[0]
    path = Path(main).absolute()
    if not main or not path.is_file():
        return SourceInfo(None, None, "LOCAL")
    return SourceInfo(path, path.name, _kind(path))


def _kind(path: Path) -> Kind:
    if path.suffix in _NOTEBOOK_SUFFIXES:
        return "NOTEBOOK"
    return "JOB" if "AZUREML_RUN_ID" in os.environ else "LOCAL"
