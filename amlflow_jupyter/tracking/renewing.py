"""Renew a token that Azure rejects although its time is not up: once, and then say what to do.

Azure takes a token back when a password or a role changes. The clients that keep it until it
expires would fail for an hour.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, cast

from amlflow_jupyter.errors import AmlflowError, Unreachable
from amlflow_jupyter.workspaces.azure import internals

#: The name under which MLflow's plugins for authorization know ours.
AUTH_NAME: Final = "amlflow-azure"
_UNAUTHORIZED: Final = 401
_asking = threading.local()


class RenewingStore:
    """Mixed in before a REST store of azureml-mlflow, tracking store or model registry.

    Its requests are authorized by ``authorization.AzureAuthorization``, which MLflow finds among
    its plugins: there the answer's status can be seen, and nothing but the request sent again.
    """

    service_context: Any

    @property
    def get_host_creds(self) -> Callable[[], Any]:
        """What MLflow calls before each request for the address and the token."""
        return self._host_creds

    @get_host_creds.setter
    def get_host_creds(self, creds: Callable[[], Any]) -> None:
        # The store's own constructor sets it: that stays in the instance, for its own class.
        self.__dict__["get_host_creds"] = creds

    def _host_creds(self) -> Any:
        creds = self.__dict__["get_host_creds"]()
        creds.auth = AUTH_NAME
        _asking.credential = self.service_context.auth
        return creds

    def _call_endpoint(self, *args: Any, **options: Any) -> Any:
        with as_mlflow_says():
            return super()._call_endpoint(*args, **options)  # type: ignore[misc]

    def _call_to_endpoint(self, *args: Any, **options: Any) -> Any:
        """Do the same for azureml-mlflow's own asynchronous logging."""
        with as_mlflow_says():
            return super()._call_to_endpoint(*args, **options)  # type: ignore[misc]


def asking_credential() -> Any:
    """Return the credential of the request that this thread is about to send."""
    return _asking.credential


@contextmanager
def as_mlflow_says() -> Iterator[None]:
    """Raise our errors as MLflow's: its callers, autologging among them, know how to take those."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except AmlflowError as error:
        raise _in_mlflows_words(error) from error
    except MlflowException as error:
        # Raised inside a request, ours arrives wrapped into an address of 200 characters.
        if isinstance(ours := error.__context__, AmlflowError):
            raise _in_mlflows_words(ours) from ours
        raise


def _in_mlflows_words(error: AmlflowError) -> Any:
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import TEMPORARILY_UNAVAILABLE, UNAUTHENTICATED

    code = TEMPORARILY_UNAVAILABLE if isinstance(error, Unreachable) else UNAUTHENTICATED
    return MlflowException(str(error), error_code=code)


def renewing_artifacts(repository: Any) -> None:
    """Let the artifact repository of azureml-mlflow renew tokens that are rejected, too."""
    internals.watch_artifacts(repository, _renewing_policy)


@cache
def _renewing_policy(policy_class: Any) -> type:
    """Return a class of azure-core's pipelines that sends a rejected request once more."""
    from amlflow_jupyter.workspaces.azure.authorizing import authorized
    from amlflow_jupyter.workspaces.azure.renewal import Renewing

    if getattr(policy_class, "renews", False):
        return cast("type", policy_class)

    class RenewingPolicy(policy_class):
        """Adds a token to a request, and a new one where the first is rejected."""

        renews = True

        def send(self, request: Any) -> Any:
            """Send a request, and once more where its token is rejected."""
            with as_mlflow_says():
                answer = super().send(request)
                if answer.http_response.status_code != _UNAUTHORIZED:
                    return answer
                tokens = Renewing(self._credential)
                rejected = authorized(request.http_request.headers)
                if rejected is None or not tokens.renew(rejected):
                    raise tokens.signed_out()
                self._token = None
                answer = super().send(request)
                if answer.http_response.status_code == _UNAUTHORIZED:
                    raise tokens.signed_out()
                return answer

    return RenewingPolicy
