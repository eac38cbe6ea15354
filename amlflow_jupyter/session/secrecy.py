"""Params are recorded as text for everyone: what is secret among them is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amlflow_jupyter.capture import secret_names
from amlflow_jupyter.capture.secrets import MARK


def without_secrets(params: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return ``params`` with secrets redacted, and the names of those that were."""
    secret = secret_names(params)
    return {name: MARK if name in secret else params[name] for name in params}, sorted(secret)
