"""The error bodies of Azure's services.

Resource Manager and the workspace's own services share one shape, which must hold ``details``:
azureml's ``ServiceException`` cannot be printed without it. MLflow's endpoints answer as MLflow,
and the sign-in endpoint with an ``AADSTS`` code.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse

NO_ID = "00000000-0000-0000-0000-000000000000"
TIME = "%Y-%m-%d %H:%M:%SZ"


class AzureError(Exception):
    """Answer a request with an error of Azure's.

    Parameters
    ----------
    status
        The HTTP status.
    code
        Azure's word for it, such as ``ResourceNotFound``.
    message
        The sentence for people.
    headers
        What goes with it, such as ``Retry-After``.
    """

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        return {"error": {"code": self.code, "message": self.message, "details": []}}

    def response(self) -> JSONResponse:
        """Return the answer."""
        return JSONResponse(self.body(), self.status, self.headers)


class MlflowError(AzureError):
    """An error as Azure's MLflow endpoints answer it: MLflow's own shape.

    Parameters
    ----------
    status, code, message
        As those of ``AzureError``; the code is one of MLflow's.
    wrapped
        What is answered in place of MLflow's shape, where Azure wraps an error of its own.
    """

    def __init__(
        self, status: int, code: str, message: str, wrapped: dict[str, Any] | None = None
    ) -> None:
        super().__init__(status, code, message)
        self._wrapped = wrapped

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        return self._wrapped or {"error_code": self.code, "message": self.message}


class SignInError(AzureError):
    """An error of the sign-in endpoint: OAuth's shape with an ``AADSTS`` number in its text."""

    def __init__(self, error: str, number: int, message: str, status: int = 400) -> None:
        text = f"AADSTS{number}: {message} Trace ID: {NO_ID} Correlation ID: {NO_ID} Timestamp: "
        super().__init__(status, error, text + f"{datetime.now(UTC):{TIME}}")
        self.number = number

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        return {
            "error": self.code,
            "error_description": self.message,
            "error_codes": [self.number],
            "timestamp": f"{datetime.now(UTC):{TIME}}",
            "trace_id": NO_ID,
            "correlation_id": NO_ID,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }
