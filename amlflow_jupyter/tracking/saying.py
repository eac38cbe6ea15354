"""Say something to the user once in a process, however often it is found out."""

from __future__ import annotations

import logging
from typing import Final

_logger = logging.getLogger("amlflow")
_said: Final[set[str]] = set()


def say_once(sentence: str) -> None:
    """Log a sentence as a warning, which a notebook and a terminal show."""
    if sentence not in _said:
        _said.add(sentence)
        _logger.warning(sentence)
