"""MLflow in this process, and in others, as a client of a server that speaks MLflow 2."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mlflow
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

from amlflow_jupyter.tracking import connection, stores

INPUTS = [[0.0], [1.0], [2.0], [3.0]]
CLASSES = [0, 0, 1, 1]
# MLflow would otherwise look through all that is imported for what a model needs.
SAVING = {"pip_requirements": ["scikit-learn"]}


@contextmanager
def client_of(url: str) -> Iterator[MlflowClient]:
    """Point MLflow to a server, in an experiment of the test's own, as connecting does."""
    restore = connection.remember()
    stores.install()
    try:
        mlflow.set_tracking_uri(url)
        mlflow.set_experiment(uuid.uuid4().hex)
        yield MlflowClient()
    finally:
        while mlflow.active_run():
            mlflow.end_run()
        mlflow.clear_active_model()
        restore()


def classifier() -> LogisticRegression:
    return LogisticRegression().fit(INPUTS, CLASSES)


def predicted(uri: str) -> list[int]:
    """What the model at a URI makes of the inputs."""
    return [int(each) for each in mlflow.pyfunc.load_model(uri).predict(INPUTS)]


def in_another_process(url: str, code: str, *arguments: str) -> Any:
    """Run code with MLflow pointed to the server; return what it assigns to ``result``."""
    begin = f"""
        import json, sys
        import mlflow
        from amlflow_jupyter.tracking import stores
        stores.install()
        mlflow.set_tracking_uri({url!r})
        client = mlflow.MlflowClient()
    """
    whole = textwrap.dedent(begin) + textwrap.dedent(code) + "\nprint(json.dumps(result))"
    done = subprocess.run(
        [sys.executable, "-c", whole, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
