"""Ask the Jupyter servers of this user, on this computer, which notebook a kernel belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

_SECONDS: Final = 1.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_known: dict[str, Path] = {}


def notebook_of_this_kernel() -> Path | None:
    """Return the notebook whose kernel this process is; None if no server says so.

    An answer is remembered as long as that file is there.
    """
    kernel = _kernel_id()
    if kernel is None:
        return None
    known = _known.get(kernel)
    if known is not None and known.is_file():
        return known
    for server in _servers():
        path = _ask(server, kernel)
        if path is not None and path.is_file():
            _known[kernel] = path
            return path
    return None


def _kernel_id() -> str | None:
    """Read the id from the name of the kernel's connection file."""
    try:
        from ipykernel.connect import get_connection_file

        name = Path(get_connection_file()).stem
    except (ImportError, OSError, RuntimeError):
        return None
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", name)
    return found[0] if found else None


def _servers() -> Iterator[Mapping[str, Any]]:
    """Yield what the servers' own files, readable by this user alone, say of them."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if urlsplit(server.get("url", "")).hostname in _LOOPBACK:
            yield server


class _NoRedirect(HTTPRedirectHandler):
    """The token is for that server: it is not carried anywhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow no redirect."""


def _ask(server: Mapping[str, Any], kernel: str) -> Path | None:
    address = urljoin(server["url"], "api/sessions")
    request = Request(address, headers={"Authorization": f"token {server.get('token', '')}"})  # noqa: S310 - loopback
    try:
        with build_opener(ProxyHandler({}), _NoRedirect()).open(
            request, timeout=_SECONDS
        ) as answer:
            sessions = json.load(answer)
        for session in sessions:
            if session["kernel"]["id"] == kernel:
                path = str(session["path"]).rpartition(":")[2]
                return Path(server["root_dir"]) / path
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it does not answer, or not as a Jupyter server does
    return None
