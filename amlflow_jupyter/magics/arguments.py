"""How a magic's line is read, and how it fails."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.error import UsageError

from amlflow_jupyter.errors import AmlflowError


def parse(magic: Callable[..., Any], line: str) -> Any:
    """Parse ``line`` by the arguments that decorate ``magic``.

    Raises
    ------
    UsageError
        The line cannot be parsed; the message says why.
    """
    try:
        words = _split(line)
    except ValueError as error:  # an open quote
        raise UsageError(f"{error}: {line}") from None
    return magic.parser.parse_args(words)  # type: ignore[attr-defined]


def _split(line: str) -> list[str]:
    """Split as a shell does, without its backslashes: they stand in Windows paths."""
    words = shlex.shlex(line, posix=True)
    words.whitespace_split = True
    words.commenters = ""
    words.escape = ""
    return list(words)


@contextmanager
def usage_errors() -> Iterator[None]:
    """Show our errors as IPython shows a wrong use: one line, no traceback."""
    try:
        yield
    except AmlflowError as error:
        raise UsageError(str(error)) from None


def pairs(given: list[str] | None, flag: str) -> dict[str, str]:
    """Read ``key=value`` arguments.

    Raises
    ------
    UsageError
        One has no key or no equals sign.
    """
    found = {}
    for entry in given or []:
        key, equals, value = entry.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"{flag} {entry}: write {flag} key=value.")
        found[key.strip()] = value
    return found
