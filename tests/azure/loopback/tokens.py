"""Bearer tokens: JWTs that end, that can be revoked, and that are checked at each request."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Collection
from typing import Any

import jwt

from loopback.errors import AzureError
from loopback.state import State
from loopback.world import SERVICE_PRINCIPAL, TENANT, Identity

Claims = dict[str, Any]
HOUR = 3600


class Tokens:
    """Issue and check tokens.

    Attributes
    ----------
    lifetime
        Seconds from issue to end of the tokens that are issued from now on.
    """

    def __init__(self, state: State) -> None:
        self.lifetime = HOUR
        self._kept = state.documents("tokens")
        kept = self._kept.get("key") or self._kept.put("key", {"key": secrets.token_hex(32)})
        self._key: str = kept["key"]
        self._revoked_before = (self._kept.get("revoked") or {"before": 0.0})["before"]

    def issue(
        self, identity: Identity, audience: str, tenant: str = TENANT, **claims: Any
    ) -> tuple[str, int]:
        """Return a token for an audience and the time at which it ends (seconds since 1970)."""
        now = time.time()
        end = math.ceil(now + self.lifetime)
        kind: Claims = (
            {"upn": identity.name, "unique_name": identity.name, "name": "Ada Lovelace"}
            if identity.is_user
            else {"appid": identity.client_id or SERVICE_PRINCIPAL.client_id}
        )
        body: Claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant}/",
            "tid": tenant,
            "oid": identity.object_id,
            "sub": identity.object_id,
            "idtyp": "user" if identity.is_user else "app",
            "ver": "1.0",
            "iat": int(now),
            "nbf": int(now),
            "exp": end,
            "issued": now,
            "uti": secrets.token_urlsafe(12),
            **kind,
            **claims,
        }
        return jwt.encode(body, self._key, algorithm="HS256"), end

    def revoke(self) -> None:
        """Reject from now on every token that was issued up to now."""
        self._revoked_before = time.time()
        self._kept.put("revoked", {"before": self._revoked_before})

    def check(self, header: str, audiences: Collection[str]) -> Claims:
        """Return the claims of an ``Authorization`` header, else Azure's 401.

        Parameters
        ----------
        header
            The header's value.
        audiences
            The resources for which a token may have been issued.
        """
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise unauthenticated(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
            )
        try:
            claims: Claims = jwt.decode(
                token, self._key, algorithms=["HS256"], options={"verify_aud": False}
            )
        except jwt.ExpiredSignatureError:
            raise unauthenticated(
                "ExpiredAuthenticationToken",
                "The access token expiry UTC time is earlier than current UTC time.",
            ) from None
        except jwt.InvalidTokenError:
            raise unauthenticated(
                "InvalidAuthenticationToken", "The access token is invalid."
            ) from None
        if claims["aud"].rstrip("/") not in audiences:
            raise unauthenticated(
                "InvalidAuthenticationTokenAudience",
                f"The access token has been obtained for wrong audience or resource "
                f"'{claims['aud']}'.",
            )
        if claims["issued"] <= self._revoked_before:
            raise unauthenticated(
                "InvalidAuthenticationToken", "The access token has been revoked."
            )
        return claims


def wrong_tenant(claims: Claims) -> AzureError:
    """Return the 401 for a token of a tenant that does not hold what it asks for."""
    return unauthenticated(
        "InvalidAuthenticationTokenTenant",
        f"The access token is from the wrong issuer '{claims['iss']}'. It must match the "
        f"tenant 'https://sts.windows.net/{TENANT}/' associated with this subscription. Please "
        f"use the authority (URL) 'https://login.windows.net/{TENANT}' to get the token.",
    )


def unauthenticated(code: str, message: str) -> AzureError:
    """Return the 401 of Azure's gateways, with the header that names where to sign in."""
    challenge = (
        f'Bearer authorization_uri="https://login.microsoftonline.com/{TENANT}", '
        f'error="invalid_token", error_description="{message}"'
    )
    return AzureError(401, code, message, {"WWW-Authenticate": challenge})
