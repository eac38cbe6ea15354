"""The secrets of this process: the values of its environment variables that sound secret."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Final

from amlflow_jupyter.capture.secrets import literals
from amlflow_jupyter.capture.secrets.plausible import is_location

_NAME: Final = re.compile(
    r"(?:TOKEN|KEY|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|CONNECTION_?STRING|CONN_?STR|"
    r"(?:^|_)(?:PAT|SAS))\d*$",
    re.IGNORECASE,
)
_SHORTEST: Final = 8


def secret_values(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the values, the longest first, so that one within another is found whole."""
    found = {value for name, value in environment.items() if _is_secret(name, value)}
    return sorted(found, key=len, reverse=True)


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield where such a value stands in the text."""
    for value in secret_values():
        yield from literals.find(text, value)


def _is_secret(name: str, value: str) -> bool:
    if (
        _NAME.search(name) is None
        or len(value) < _SHORTEST
        or value.lower() in literals.PLACEHOLDERS
    ):
        return False
    return not is_location(value)
