"""Params are recorded as text for everyone: what is secret among them is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amlflow_jupyter.capture.secrets import MARK, redact


def without_secrets(params: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return ``params`` with secrets redacted, and the names of those that were.

    Each is judged as the assignment that it stands for: ``password = 'hunter2'`` by its name, a
    connection string by its form.
    """
    secret = [name for name, value in params.items() if redact(f"{name} = {str(value)!r}")[1]]
    return {name: MARK if name in secret else params[name] for name in params}, secret
