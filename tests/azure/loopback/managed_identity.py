"""Managed identity, on plain HTTP: as App Service has it, and as a compute instance has it."""

from __future__ import annotations

import time
from typing import Any

from starlette.responses import JSONResponse

from loopback.calls import Answer, Call
from loopback.world import MANAGED_IDENTITY, MSI_SECRET


def app_service(call: Call) -> Answer:
    """Answer ``IDENTITY_ENDPOINT``: the header ``X-IDENTITY-HEADER`` holds the secret."""
    if call.request.headers.get("x-identity-header") != MSI_SECRET:
        return refused()
    return granted(call, call.query)


async def compute_instance(call: Call) -> Answer:
    """Answer ``MSI_ENDPOINT``: a GET with a ``secret``, or an older client's POST."""
    if call.request.method == "POST":
        if call.request.headers.get("metadata", "").lower() != "true":
            return refused()
        return granted(call, await call.form())
    if call.request.headers.get("secret") != MSI_SECRET:
        return refused()
    return granted(call, call.query)


def refused() -> JSONResponse:
    """Return the answer to who does not know the secret."""
    return JSONResponse({"statusCode": 401, "message": "The secret is missing or wrong."}, 401)


def granted(call: Call, asked: dict[str, str]) -> Answer:
    """Return a token, if there is such an identity."""
    client = asked.get("client_id") or asked.get("clientid") or MANAGED_IDENTITY.client_id
    if client != MANAGED_IDENTITY.client_id:
        message = f"No User Assigned or Delegated Managed Identity found for '{client}'."
        return JSONResponse({"statusCode": 400, "message": message}, 400)
    audience = asked.get("resource", "")
    issued, end = call.emulator.tokens.issue(MANAGED_IDENTITY, audience)
    body: dict[str, Any] = {
        "access_token": issued,
        "expires_on": str(end),
        "expires_in": str(max(int(end - time.time()), 0)),
        "not_before": str(int(time.time())),
        "resource": audience,
        "token_type": "Bearer",
        "client_id": client,
    }
    return body
