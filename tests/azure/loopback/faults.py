"""Faults that a test switches on, and the limits: what makes the emulator answer badly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

CODES = {
    400: ("BadRequest", "The request is invalid."),
    401: ("AuthenticationFailed", "The access token is invalid."),
    403: (
        "AuthorizationFailed",
        "The client does not have authorization to perform this action, or the scope is invalid.",
    ),
    404: ("ResourceNotFound", "The resource was not found."),
    409: ("Conflict", "The resource was changed by another request."),
    429: ("TooManyRequests", "Rate limit is exceeded. Try again later."),
    500: ("InternalServerError", "InternalServerError"),
    502: ("BadGateway", "Bad gateway."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "The gateway did not receive a response from the service in time."),
}


@dataclass
class Fault:
    """What happens to the requests whose path matches.

    Attributes
    ----------
    path
        A regular expression, searched in ``METHOD host/path?query``.
    status
        The HTTP status to answer; ``None`` lets the request through (after the delay).
    times
        How many requests it strikes; ``None``: all.
    skip
        How many matching requests pass first.
    delay
        Seconds to wait first.
    body
        A JSON object, or text, in place of Azure's error body.
    headers
        Headers of the answer.
    after
        Whether the request is carried out before it is answered badly.
    lost
        Whether the connection is cut instead of answered.
    """

    path: str
    status: int | None = None
    times: int | None = None
    skip: int = 0
    delay: float = 0.0
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    lost: bool = False
    struck: int = 0

    def strikes(self, request: str) -> bool:
        """Say whether it strikes this request, and count it."""
        if not re.search(self.path, request):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        self.struck += 1
        return True


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Switch one on; an older one that matches comes first."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Switch all off."""
        self._faults.clear()

    def of(self, request: str) -> Fault | None:
        """Return the fault that strikes a request, if one does."""
        return next((fault for fault in self._faults if fault.strikes(request)), None)
