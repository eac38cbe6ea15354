"""Python code in a process of its own, which is led to the loopback workspace."""

from __future__ import annotations

import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loopback import Loopback


@dataclass(frozen=True)
class Done:
    """A child process that ended."""

    out: str
    err: str
    code: int


class RunPython(Protocol):
    """Run Python code in a process of its own that knows only the loopback workspace."""

    def __call__(
        self,
        code: str,
        *,
        env: dict[str, str] | None = None,
        signed_in: bool = True,
        check: bool = True,
        timeout: float = 300,
    ) -> Done:
        """Run code.

        Parameters
        ----------
        code
            May be indented as a whole.
        env
            Goes over the environment of ``Loopback.env``.
        signed_in
            Whether a service principal's variables are in the environment.
        check
            Whether the test fails when the process does.
        timeout
            Seconds.
        """


def runner(loopback: Loopback, python: str | Path, folder: Path) -> RunPython:
    """Return what runs code with a Python in a folder, which gets a ``config.json`` and a home."""
    home = folder / "home"
    loopback.write_config(folder)

    def run(
        code: str,
        *,
        env: dict[str, str] | None = None,
        signed_in: bool = True,
        check: bool = True,
        timeout: float = 300,
    ) -> Done:
        signs_in = loopback.service_principal_env() if signed_in else {}
        done = subprocess.run(
            [str(python), "-c", textwrap.dedent(code)],
            cwd=folder,
            env={**loopback.env(home), **signs_in, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return Done(done.stdout, done.stderr, done.returncode)

    return run
