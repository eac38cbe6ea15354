"""What an access token says of its holder. Its signature is Azure's business."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from amlflow_jupyter.workspaces.azure.plain import plain

# The claims that name a user, in the order of how readable they are.
_USER: Final = ("upn", "preferred_username", "unique_name", "email", "name")


def claims(token: str) -> dict[str, Any]:
    """Return the claims of a token; none where it is no JWT."""
    try:
        payload = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def identity(token: str) -> str:
    """Return who a token was issued to: a user's name, or the app's."""
    found = claims(token)
    for claim in _USER:
        if found.get(claim) and found.get("idtyp") != "app":
            return plain(found[claim])
    app = found.get("app_displayname") or found.get("appid") or found.get("azp")
    return f"app {plain(app)}" if app else "an identity without a name"


def tenant(token: str) -> str | None:
    """Return the id of the tenant that issued a token."""
    return _text(claims(token), "tid")


def expiry(token: str) -> float | None:
    """Return when a token expires (unix seconds), where it says so."""
    found = claims(token).get("exp")
    return float(found) if isinstance(found, int | float) else None


def _text(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value else None
