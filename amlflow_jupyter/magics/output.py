"""How the magics show what they found: HTML in a notebook, text in a terminal, or JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

Bundle = dict[str, str]


def in_notebook(shell: Any) -> bool:
    """Whether there is a front end that shows HTML."""
    return hasattr(shell, "kernel")


def show(shell: Any, bundle: Bundle) -> None:
    """Show a bundle as HTML in a notebook, as text in a terminal."""
    if in_notebook(shell):
        from IPython.display import display

        display(bundle, raw=True)
    else:
        print(bundle["text/plain"])  # noqa: T201 - for the user


def print_json(value: Any) -> None:
    """Print JSON that every reader takes: what is no finite number is written as text."""
    print(json.dumps(_finite(plain(value)), indent=2, ensure_ascii=False, default=str))  # noqa: T201


def plain(record: Any) -> Any:
    """Return a dataclass as a dictionary, and anything else as it is."""
    return asdict(record) if is_dataclass(record) and not isinstance(record, type) else record


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
