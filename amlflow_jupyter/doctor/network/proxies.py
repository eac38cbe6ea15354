"""The proxies that are named here, as ``requests`` chooses among them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from amlflow_jupyter.doctor.network.endpoint import Endpoint

VARIABLES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_PORTS: Final = {"http": 80, "https": 443}
_SOCKS_PORT: Final = 1080


@dataclass(frozen=True)
class Proxy:
    """A proxy.

    Attributes
    ----------
    scheme
        ``"http"``, ``"https"``, or one of SOCKS.
    host, port
        Where it listens.
    credentials
        User and password as they are sent, if there are any. Never shown.
    """

    scheme: str
    host: str
    port: int
    credentials: str | None = None

    @property
    def name(self) -> str:
        """The address, without credentials."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def tunnels(self) -> bool:
        """Whether the way through it can be looked at: neither SOCKS nor TLS inside TLS is."""
        return self.scheme == "http"


def parse(address: str) -> Proxy:
    """Read a proxy's address, as the variables hold it; the scheme may be left out.

    Raises
    ------
    ValueError
        It names no host, or its port is no number.
    """
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if not parts.hostname:
        raise ValueError("it names no host")
    scheme = parts.scheme.lower()
    port = parts.port or _PORTS.get(scheme, _SOCKS_PORT)
    credentials = parts.netloc.rpartition("@")[0] or None
    return Proxy(scheme, parts.hostname, port, credentials)


def named() -> dict[str, str]:
    """Return the variables that name proxies, in capitals and not, with what they hold."""
    both = [name for one in VARIABLES for name in (one, one.lower())]
    return {name: os.environ[name] for name in both if os.environ.get(name)}


def proxy_for(endpoint: Endpoint) -> Proxy | None:
    """Return the proxy that leads to a host, or None where it is reached directly.

    Raises
    ------
    ValueError
        Its address cannot be read.
    """
    from requests.utils import get_environ_proxies, select_proxy

    address = select_proxy(endpoint.url, get_environ_proxies(endpoint.url))
    return parse(address) if address else None
