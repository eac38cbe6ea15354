"""Commands that mend things, as they are typed where the user is: in a terminal or a notebook."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True)
class Commands:
    """Writes commands.

    Attributes
    ----------
    in_notebook
        Whether they are run in a cell, of a notebook or of IPython in a terminal, where ``!``
        starts a shell and ``%env`` sets a variable.
    python
        The interpreter whose environment is mended.
    on_windows
        Whether the shell is that of Windows.
    has_pip
        Whether that environment has pip: those that uv makes have none.
    """

    in_notebook: bool = False
    python: str = sys.executable
    on_windows: bool = os.name == "nt"
    has_pip: bool = find_spec("pip") is not None

    def shell(self, *words: str) -> str:
        """Return a program and its arguments, quoted."""
        line = subprocess.list2cmdline(words) if self.on_windows else shlex.join(words)
        return f"!{line}" if self.in_notebook else line

    def install(self, *requirements: str) -> str:
        """Return what installs ``requirements`` into the interpreter's environment."""
        quoted = " ".join(f'"{requirement}"' for requirement in requirements)
        if self.in_notebook and self.has_pip:
            return f"%pip install {quoted}"
        if self.has_pip:
            return f"{self.shell(self.python)} -m pip install {quoted}"
        return f"{self.shell('uv', 'pip', 'install', '--python', self.python)} {quoted}"

    def remove(self, *packages: str) -> str:
        """Return what removes packages from the interpreter's environment."""
        if self.in_notebook and self.has_pip:
            return f"%pip uninstall --yes {' '.join(packages)}"
        if self.has_pip:
            return self.module("pip", "uninstall", "--yes", *packages)
        return self.shell("uv", "pip", "uninstall", "--python", self.python, *packages)

    def module(self, name: str, *arguments: str) -> str:
        """Return ``python -m name …`` with the interpreter."""
        return self.shell(self.python, "-m", name, *arguments)

    def set_variable(self, name: str, value: str) -> str:
        """Return what sets an environment variable for what is started from here."""
        if self.in_notebook:
            return f"%env {name}={value}"
        if self.on_windows:
            return f'set "{name}={value}"'
        return f"export {name}={shlex.quote(value)}"

    def unset_variables(self, *names: str) -> str:
        """Return what removes environment variables."""
        if self.in_notebook:
            return "import os; " + "; ".join(f"os.environ.pop({name!r}, None)" for name in names)
        if self.on_windows:
            return " & ".join(f"set {name}=" for name in names)
        return "unset " + " ".join(names)

    def remove_file(self, path: str) -> str:
        """Return what moves a file out of the way, where it can be looked at later."""
        return self.shell("move" if self.on_windows else "mv", path, f"{path}.broken")
