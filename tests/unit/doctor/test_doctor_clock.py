"""Clocks that differ: a real server that says a wrong time."""

from __future__ import annotations

import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from doctor_parts import TERMINAL, closed_port, http_server, only

from amlflow_jupyter.doctor import Level
from amlflow_jupyter.doctor.checks import clock
from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.subject import subject_of


def compare(date: str | None) -> Finding:
    """Compare the clock with that of a server which says ``date``."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response_only(200)
        if date is not None:
            request.send_header("Date", date)
        request.end_headers()

    with http_server(answer) as url:
        return only(clock.check(subject_of(url, Path.cwd(), TERMINAL)))


def off_by(seconds: float) -> Finding:
    return compare(formatdate(time.time() + seconds, usegmt=True))


def test_they_agree():
    assert off_by(0).level is Level.OK
    assert off_by(-20).level is Level.OK


@pytest.mark.parametrize(
    ("seconds", "level", "shown"),
    [
        (-7_200, Level.FAILURE, "The clock is 2 hours ahead of that of 127.0.0.1"),
        (86_400 * 3, Level.FAILURE, "The clock is 3 days behind that of 127.0.0.1"),
        (-600, Level.FAILURE, "The clock is 10 minutes ahead of"),
        (90, Level.WARNING, "seconds behind that of"),
    ],
)
def test_they_differ(seconds, level, shown):
    finding = off_by(seconds)
    assert finding.level is level
    assert shown in finding.message
    assert finding.remedy == clock.set_clock(TERMINAL)


@pytest.mark.parametrize("date", [None, "yesterday", ""])
def test_a_server_that_does_not_say(date):
    assert compare(date).level is Level.SKIPPED


def test_a_server_that_does_not_answer():
    url = f"http://127.0.0.1:{closed_port()}"
    finding = only(clock.check(subject_of(url, Path.cwd(), TERMINAL)))
    assert finding.level is Level.SKIPPED
    assert "does not answer" in finding.message


def test_nobody_to_compare_with():
    finding = only(clock.check(subject_of("local", Path.cwd(), TERMINAL)))
    assert finding.level is Level.SKIPPED


def test_windows_sets_its_clock_otherwise():
    assert clock.set_clock(Commands(on_windows=True)) == "w32tm /resync"
