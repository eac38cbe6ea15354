"""Use the user and password of an address for a while, as connecting to it would for good."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.tracking_server import adopt_credentials

_VARIABLES: Final = ("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")


@contextmanager
def as_visitor(target: str | None) -> Iterator[None]:
    """Let MLflow send the user and password that stand in ``target``, while the block runs."""
    before = {name: os.environ.get(name) for name in _VARIABLES}
    try:
        if target and target.startswith(("http:", "https:")):
            _adopt(target)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _adopt(target: str) -> None:
    try:
        adopt_credentials(target)
    except (BadTarget, ValueError):
        return  # an address that is wrong is told of where it is looked at
