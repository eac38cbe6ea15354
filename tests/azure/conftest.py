"""One loopback workspace for all tests of a session, and child processes that are led to it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from child_python import Done, RunPython, runner
from client_calls.bare import bare_python
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


@pytest.fixture
def run_python(loopback: Loopback, tmp_path: Path) -> RunPython:
    """Run code with this Python in the test's folder, with a home of the test's own."""
    return runner(loopback, sys.executable, tmp_path)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with all packages but amlflow, which changes MLflow by being installed."""
    return bare_python(tmp_path_factory.mktemp("bare") / "python")


@pytest.fixture
def run_bare_python(loopback: Loopback, bare: Path, tmp_path: Path) -> RunPython:
    """Run code as ``run_python`` does, with the clients as they are without amlflow."""
    return runner(loopback, bare, tmp_path)


@pytest.fixture
def sdk(run_bare_python: RunPython) -> Callable[..., Done]:
    """Run code as ``run_bare_python`` does, in which ``ws`` is azureml-core's workspace."""
    begin = """
import warnings; warnings.simplefilter("ignore")
from azureml.core import Datastore, Environment, Experiment, Model, Run, Workspace
ws = Workspace.from_config()
"""

    def run(code: str, **options: Any) -> Done:
        return run_bare_python(begin + textwrap.dedent(code), **options)

    return run
