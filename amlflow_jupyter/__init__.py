"""Track a notebook cell, a block or a function as an MLflow run.

``%load_ext amlflow`` loads the magics; ``import amlflow`` gives the same to scripts. Everything is
imported when it is first used: loading the extension is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from amlflow_jupyter._version import __version__
    from amlflow_jupyter.errors import AmlflowError
    from amlflow_jupyter.session.api import connect, log, portal_url, track, workspace

__all__ = [
    "AmlflowError",
    "__version__",
    "connect",
    "load_ipython_extension",
    "log",
    "portal_url",
    "track",
    "unload_ipython_extension",
    "workspace",
]

_HOMES = {
    "AmlflowError": "errors",
    "__version__": "_version",
    "connect": "session.api",
    "log": "session.api",
    "portal_url": "session.api",
    "track": "session.api",
    "workspace": "session.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics: what ``%load_ext amlflow`` calls. Twice is as good as once."""
    from amlflow_jupyter.magics import extension

    extension.load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take everything back: what ``%unload_ext amlflow`` calls."""
    from amlflow_jupyter.magics import extension

    extension.unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "amlflow"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from amlflow_jupyter.server.app import AmlflowApp

    return [{"module": "amlflow_jupyter.server.app", "app": AmlflowApp}]
