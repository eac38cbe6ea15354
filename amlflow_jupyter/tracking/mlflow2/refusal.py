"""Tell a server that will not take something from one that cannot answer now."""

from __future__ import annotations

from typing import Any, Final

_REFUSALS: Final = ("INVALID_PARAMETER_VALUE", "BAD_REQUEST")


def is_refusal(error: Any) -> bool:
    """Whether MLflow's exception says that what was sent is not taken as it is.

    Azure's own errors arrive as ``RestException`` without a code that MLflow knows.
    """
    from mlflow.exceptions import RestException

    return isinstance(error, RestException) or error.error_code in _REFUSALS
