"""What people call, against the loopback workspace: without us, and with us."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from client_calls import CALLS, Report
from client_calls.running import PROCESSES, Suite
from client_calls.todays_failures import TODAY
from loopback import Loopback

Environment = Callable[[Path], dict[str, str]]


@pytest.fixture(scope="module")
def environment(loopback: Loopback) -> Environment:
    """What leads a process to the workspace, with the credentials of a service principal."""
    return lambda home: {**loopback.env(home), **loopback.service_principal_env()}


@pytest.fixture(scope="module")
def config(loopback: Loopback, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(loopback.write_config(tmp_path_factory.mktemp("config")))


def test_the_suite_has_sixty_calls_and_more():
    for module in [module for modules in PROCESSES for module in modules]:
        importlib.import_module(f"client_calls.{module}")
    assert len(CALLS) >= 60
    assert set(TODAY) <= set(CALLS)


def test_without_amlflow_these_calls_fail(environment: Environment, config: str, bare: Path):
    """The list is of today's clients: it changes when they do, and then must be looked at."""
    report = Suite(bare, "sdk", config, environment).run()
    assert {name: outcome.missing for name, outcome in report.failures.items()} == TODAY


def test_with_amlflow_no_call_fails(loopback: Loopback, environment: Environment, config: str):
    """Nor does any with Azure's limits on."""
    loopback.control.limits = True
    report = Suite(Path(sys.executable), "amlflow", config, environment).run()
    assert failures(report) == {}


def test_with_amlflow_only_installed_no_model_fails(environment: Environment, config: str):
    """As in a job or a script: not a line names amlflow."""
    installed = Suite(Path(sys.executable), "sdk", config, environment)
    report = installed.run((("registered", "traces"), ("autologging",)))
    assert failures(report) == {}


def failures(report: Report) -> dict[str, str | None]:
    assert report.outcomes
    return {name: outcome.error for name, outcome in report.failures.items()}
