"""What an identity's role lets it do: a reader changes nothing."""

from __future__ import annotations

from loopback.calls import Call
from loopback.errors import AzureError


def may_write(call: Call, action: str) -> None:
    """Let a caller change a resource, else Azure's 403.

    Parameters
    ----------
    call
        The request.
    action
        Azure's name for it, such as ``Microsoft.MachineLearningServices/workspaces/write``.
    """
    if call.emulator.role != "Reader":
        return
    who = call.claims.get("upn") or call.claims.get("appid", "")
    raise AzureError(
        403,
        "AuthorizationFailed",
        f"The client '{who}' with object id '{call.claims.get('oid', '')}' does not have "
        f"authorization to perform action '{action}' over scope '{call.request.url.path}' or the "
        "scope is invalid. If access was recently granted, please refresh your credentials.",
    )
