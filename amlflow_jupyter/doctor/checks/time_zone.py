"""The time zone: one that is not known silently becomes UTC."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from amlflow_jupyter.doctor.finding import Finding, ok, warning
from amlflow_jupyter.doctor.subject import Subject

# POSIX's notation: a name and hours, such as EST5EDT or <+03>-3.
_WITH_HOURS: Final = re.compile(r"(?:[A-Za-z]{3,}|<[^>]+>)[+-]?\d")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the time zone of this computer."""
    yield zone(subject, os.environ.get("TZ"))


def zone(subject: Subject, name: str | None) -> Finding:
    """Judge the value of the variable ``TZ``, where it is set."""
    shown = time.strftime("%Z (UTC%z)")
    if name is None or _is_known(name.removeprefix(":")):
        return ok(f"Times are shown in {shown}.")
    return warning(
        f"The time zone TZ={name} is not known, and UTC is taken instead.",
        subject.commands.unset_variables("TZ"),
    )


def _is_known(name: str) -> bool:
    if not name or name.startswith("/") or _WITH_HOURS.match(name):
        return True  # an empty one means UTC, a path is a file of a zone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
