"""One loopback workspace for all tests of a session, and child processes that are led to it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from http_to_loopback import client, token_of
from loopback import Loopback


@pytest.fixture(scope="session")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """The running loopback workspace; it takes some seconds to start, once a session."""
    with Loopback(tmp_path_factory.mktemp("loopback")) as started:
        yield started


@pytest.fixture(autouse=True)
def _as_at_the_start(request: pytest.FixtureRequest) -> Iterator[None]:
    """Switch off what a test switched on, and fail it for requests that no route answers."""
    if "loopback" not in request.fixturenames:
        yield
        return
    loopback: Loopback = request.getfixturevalue("loopback")
    loopback.control.reset()
    yield
    loopback.control.reset()
    unknown = loopback.control.unknown()
    loopback.control.forget_unknown()
    assert not unknown, f"The loopback workspace has no route for {unknown}"


@pytest.fixture
def azure(loopback: Loopback) -> Iterator[httpx.Client]:
    """An HTTP client with a service principal's token."""
    with client(loopback, str(token_of(loopback)["access_token"])) as asking:
        yield asking


@pytest.fixture
def tracking(loopback: Loopback) -> str:
    """The address of the workspace's MLflow, in front of ``/api/2.0/mlflow``."""
    return loopback.tracking_uri.replace("azureml://", "https://")


@dataclass(frozen=True)
class Done:
    """A child process that ended."""

    out: str
    err: str
    code: int


class RunPython(Protocol):
    """Run Python code in a process of its own that knows only the loopback workspace."""

    def __call__(
        self,
        code: str,
        *,
        env: dict[str, str] | None = None,
        signed_in: bool = True,
        check: bool = True,
        timeout: float = 300,
    ) -> Done:
        """Run code.

        Parameters
        ----------
        code
            May be indented as a whole.
        env
            Goes over the environment of ``Loopback.env``.
        signed_in
            Whether a service principal's variables are in the environment.
        check
            Whether the test fails when the process does.
        timeout
            Seconds.
        """


@pytest.fixture
def run_python(loopback: Loopback, tmp_path: Path) -> RunPython:
    """Run Python code in the test's folder, with a home of the test's own."""
    home = tmp_path / "home"
    loopback.write_config(tmp_path)

    def run(
        code: str,
        *,
        env: dict[str, str] | None = None,
        signed_in: bool = True,
        check: bool = True,
        timeout: float = 300,
    ) -> Done:
        signs_in = loopback.service_principal_env() if signed_in else {}
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            cwd=tmp_path,
            env={**loopback.env(home), **signs_in, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return Done(done.stdout, done.stderr, done.returncode)

    return run
