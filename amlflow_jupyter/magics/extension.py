"""Load into a shell, and unload without a trace."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from amlflow_jupyter.magics.amlflow import AmlflowMagics

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Register the magics and the cell hooks, once however often it is called."""
    if _loaded(shell):
        return
    magics = AmlflowMagics(shell)
    shell.register_magics(magics)
    magics.cells.install()


def unload(shell: InteractiveShell) -> None:
    """Take back everything that :func:`load` did, and end the session."""
    magics = _loaded(shell)
    if magics is None:
        return
    magics.cells.remove()
    _unregister(shell, magics)
    if session := sys.modules.get("amlflow_jupyter.session.session"):
        session.end()


def _loaded(shell: InteractiveShell) -> AmlflowMagics | None:
    magics: AmlflowMagics | None = shell.magics_manager.registry.get(AmlflowMagics.__name__)
    return magics


def _unregister(shell: InteractiveShell, magics: AmlflowMagics) -> None:
    """Do what IPython has no call for: take registered magics out."""
    manager = shell.magics_manager
    for kind, names in magics.magics.items():
        for name in names:
            manager.magics[kind].pop(name, None)
    manager.registry.pop(type(magics).__name__, None)
    shell.configurables.remove(magics)
