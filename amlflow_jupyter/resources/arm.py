"""Names out of Azure's resource ids."""

from __future__ import annotations


def last_part(resource_id: str | None) -> str:
    """Return the name that a resource id ends with; nothing for none."""
    return (resource_id or "").rstrip("/").rpartition("/")[2]
