"""Checks that fail, hang or are interrupted."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from doctor_parts import SUBJECT

from amlflow_jupyter.doctor import examine
from amlflow_jupyter.doctor.check import Check
from amlflow_jupyter.doctor.finding import Finding, Level, failure, ok, warning
from amlflow_jupyter.doctor.report import Report


class Seen:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.told: list[str] = []

    def begins(self, check: Check) -> None:
        self.begun.append(check.name)

    def found(self, check: Check, findings: object) -> None:  # noqa: ARG002 - the protocol's
        self.told.append(check.name)


@pytest.fixture
def hanging():
    """A check that finds something and then hangs until the test ends."""
    end = threading.Event()

    def check(_: object) -> Iterator[Finding]:
        yield ok("Found before.")
        end.wait(30)

    yield check
    end.set()


def run(*checks: Check, total: float = 5.0) -> Report:
    return examine(SUBJECT, checks, Seen(), total)


def messages(report: Report) -> list[str]:
    return [finding.message for finding in report.findings]


def raising(error: BaseException):
    def check(_: object) -> Iterator[Finding]:
        yield ok("Found before.")
        raise error

    return check


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (RuntimeError("two\nlines"), "RuntimeError: two lines"),
        (SystemExit(3), "SystemExit: 3"),
        (KeyError(), "KeyError"),
    ],
)
def test_a_check_that_fails_is_one_line(error: BaseException, shown: str):
    report = run(
        Check("bad", "Bad", raising(error)), Check("good", "Good", lambda _: [ok("Fine.")])
    )
    before, failed, after = messages(report)
    assert (before, after) == ("Found before.", "Fine.")
    assert re.fullmatch(
        rf"This check itself failed: {shown} \(test_doctor_examination\.py, line \d+\)\.", failed
    )
    assert report.findings[1].remedy == "/env/bin/python -m pip check"
    assert report.status == 0
    assert report.summary == "No failures, 1 warning"


def test_a_check_that_hangs_is_left_behind(hanging):
    begun = time.monotonic()
    report = run(
        Check("slow", "Slow", hanging, deadline=0.2), Check("good", "Good", lambda _: [ok("Fine.")])
    )
    assert time.monotonic() - begun < 20  # a deadline, not a speed
    assert messages(report) == [
        "Found before.",
        "This check did not finish within 0 s.",
        "Fine.",
    ]


def test_remote_checks_have_one_deadline_together(hanging):
    checks = [Check(f"slow{n}", "Slow", hanging, deadline=60, remote=True) for n in range(4)]
    begun = time.monotonic()
    report = run(*checks, total=0.3)
    assert time.monotonic() - begun < 20
    assert sum("did not finish" in one for one in messages(report)) == 4


def test_local_checks_come_first_and_remote_ones_at_once():
    together = threading.Barrier(2, timeout=10)

    def meets(_: object) -> Iterator[Finding]:
        together.wait()
        yield ok("Met.")

    progress = Seen()
    checks = [
        Check("a", "A", meets, remote=True),
        Check("b", "B", lambda _: [ok("Fine.")]),
        Check("c", "C", meets, remote=True),
    ]
    report = examine(SUBJECT, checks, progress)
    assert messages(report) == ["Fine.", "Met.", "Met."]
    assert progress.begun == progress.told == ["b", "a", "c"]


def test_an_interrupt_keeps_what_is_known(hanging):
    def interrupts(subject: object) -> Iterator[Finding]:
        yield failure("Found while interrupted.", "mend")
        signal.raise_signal(signal.SIGINT)
        yield from hanging(subject)

    progress = Seen()
    checks = [
        Check("first", "First", lambda _: [ok("Fine.")]),
        Check("second", "Second", interrupts, deadline=30),
        Check("third", "Third", lambda _: [ok("Never.")]),
    ]
    report = examine(SUBJECT, checks, progress)
    assert messages(report)[:2] == ["Fine.", "Found while interrupted."]
    assert "Never." not in messages(report)
    assert not report.complete
    assert report.status == 130
    assert report.summary == "Interrupted: 1 failure, no warnings until then"
    assert progress.told == ["first", "second"]


def test_secrets_are_taken_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "the~secret~of~the~app")
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2ln"
    said = (
        f"Tried the~secret~of~the~app, {token}, http://me:hunter2@host/x and "
        "https://a.blob.core.windows.net/c?sig=abc123def456ghi789"
    )
    report = run(Check("leaky", "Leaky", lambda _: [warning(said, f"curl {said}")]))
    (finding,) = report.findings
    for text in (finding.message, finding.remedy or ""):
        for secret in ("the~secret", token, "hunter2", "me:", "abc123def456"):
            assert secret not in text
        assert "http://host/x" in text


def test_the_document_is_stable():
    report = run(Check("one", "One", lambda _: [failure("Broken.", "mend it")]))
    document = json.loads(json.dumps(report.document()))
    assert document.pop("amlflow")
    assert document == {
        "schema": 1,
        "target": "no target",
        "complete": True,
        "summary": {"ok": 0, "warning": 0, "failure": 1, "skipped": 0},
        "findings": [
            {"check": "one", "level": "failure", "message": "Broken.", "remedy": "mend it"}
        ],
    }


def test_the_status_says_whether_something_fails():
    assert run(Check("one", "One", lambda _: [failure("Broken.", "mend it")])).status == 1
    assert run(Check("one", "One", lambda _: [warning("Doubtful.", "mend it")])).status == 0
    assert Report("", (Finding(Level.FAILURE, ""),) * 3).summary == "3 failures, no warnings"
