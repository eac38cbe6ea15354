"""Addresses, as they may be written down."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def without_credentials(address: str) -> str:
    """Return a URL without user, password, query and fragment; other text as it is.

    ``git@host:path`` is no URL, and names no secret.
    """
    if "://" not in address:
        return address
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    user = parts.username if parts.scheme == "ssh" else None
    return urlunsplit((parts.scheme, f"{user}@{host}" if user else host, parts.path, "", ""))
