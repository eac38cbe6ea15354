"""The sign-in endpoint: service principals, device codes, browsers, refresh tokens.

Each flow answers as ``login.microsoftonline.com`` does, its errors with their ``AADSTS`` numbers.
The older endpoints without ``v2.0`` take a ``resource`` where the newer ones take a ``scope``.
"""

from __future__ import annotations

import base64
import html
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from loopback.calls import Call
from loopback.emulator import DeviceCode
from loopback.errors import SignInError
from loopback.world import SERVICE_PRINCIPAL, TENANT, TENANTS, USER, Identity

LOGIN = "https://login.microsoftonline.com"
# Names that stand for the tenant in which whoever signs in is at home.
ANY_TENANT = {"common", "organizations"}


def tenant(call: Call) -> str:
    """Return the tenant of the path, else the error for one that does not exist."""
    named = call["tenant"].lower()
    if named in ANY_TENANT:
        return TENANT
    if named not in TENANTS:
        raise SignInError(
            "invalid_request" if call.request.method == "POST" else "invalid_tenant",
            90002,
            f"Tenant '{named}' not found. Check to make sure you have the correct tenant ID and "
            "are signing into the correct cloud. Check with your subscription administrator, this "
            "may happen if there are no active subscriptions for the tenant.",
        )
    return named


def instances(_: Call) -> dict[str, Any]:
    """Return the names of the cloud's sign-in endpoints."""
    return {
        "tenant_discovery_endpoint": f"{LOGIN}/common/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [
            {
                "preferred_network": "login.microsoftonline.com",
                "preferred_cache": "login.windows.net",
                "aliases": ["login.microsoftonline.com", "login.windows.net", "sts.windows.net"],
            }
        ],
    }


def configuration(call: Call) -> dict[str, Any]:
    """Return where a tenant's endpoints are."""
    named = tenant(call)
    base = f"{LOGIN}/{call['tenant']}/oauth2/v2.0"
    return {
        "token_endpoint": f"{base}/token",
        "device_authorization_endpoint": f"{base}/devicecode",
        "authorization_endpoint": f"{base}/authorize",
        "end_session_endpoint": f"{base}/logout",
        "jwks_uri": f"{LOGIN}/{named}/discovery/v2.0/keys",
        "issuer": f"{LOGIN}/{named}/v2.0",
        "response_types_supported": ["code", "id_token", "code id_token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "cloud_instance_name": "microsoftonline.com",
        "tenant_region_scope": "EU",
    }


def realm(_: Call) -> dict[str, Any]:
    """Say that a user's domain is managed by the sign-in endpoint itself."""
    return {"account_type": "Managed", "domain_name": "contoso.example", "ver": "1.0"}


async def token(call: Call) -> dict[str, Any]:
    """Answer a token request of any of the grants."""
    named, form = tenant(call), await call.form()
    grant = form.get("grant_type", "")
    if grant == "client_credentials":
        return client_credentials(call, named, form)
    if grant in ("urn:ietf:params:oauth:grant-type:device_code", "device_code"):
        return device_code_token(call, form)
    if grant == "authorization_code":
        return redeemed(call, form, "authorization codes", form.get("code", ""))
    if grant == "refresh_token":
        return redeemed(call, form, "refresh tokens", form.get("refresh_token", ""))
    raise SignInError(
        "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'."
    )


def client_credentials(call: Call, named: str, form: dict[str, str]) -> dict[str, Any]:
    """Sign a service principal in with its secret."""
    client = form.get("client_id", "")
    if client != SERVICE_PRINCIPAL.client_id:
        raise SignInError(
            "unauthorized_client",
            700016,
            f"Application with identifier '{client}' was not found in the directory "
            f"'{TENANTS[named]}'. This can happen if the application has not been installed by "
            "the administrator of the tenant or consented to by any user in the tenant. You may "
            "have sent your authentication request to the wrong tenant.",
        )
    if form.get("client_secret") != SERVICE_PRINCIPAL.secret:
        raise SignInError(
            "invalid_client",
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the "
            "client secret value, not the client secret ID, for a secret added to app "
            f"'{client}'.",
            401,
        )
    return granted(call, SERVICE_PRINCIPAL, named, form)


def granted(
    call: Call, identity: Identity, named: str, form: dict[str, str], scope: str = ""
) -> dict[str, Any]:
    """Return a token answer; a user gets an id token and a refresh token with it."""
    wanted = form.get("scope") or scope
    audience = form.get("resource") or audience_of(wanted)
    issued, end = call.emulator.tokens.issue(identity, audience, named)
    body: dict[str, Any] = {
        "token_type": "Bearer",
        "access_token": issued,
        "expires_in": max(int(end - time.time()), 0),
        "ext_expires_in": max(int(end - time.time()), 0),
    }
    if "v2.0" not in call.request.url.path:
        body |= {"expires_on": str(end), "not_before": str(int(time.time())), "resource": audience}
    if identity.is_user:
        body |= of_user(call, identity, named, wanted, form)
    return body


def audience_of(scope: str) -> str:
    """Return the resource of a scope such as ``https://ml.azure.com/.default``."""
    for each in scope.split():
        if "/" in each:
            return each.rpartition("/")[0]
    return "00000003-0000-0000-c000-000000000000"


def of_user(
    call: Call, identity: Identity, named: str, scope: str, form: dict[str, str]
) -> dict[str, Any]:
    """Return what a user's token answer holds besides the token."""
    refresh = secrets.token_urlsafe(40)
    keep(call, "refresh tokens", refresh, {"scope": scope, "tenant": named})
    claims = {
        "preferred_username": identity.name,
        "name": "Ada Lovelace",
        "iss": f"{LOGIN}/{named}/v2.0",
        "nonce": form.get("nonce", ""),
    }
    signed, _ = call.emulator.tokens.issue(identity, form.get("client_id", ""), named, **claims)
    who = json.dumps({"uid": identity.object_id, "utid": TENANT}).encode()
    return {
        "scope": scope,
        "refresh_token": refresh,
        "id_token": signed,
        "client_info": base64.urlsafe_b64encode(who).decode().rstrip("="),
        "foci": "1",
    }


def keep(call: Call, kind: str, key: str, grant: dict[str, str]) -> None:
    """Keep what a code or refresh token stands for."""
    call.emulator.state.documents(kind).put(key, grant)


def redeemed(call: Call, form: dict[str, str], kind: str, key: str) -> dict[str, Any]:
    """Give tokens for a code, which holds once, or for a refresh token."""
    kept = call.emulator.state.documents(kind)
    grant = kept.get(key)
    if grant is None:
        raise SignInError(
            "invalid_grant", 70000, "The provided grant is invalid, expired or malformed."
        )
    if kind == "authorization codes":
        kept.delete(key)
        form.setdefault("nonce", grant.get("nonce", ""))
    named = call["tenant"].lower()
    return granted(call, USER, named if named in TENANTS else grant["tenant"], form, grant["scope"])


async def device_code(call: Call) -> dict[str, Any]:
    """Begin a sign-in with a device code."""
    named, form = tenant(call), await call.form()
    code, user_code = secrets.token_urlsafe(30), secrets.token_hex(5)[:9].upper()
    lifetime = call.emulator.device_code_lifetime
    call.emulator.device_codes[code] = DeviceCode(
        user_code,
        form.get("client_id", ""),
        form.get("scope") or f"{form.get('resource', '')}/.default",
        named,
        time.time() + lifetime,
    )
    where = "https://microsoft.com/devicelogin"
    return {
        "user_code": user_code,
        "device_code": code,
        "verification_uri": where,
        "verification_url": where,
        "expires_in": lifetime,
        "interval": 1,
        "message": f"To sign in, use a web browser to open the page {where} and enter the code "
        f"{user_code} to authenticate.",
    }


def device_code_token(call: Call, form: dict[str, str]) -> dict[str, Any]:
    """Give tokens for a device code when its user has signed in."""
    begun = call.emulator.device_codes.get(form.get("device_code") or form.get("code", ""))
    if begun is None:
        raise SignInError("bad_verification_code", 7000021, "The device code was not found.")
    if begun.answer == "declined":
        raise SignInError(
            "authorization_declined", 70018, "The user declined the authorization request."
        )
    if time.time() > begun.end:
        raise SignInError(
            "expired_token",
            70020,
            "The provided value for the input parameter 'device_code' is not valid. This device "
            "code has expired.",
        )
    if begun.answer == "pending":
        raise SignInError(
            "authorization_pending",
            70016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        )
    return granted(call, USER, begun.tenant, form, begun.scope)


def authorize(call: Call) -> Response:
    """Sign the user in at once, and lead the browser back with a code."""
    named, asked = tenant(call), call.query
    code = secrets.token_urlsafe(30)
    grant = {"scope": asked.get("scope", ""), "tenant": named, "nonce": asked.get("nonce", "")}
    keep(call, "authorization codes", code, grant)
    back = {"code": code, "state": asked.get("state", "")}
    target = asked.get("redirect_uri", "http://localhost")
    if asked.get("response_mode") != "form_post":
        return RedirectResponse(f"{target}?{urlencode(back)}", 302)
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in back.items()
    )
    page = f'<form method="post" action="{html.escape(target)}">{fields}</form>'
    return HTMLResponse(f"<body onload='document.forms[0].submit()'>{page}</body>")
