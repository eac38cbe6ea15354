"""``amlflow``: the short name of ``amlflow_jupyter``, for ``%load_ext`` and ``import``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import amlflow_jupyter
from amlflow_jupyter import load_ipython_extension, unload_ipython_extension

if TYPE_CHECKING:
    from amlflow_jupyter import (
        AmlflowError,
        __version__,
        connect,
        log,
        portal_url,
        track,
        workspace,
    )

__all__ = [
    "AmlflowError",
    "__version__",
    "connect",
    "load_ipython_extension",
    "log",
    "portal_url",
    "track",
    "unload_ipython_extension",
    "workspace",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(amlflow_jupyter, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
