"""A tracked cell logs a model to a server that speaks MLflow 2: no point is drawn or kept twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kernel import kernel
from mlflow import MlflowClient
from mlflow2_server import Mlflow2Server

CELL = """%%track cell
import mlflow
from sklearn.linear_model import LogisticRegression
for step in range(3):
    mlflow.log_metric("loss", 1 / (step + 1), step=step)
model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
info = mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"], step=2)
mlflow.log_metric("accuracy", 0.5, model_id=info.model_id)"""


def test_a_tracked_cell_with_a_model(mlflow2: Mlflow2Server, tmp_path: Path):
    with kernel(tmp_path) as here:
        connect = f"%load_ext amlflow\n%aml_connect {mlflow2.url} --experiment tracked"
        assert here.run(connect).ok
        ran = here.run(CELL)
        assert ran.ok, ran.error
        assert "accuracy" in ran.text()
        ids = here.run("print(info.model_id, info.run_id)").stdout.split()
        loaded = here.run(
            "print(mlflow.sklearn.load_model(info.model_uri).predict([[1.0]]).tolist())"
        )
        assert loaded.stdout.strip() == "[1]"
        unloaded = here.run(
            "%unload_ext amlflow\n"
            f"mlflow.set_tracking_uri({mlflow2.url!r})\n"
            "print(type(mlflow.MlflowClient()._tracking_client.store).__mro__[1].__module__)"
        )
        assert unloaded.stdout.strip().startswith("mlflow.")
    model_id, run_id = ids
    client = MlflowClient(mlflow2.url)
    assert [(p.step, p.value) for p in client.get_metric_history(run_id, "loss")] == [
        (0, 1.0),
        (1, 0.5),
        (2, 1 / 3),
    ]
    run = client.get_run(run_id)
    assert run.data.metrics == {"loss": 1 / 3, "accuracy": 0.5}
    assert run.data.tags["amlflow_models"] == "1"
    assert run.info.status == "FINISHED"
    assert model_id.startswith(f"m-{run_id}-")


def test_a_script_that_connects(mlflow2: Mlflow2Server, tmp_path: Path):
    code = f"""
import amlflow, mlflow
from sklearn.linear_model import LogisticRegression
amlflow.connect({mlflow2.url!r}, experiment="scripts")
with amlflow.track("script") as run:
    model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    info = mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"])
print(mlflow.sklearn.load_model(info.model_uri).predict([[1.0]]).tolist())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[1]"
