"""Which entries of a mapping are secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from amlflow_jupyter.capture.secrets.redaction import redact


def secret_names(values: Mapping[str, Any]) -> set[str]:
    """Return the names of the entries that are secrets: by their name, or by their value.

    Parameters
    ----------
    values
        What was given to each name, such as the params of a run. Each is judged by the text that
        it would be recorded as: ``password`` by its name, a connection string by its form, and a
        mapping by what is in it.
    """
    return {name for name, value in values.items() if _is_secret(name, str(value))}


def _is_secret(name: str, value: str) -> bool:
    """Judge an entry as the code that would assign it, and its text by itself.

    Quotes within the value would end it too early there: they are as good as any character.
    """
    assigned = re.sub(r"\W", "_", name)
    quoted = re.sub(r"['\"\\\n]", "_", value)
    return redact(f'{assigned} = "{quoted}"\n{value}')[1] > 0
