"""Whether a value that was found looks like a secret, or like ordinary code."""

from __future__ import annotations

import re
from typing import Final

# {name}, {{ name }}, $NAME, %(name)s, <your key>, ***, ..., and what an earlier pass put there.
_TEMPLATE: Final = re.compile(
    r"""\{.*\}|\$[\w{(].*|%[\w({].*|<.*>|[*.xX•_\-\s]+|\[.*\]|your[\s_-].*|none|null|true|false""",
    re.IGNORECASE,
)
# Things said about a secret: where it is, how it is called, how long it may be.
_ABOUT: Final = re.compile(
    r"(?:^|[_\-.])(?:paths?|files?|filename|names?|uri|urls?|id|ids|columns?|cols?|fields?|prompt|"
    r"labels?|env|envs|vars?|variables?|headers?|types?|kind|len|lengths?|dims?|sizes?|scopes?|"
    r"vault|prefix|suffix|message|hint|help|title|description|placeholder|policy|regex|pattern|"
    r"version|format|algorithm|provider|manager|store)[\])'\"]*$"
    r"|(?-i:(?<=[a-z])(?:Path|File|Name|Ur[il]|Id|Type|Header|Scope|Prompt|Label))$",
    re.IGNORECASE,
)
_LOCATION: Final = re.compile(r"(?:~/|\.{1,2}/|/[\w.~ -]+/|[A-Za-z]:\\)[\w./\\~ -]*|\w+://[^@]*")
_NAME_BEFORE: Final = re.compile(r"[\w.\-]*\Z")
_NAME: Final = re.compile(r"[\w.\-]*")
_PASSWORD: Final = re.compile(r"(?:password|passwd|passphrase|pwd|secret)$", re.IGNORECASE)


def name_of(match: re.Match[str]) -> str:
    """Return the whole name that a match begins with or within, such as ``db_password``."""
    start = match.start()
    before = _NAME_BEFORE.search(match.string[max(0, start - 80) : start])
    name = _NAME.match(match.string, start)
    return (before[0] if before else "") + (name[0] if name else "")


def is_template(value: str) -> bool:
    """Whether the value only stands for one: ``{token}``, ``$TOKEN``, ``<your token>``, ``***``."""
    return _TEMPLATE.fullmatch(value.strip()) is not None


def is_location(value: str) -> bool:
    """Whether the value is a path of several parts, or an address without a user."""
    return _LOCATION.fullmatch(value) is not None


def is_secret_value(name: str, value: str) -> bool:
    """Whether a quoted value that is given to a name looks like a secret.

    Parameters
    ----------
    name
        What it is given to, such as ``db_password``.
    value
        Without its quotes.
    """
    stripped = value.strip()
    if len(stripped) < 4 or is_template(stripped) or _ABOUT.search(name):  # noqa: PLR2004
        return False
    if is_location(stripped):
        return False
    prose = re.search(r"\s", stripped) is not None or stripped[0] in ",:;)("
    return not prose or (_PASSWORD.search(name) is not None and stripped[0].isalnum())


def has_digit(text: str) -> bool:
    """Whether there is a digit in the text: words have none, generated keys have."""
    return any(character.isdigit() for character in text)


def is_mixed(text: str) -> bool:
    """Whether there are digits and letters of both cases in the text."""
    return has_digit(text) and text.lower() != text and text.upper() != text
