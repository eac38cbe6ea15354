from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from fault_proxy import FaultProxy, fault_proxy
from servers import MlflowServer, mlflow_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """A real MLflow server on SQLite, with one worker."""
    with mlflow_server(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def proxy(server: MlflowServer) -> Iterator[FaultProxy]:
    """What stands between the clients of a test and the server."""
    with fault_proxy(server.port) as started:
        yield started
