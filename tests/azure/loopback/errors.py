"""The error bodies of Azure's services.

Resource Manager and the workspace's own services share one shape, which must hold ``details``:
azureml's ``ServiceException`` cannot be printed without it. MLflow's endpoints answer as MLflow,
and the sign-in endpoint with an ``AADSTS`` code.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse


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
    """An error as Azure's MLflow endpoints answer it: MLflow's own shape."""

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        return {"error_code": self.code, "message": self.message}


class SignInError(AzureError):
    """An error of the sign-in endpoint: OAuth's shape with an ``AADSTS`` number in its text."""

    def __init__(self, error: str, number: int, message: str, status: int = 400) -> None:
        super().__init__(status, error, f"AADSTS{number}: {message}")
        self.number = number

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        return {
            "error": self.code,
            "error_description": self.message,
            "error_codes": [self.number],
            "timestamp": "2026-01-01 00:00:00Z",
            "trace_id": "00000000-0000-0000-0000-000000000000",
            "correlation_id": "00000000-0000-0000-0000-000000000000",
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }
