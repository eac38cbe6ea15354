"""Take secrets out of what is shown, also where the package that looks for them is broken."""

from __future__ import annotations

import os
import re
from typing import Final

MARK: Final = "[redacted]"
# A value of such a variable is a secret wherever it stands.
_VARIABLE: Final = re.compile(r"TOKEN$|SECRET|PASSWORD|_KEY$|CONNECTION_STRING", re.IGNORECASE)
_SHORTEST: Final = 6
_USER: Final = re.compile(r"(?<=://)[^/\s@]+@")
_TOKEN: Final = re.compile(r"\beyJ[\w-]+(?:\.[\w-]*){1,2}")
_SIGNATURE: Final = re.compile(r"(?<=sig=)[^&\s'\"]+")


def without_secrets(text: str) -> str:
    """Return ``text`` without what is secret in it.

    That is: users and passwords in addresses, tokens, signatures, and the values of environment
    variables that hold secrets.
    """
    for value in _secret_values():
        text = text.replace(value, MARK)
    text = _USER.sub("", text)
    text = _TOKEN.sub(MARK, text)
    text = _SIGNATURE.sub(MARK, text)
    try:
        from amlflow_jupyter.capture.secrets import redact

        return redact(text)[0]
    except (Exception, SystemExit):  # it needs a package that may be what is broken here
        return text


def _secret_values() -> list[str]:
    found = {
        value
        for name, value in os.environ.items()
        if _VARIABLE.search(name) and len(value) >= _SHORTEST and not _is_path(value)
    }
    return sorted(found, key=len, reverse=True)


def _is_path(value: str) -> bool:
    """Whether it only says where a secret lies, as ``AZURE_FEDERATED_TOKEN_FILE`` does."""
    return value.startswith(("/", "~", "\\")) or value[1:3] == ":\\"
