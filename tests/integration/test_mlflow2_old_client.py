"""A client of MLflow 2 reads the models that a client of MLflow 3 logged, as any others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow2_client import CLASSES, SAVING, classifier
from mlflow2_server import Mlflow2Server

VERSION = "2.22.4"


@pytest.fixture(scope="module")
def mlflow_2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MLflow 2 in it; what it needs is there already."""
    folder = tmp_path_factory.mktemp("mlflow-2")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    wanted = [f"mlflow=={VERSION}", f"mlflow-skinny=={VERSION}"]
    subprocess.run([*command, str(folder), *wanted], check=True, capture_output=True)
    return folder


def test_an_old_client_finds_and_loads_and_registers(
    client: MlflowClient, mlflow2: Mlflow2Server, mlflow_2: Path
):
    with mlflow.start_run() as run:
        # What MLflow 3 saves by default, MLflow 2 cannot load.
        saving = {**SAVING, "serialization_format": "cloudpickle"}
        mlflow.sklearn.log_model(classifier(), name="first", **saving)
        info = mlflow.sklearn.log_model(classifier(), name="model", **saving)
    assert client.get_logged_model(info.model_id).name == "model"
    code = """
        import json, sys
        import mlflow
        mlflow.set_tracking_uri(sys.argv[1])
        run_id = sys.argv[2]
        client = mlflow.MlflowClient()
        history = json.loads(client.get_run(run_id).data.tags["mlflow.log-model.history"])
        registered = mlflow.register_model(f"runs:/{run_id}/model", f"old-{run_id}")
        def predicted(uri):
            return mlflow.pyfunc.load_model(uri).predict([[0.0], [1.0], [2.0], [3.0]]).tolist()
        print(json.dumps([
            mlflow.__version__,
            [model["artifact_path"] for model in history],
            sorted(file.path for file in client.list_artifacts(run_id)),
            predicted(f"runs:/{run_id}/model"),
            predicted(f"models:/old-{run_id}/1"),
            mlflow.models.get_model_info(f"runs:/{run_id}/model").run_id,
        ]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), mlflow2.url, run.info.run_id],
        env={**os.environ, "PYTHONPATH": str(mlflow_2)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [
        VERSION,
        ["first", "model"],
        ["first", "model"],
        CLASSES,
        CLASSES,
        run.info.run_id,
    ]
