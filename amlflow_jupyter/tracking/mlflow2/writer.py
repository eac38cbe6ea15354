"""The name under which this process speaks: each process writes only what is its own."""

from __future__ import annotations

import os
import secrets
from typing import Final

# Six hex digits: a run has a few writers, seldom more than the processes of one training.
_names: Final = {"writer": secrets.token_hex(3)}


def writer() -> str:
    """Return the name of this process among those that write about a run."""
    return _names["writer"]


def _rename() -> None:
    _names["writer"] = secrets.token_hex(3)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_rename)
