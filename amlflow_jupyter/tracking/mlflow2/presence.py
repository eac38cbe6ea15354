"""What a server lacks: asked once for each server in a process, and remembered.

MLflow raises exactly ``MlflowException`` with the code ``ENDPOINT_NOT_FOUND`` for an answer of
status 404 without a JSON body: the endpoint itself is missing. A missing run or model comes as JSON
and is raised as ``RestException``. An answer that tells nothing (no connection, no permission, a
server in trouble) is not remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

_SETTLING: Final = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")


class Feature:
    """A group of endpoints that a server has or lacks.

    Parameters
    ----------
    name
        For messages.
    ask
        Calls one of them, on whatever speaks to the server; what it answers does not matter.
    """

    def __init__(self, name: str, ask: Callable[[Any], object]) -> None:
        self.name = name
        self._ask = ask
        self._lock = threading.Lock()
        self._lacking: dict[str, bool] = {}
        self._of_stores: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()

    def lacks(self, store: Any, server: Any) -> bool | None:
        """Whether the server of ``store`` lacks the feature; None where that is not known yet.

        Parameters
        ----------
        server
            What asks it: the store without what stands in front of its class.
        """
        known = self._of_stores.get(store)
        if known is not None:
            return known
        host = str(store.get_host_creds().host)
        with self._lock:
            if host not in self._lacking:
                self._look(host, server)
            return self._known(store, host)

    def known_to_lack(self, store: Any) -> bool:
        """Whether it was found out already that the feature is missing."""
        return self._of_stores.get(store) is True

    def found_missing(self, store: Any) -> None:
        """Remember what came out otherwise: the feature is missing."""
        with self._lock:
            self._lacking[str(store.get_host_creds().host)] = True
            self._of_stores[store] = True

    def _look(self, host: str, server: Any) -> None:
        from mlflow.exceptions import MlflowException, RestException

        try:
            self._ask(server)
        except RestException as error:
            if error.error_code in _SETTLING:
                self._lacking[host] = False
        except MlflowException as error:
            if is_missing_endpoint(error):
                self._lacking[host] = True
        else:
            self._lacking[host] = False

    def _known(self, store: Any, host: str) -> bool | None:
        lacking = self._lacking.get(host)
        if lacking is not None:
            self._of_stores[store] = lacking
        return lacking


def is_missing_endpoint(error: Exception) -> bool:
    """Whether a server answered that it does not have what was asked for."""
    from mlflow.exceptions import MlflowException

    return type(error) is MlflowException and error.error_code == "ENDPOINT_NOT_FOUND"


def _search_models(server: Any) -> object:
    return server.search_logged_models(experiment_ids=["0"], max_results=1)


def _search_traces(server: Any) -> object:
    return server.search_traces(experiment_ids=["0"], max_results=1)


LOGGED_MODELS: Final = Feature("logged models", _search_models)
TRACES: Final = Feature("traces", _search_traces)
