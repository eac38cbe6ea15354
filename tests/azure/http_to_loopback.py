"""Plain HTTP to the loopback workspace, on the way that Azure's clients go."""

from __future__ import annotations

import ssl

import httpx
from loopback import Loopback

MANAGEMENT = "https://management.azure.com"


def client(loopback: Loopback, token: str = "") -> httpx.Client:
    """Return an HTTP client that goes the way of Azure's clients."""
    env = loopback.env(loopback.folder / "home")
    trusted = ssl.create_default_context(cafile=env["SSL_CERT_FILE"])
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(proxy=env["HTTPS_PROXY"], verify=trusted, headers=headers, timeout=30)


def token_of(loopback: Loopback, resource: str = MANAGEMENT, **form: str) -> dict[str, object]:
    """Return what the sign-in endpoint answers to a service principal."""
    principal = loopback.service_principal_env()
    sent = {
        "grant_type": "client_credentials",
        "client_id": principal["AZURE_CLIENT_ID"],
        "client_secret": principal["AZURE_CLIENT_SECRET"],
        "scope": f"{resource}/.default",
        **form,
    }
    tenant = form.pop("tenant", loopback.tenant_id)
    with client(loopback) as asking:
        address = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
        return dict(asking.post(address, data=sent).json())
