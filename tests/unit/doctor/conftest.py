"""No test of the doctor sees the proxies and authorities of the computer that it runs on."""

from __future__ import annotations

import pytest

from amlflow_jupyter.doctor.network import authorities, proxies


@pytest.fixture(autouse=True)
def _plain_network(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [*proxies.VARIABLES, "NO_PROXY"]
    names += [name.lower() for name in names]
    names += [*authorities.OF_REQUESTS, *authorities.OF_SSL, authorities.OF_MLFLOW]
    for name in names:
        monkeypatch.delenv(name, raising=False)
