"""Methods that answer only where the server cannot."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from amlflow_jupyter.tracking.mlflow2.presence import Feature, is_missing_endpoint

Method = Callable[..., Any]


def where_missing(feature: Feature) -> Callable[[Method], Method]:
    """Let a method of a store answer where the server lacks ``feature``; else the server answers.

    The store's ``amlflow_server`` is what asks the server.
    """

    def decorate(own: Method) -> Method:
        @wraps(own)
        def answer(self: Any, *args: Any, **kwargs: Any) -> Any:
            from mlflow.exceptions import MlflowException

            server = self.amlflow_server
            lacks = feature.lacks(self, server)
            if lacks:
                return own(self, *args, **kwargs)
            try:
                return getattr(server, own.__name__)(*args, **kwargs)
            except MlflowException as error:
                if lacks is False or not is_missing_endpoint(error):
                    raise
            feature.found_missing(self)  # it could not be asked a moment ago
            return own(self, *args, **kwargs)

        return answer

    return decorate
