"""Import what asks over the network, before several threads do.

Two threads that import a package with circular imports at the same time may each get a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Final

from amlflow_jupyter.doctor.check import Check
from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.subject import Subject

_ALWAYS: Final = ("requests", "requests.utils", "certifi", "cryptography.x509")
_OF_AZURE: Final = ("azure.core.credentials", "azure.identity")
_OF_MLFLOW: Final = ("mlflow.utils.credentials", "mlflow.utils.rest_utils")


def import_clients(subject: Subject) -> Iterator[Finding]:
    """Import what the checks of a target use; what cannot be is told of by those that need it."""
    kind = subject.workspace.kind if subject.workspace else "local"
    further = {"azure": _OF_AZURE, "server": _OF_MLFLOW, "databricks": _OF_MLFLOW}
    for name in (*_ALWAYS, *further.get(kind, ())):
        with suppress(Exception, SystemExit):
            import_module(name)
    yield from ()


CLIENTS: Final = Check("clients", "Clients", import_clients, deadline=60)
