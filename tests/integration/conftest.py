from __future__ import annotations

from collections.abc import Iterator

import pytest
from kernel import Kernel, kernel
from mlflow import MlflowClient
from mlflow2_client import client_of
from mlflow2_server import Mlflow2Server, mlflow2_server


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that is connected to a store in its folder, shared by the tests of a module."""
    with kernel(tmp_path_factory.mktemp("connected")) as started:
        assert started.run("%load_ext amlflow\n%aml_connect local\nimport mlflow").ok
        # Python says most warnings once: twice the same cell must show twice the same.
        assert started.run("import warnings\nwarnings.simplefilter('always')").ok
        yield started


@pytest.fixture
def fresh(tmp_path) -> Iterator[Kernel]:
    """A kernel of the test's own, with nothing loaded."""
    with kernel(tmp_path) as started:
        yield started


@pytest.fixture(scope="session")
def mlflow2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mlflow2Server]:
    """A server that speaks MLflow 2; it takes some seconds to start, once a session."""
    with mlflow2_server(tmp_path_factory.mktemp("mlflow2")) as server:
        yield server


@pytest.fixture
def client(mlflow2: Mlflow2Server) -> Iterator[MlflowClient]:
    """A client of that server, to which MLflow points in this process."""
    with client_of(mlflow2.url) as pointed:
        yield pointed
