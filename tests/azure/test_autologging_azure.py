"""A notebook's cell that trains, tracked in an Azure workspace: nothing autologged is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Loopback

sys.path.append(str(Path(__file__).parents[1] / "integration"))
from kernel import Kernel, kernel

DATA = """
import mlflow, numpy as np
x = np.random.rand(40, 2).astype("float32")
y = x[:, 0] > 0.5
"""
TRAINING = {
    "sklearn": """
from sklearn.linear_model import LogisticRegression
LogisticRegression().fit(x, y)
""",
    "xgboost": """
import xgboost
data = xgboost.DMatrix(x, y)
xgboost.train({"nthread": 1}, data, 300, evals=[(data, "train")], verbose_eval=False)
""",
    "lightgbm": """
import lightgbm
data = lightgbm.Dataset(x, y)
options = {"num_threads": 1, "verbose": -1}
lightgbm.train(options, data, 300, valid_sets=[data], valid_names=["train"])
""",
    "keras": """
import keras
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y.astype(float), epochs=50, verbose=0)
""",
}
FIND = """
run = mlflow.get_run(mlflow.last_active_run().info.run_id)
(output,) = run.outputs.model_outputs
logged = mlflow.get_logged_model(output.model_id)
predicted = mlflow.pyfunc.load_model(logged.model_uri).predict(x)
print(run.info.status, logged.status, len(predicted))
"""


@pytest.fixture(scope="module")
def notebook(loopback: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that is connected to the workspace as a user connects it."""
    folder = tmp_path_factory.mktemp("notebook")
    loopback.write_config(folder)
    env = loopback.env(folder / "home") | loopback.service_principal_env()
    env |= {"KERAS_BACKEND": "jax", "MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT": "1"}
    with kernel(folder, **env) as started:
        assert started.run("%load_ext amlflow\n%aml_connect config.json --experiment trained").ok
        assert started.run(DATA).ok
        yield started


@pytest.fixture(autouse=True)
def _limits(loopback: Loopback, _as_at_the_start: None) -> None:
    loopback.control.limits = True


@pytest.mark.parametrize(
    ("flavor", "metric", "steps"),
    [
        ("sklearn", "training_accuracy_score", 1),
        ("xgboost", "train-rmse", 300),
        ("lightgbm", "train-l2", 300),
        ("keras", "loss", 50),
    ],
)
def test_a_tracked_cell_that_trains(notebook: Kernel, flavor: str, metric: str, steps: int):
    ran = notebook.run(f"%%track {flavor} --autolog {flavor}{TRAINING[flavor]}")
    assert ran.ok, ran.text()
    assert "404" not in ran.text()
    found = notebook.run(FIND)
    assert found.ok, found.text()
    assert found.stdout.split()[-3:] == ["FINISHED", "READY", "40"]
    counted = notebook.run(
        f"len(mlflow.MlflowClient().get_metric_history(run.info.run_id, {metric!r}))"
    )
    assert counted.text().strip() == str(steps)
