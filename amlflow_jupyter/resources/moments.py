"""Times as MLflow and Azure write them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(milliseconds: float | None) -> str | None:
    """Return a unix time as ISO 8601 in UTC; a time that no calendar has is none."""
    if milliseconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(text: str | None) -> str:
    """Return an ISO 8601 time as people here write it, to the minute; nothing for none."""
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
