"""What all tests share: no test reads or changes what the user has configured."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration and data folder of the test's own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("AMLFLOW_HOME", str(folder))
    for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
        monkeypatch.delenv(name)
    return folder
