"""Whether there is a person to ask, and how: a sign-in to Azure may need one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def tell(shell: Any | None) -> Callable[[str], None] | None:
    """Return what shows a person a line at once; None where nobody sits before the program.

    Parameters
    ----------
    shell
        The IPython shell, or None in a script.
    """
    if shell is None and not (sys.stdin and sys.stdin.isatty()):
        return None
    return _print


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - for the user
