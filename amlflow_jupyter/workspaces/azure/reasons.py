"""Why a way of signing in did not work, in one line and without a secret."""

from __future__ import annotations

import os
import re
from typing import Final

from amlflow_jupyter.workspaces.azure.plain import plain
from amlflow_jupyter.workspaces.azure.waiting import TooLong

# Microsoft's codes that say more than the paragraph that comes with them.
_CODES: Final = {
    "AADSTS50020": "the account is none of this tenant's",
    "AADSTS50034": "the account is not in this tenant",
    "AADSTS50057": "the account is disabled",
    "AADSTS50076": "the tenant asks for a second factor: sign in again",
    "AADSTS50079": "the tenant asks for a second factor: sign in again",
    "AADSTS50078": "the second factor is too long ago: sign in again",
    "AADSTS50173": "the sign-in was revoked: sign in again",
    "AADSTS53003": "the tenant's rules of conditional access forbid it",
    "AADSTS65001": "the app was never allowed to act in this tenant",
    "AADSTS70043": "the sign-in is too long ago: sign in again",
    "AADSTS700016": "the tenant has no app with this client id",
    "AADSTS700082": "the sign-in is too long ago: sign in again",
    "AADSTS7000215": "the client secret is wrong",
    "AADSTS7000222": "the client secret has expired",
    "AADSTS90002": "there is no such tenant",
    "AADSTS900023": "there is no such tenant",
}
# MSAL asks for a tenant's configuration before it asks for a token.
_NO_TENANT: Final = "Unable to get authority configuration"
_CODE: Final = re.compile(r"AADSTS\d+")
# Where the sentence ends, and advice, traces and addresses begin.
_END: Final = re.compile(
    r"\n|\r|\s(?:To mitigate|To troubleshoot|Please visit|Visit|Trace ID|Correlation ID|For more)"
)
_NOISE: Final = re.compile(r"^(?:Authentication failed: |ERROR: |Failed to invoke .*?: )+")
_SECRET: Final = re.compile(r"SECRET|PASSWORD|TOKEN|KEY|PASS\b")
_TOKEN: Final = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.?[\w-]*")
_LONGEST: Final = 160
_SHORTEST_SECRET: Final = 6


def condensed(error: BaseException, seconds: float | None = None) -> str:
    """Return one line that says why signing in failed.

    Parameters
    ----------
    error
        What was raised.
    seconds
        How long was waited, for what did not answer.
    """
    if isinstance(error, TooLong):
        return f"no answer within {seconds:g} s" if seconds else "no answer in time"
    text = str(error) or type(error).__name__
    if network := _network(text):
        return network
    if _NO_TENANT in text:
        return "there is no such tenant"
    if (code := _CODE.search(text)) and code[0] in _CODES:
        return f"{_CODES[code[0]]} ({code[0]})"
    line = plain(_NOISE.sub("", _END.split(text.strip(), maxsplit=1)[0])).rstrip(".")
    return without_secrets(line)[:_LONGEST] or type(error).__name__


def without_secrets(text: str) -> str:
    """Return ``text`` without tokens, and without what secret environment variables hold."""
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST_SECRET and _SECRET.search(name.upper()):
            text = text.replace(value, "•••")
    return _TOKEN.sub("•••", text)


def is_timeout(error: BaseException) -> bool:
    """Whether it was waited for in vain."""
    return isinstance(error, TooLong) or "timed out" in str(error).lower()


def is_network(error: BaseException) -> bool:
    """Whether nobody was reached, so that nothing is known about the credentials."""
    return isinstance(error, TooLong) or _network(str(error)) is not None


def _network(text: str) -> str | None:
    return next((reason for sign, reason in _NETWORK.items() if sign in text), None)


_NETWORK: Final = {
    "CERTIFICATE_VERIFY_FAILED": (
        "a certificate that this computer does not trust was shown: name your network's authority "
        "in REQUESTS_CA_BUNDLE and SSL_CERT_FILE"
    ),
    "Tunnel connection failed": "the proxy refuses the connection: check HTTPS_PROXY",
    "ProxyError": "the proxy cannot be reached: check HTTPS_PROXY",
    "Unable to connect to proxy": "the proxy cannot be reached: check HTTPS_PROXY",
    "NameResolutionError": "its name is not known here: check the network and DNS",
    "Failed to resolve": "its name is not known here: check the network and DNS",
    "Name or service not known": "its name is not known here: check the network and DNS",
    "getaddrinfo failed": "its name is not known here: check the network and DNS",
    "Connection refused": "nothing listens there: check the network",
    "Network is unreachable": "there is no network",
    "timed out": "no answer in time: check the network",
    "Connection aborted": "the connection broke off",
    "SSLError": "it does not speak TLS as it should",
}
