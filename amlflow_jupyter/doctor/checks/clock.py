"""The clock, against that of whoever checks the tokens."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final

from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.finding import Finding, failure, ok, skipped, warning
from amlflow_jupyter.doctor.network.endpoint import Endpoint, endpoints
from amlflow_jupyter.doctor.subject import Subject
from amlflow_jupyter.workspaces.azure import cloud

# Seconds. Microsoft's and others' servers forgive five minutes.
_BROKEN: Final = 300
_DOUBTFUL: Final = 60
# What Azure's sign-in shows to everyone.
_PUBLIC_PAGE: Final = "/common/v2.0/.well-known/openid-configuration"


def check(subject: Subject) -> Iterator[Finding]:
    """Compare this computer's clock with that of the first host that the target needs."""
    wanted = endpoints(subject.workspace)
    if not wanted:
        yield skipped("There is no host to compare the clock with.")
        return
    yield compared(subject, wanted[0])


def compared(subject: Subject, endpoint: Endpoint) -> Finding:
    """Compare this computer's clock with a host's."""
    import requests

    before = time.time()
    try:
        # Nothing secret is sent; and a certificate is not valid for whoever's clock is wrong.
        answer = requests.get(
            f"{endpoint.url}{_PUBLIC_PAGE if endpoint.host == cloud.current().login else '/'}",
            timeout=subject.timeout,
            allow_redirects=False,
            stream=True,
            verify=False,  # noqa: S501 - see above
        )
        answer.close()
    except (requests.RequestException, OSError):
        return skipped(f"{endpoint.name} does not answer, so the clock is not compared.")
    middle = (before + time.time()) / 2
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return skipped(f"{endpoint.name} does not say what time it is.")
    return judged(subject.commands, endpoint.name, middle - theirs)


def judged(commands: Commands, host: str, ahead: float) -> Finding:
    """Judge how far the clock is ``ahead`` of a host's, in seconds."""
    away = abs(ahead)
    if away < _DOUBTFUL:
        return ok(f"The clock agrees with that of {host}.")
    direction = "ahead of" if ahead > 0 else "behind"
    sentence = f"The clock is {_shown(away)} {direction} that of {host}"
    if away < _BROKEN:
        return warning(f"{sentence}.", set_clock(commands))
    return failure(f"{sentence}: tokens and certificates are refused.", set_clock(commands))


def set_clock(commands: Commands) -> str:
    """Return what sets the clock of this computer."""
    if commands.on_windows:
        return commands.shell("w32tm", "/resync")
    if sys.platform == "darwin":
        return commands.shell("sudo", "sntp", "-sS", "time.apple.com")
    if "microsoft" in platform.release().lower():  # Windows' Linux, whose clock stops with it
        return commands.shell("sudo", "hwclock", "--hctosys")
    return commands.shell("sudo", "timedatectl", "set-ntp", "true")


def _shown(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
