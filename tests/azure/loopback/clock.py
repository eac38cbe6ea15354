"""Times as Azure's services write them."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """Return the time, ISO 8601 in UTC to the microsecond."""
    return iso(datetime.now(UTC))


def iso(moment: datetime) -> str:
    """Return a moment in ISO 8601, in UTC with a ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_milliseconds(milliseconds: int | str | None) -> str | None:
    """Return MLflow's time (milliseconds since 1970; 0 or nothing: none) in ISO 8601."""
    if not milliseconds or not int(milliseconds):
        return None
    return iso(datetime.fromtimestamp(int(milliseconds) / 1000, UTC))


def to_milliseconds(text: str | None) -> int:
    """Return an ISO 8601 time in milliseconds since 1970; nothing is the present."""
    return int((parse(text) if text else datetime.now(UTC)).timestamp() * 1000)


def parse(text: str) -> datetime:
    """Return an ISO 8601 time; without a zone it is in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
