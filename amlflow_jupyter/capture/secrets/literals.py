"""Find values that are known to be secret, to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# Words that stand for no secret, and would black out ordinary text.
PLACEHOLDERS: Final = frozenset(
    {
        *("password", "disabled", "required", "optional", "anonymous", "undefined", "changeme"),
        *("password1", "password123", "mypassword", "my_password", "my-password", "passw0rd"),
        *("mysecret", "my_secret", "my-secret", "postgres", "username", "localhost", "minioadmin"),
    }
)
_JOINED_BEFORE: Final = re.compile(r"(?:\w|\d\.)\Z")
_JOINED_AFTER: Final = re.compile(r"\w|\.\d")


def find(text: str, value: str, *, whole: bool = False) -> Iterator[tuple[int, int]]:
    """Yield where ``value`` stands in the text.

    Parameters
    ----------
    text, value
        What to look through, and for.
    whole
        Only where it is no part of a longer word or number.
    """
    at = text.find(value)
    while at >= 0:
        end = at + len(value)
        if not (whole and _is_joined(text, at, end)):
            yield at, end
        at = text.find(value, end)


def _is_joined(text: str, start: int, end: int) -> bool:
    before = _JOINED_BEFORE.search(text[max(0, start - 2) : start])
    return before is not None or _JOINED_AFTER.match(text, end) is not None
