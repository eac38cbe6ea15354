"""Azure's limits are on: what is too large is split, and what cannot be held is named."""

from __future__ import annotations

import pytest
from child_python import RunPython
from loopback import Loopback

CONNECTED = """
import amlflow, mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric

amlflow.connect("config.json", experiment="limits")
client = MlflowClient()

def points(run, name):
    return [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, name)]

def refusal(act):
    try:
        act()
    except mlflow.MlflowException as error:
        print("REFUSED", str(error).replace("\\n", " | "))
    else:
        print("TAKEN")
"""


@pytest.fixture(autouse=True)
def _limits(loopback: Loopback, _as_at_the_start: None) -> None:
    loopback.control.limits = True


def test_large_batches_are_split(run_python: RunPython, loopback: Loopback):
    """MLflow's own clients send up to 1,000 metrics at once."""
    run_python(
        CONNECTED
        + """
expected = [(step, step / 2) for step in range(1700)]
with mlflow.start_run() as run:
    client.log_batch(run.info.run_id, [Metric("loss", v, 1, s) for s, v in expected])
assert sorted(points(run, "loss")) == expected
with mlflow.start_run() as run:
    later = [Metric("loss", v, 1, s) for s, v in expected]
    client.log_batch(run.info.run_id, later, synchronous=False).wait()
assert sorted(points(run, "loss")) == expected
"""
    )
    assert len(loopback.control.requests("runs/log-batch")) >= 2 * 1700 / 250


def test_long_histories_are_read_page_by_page(run_python: RunPython, loopback: Loopback):
    run_python(
        CONNECTED
        + """
with mlflow.start_run() as run:
    for start in range(0, 2500, 250):
        steps = range(start, start + 250)
        client.log_batch(run.info.run_id, [Metric("loss", 1.0, 1, step) for step in steps])
assert [step for step, _ in sorted(points(run, "loss"))] == list(range(2500))
"""
    )
    assert len(loopback.control.requests("metrics/get-history")) >= 3


def test_autologging_of_many_rounds_loses_no_point(run_python: RunPython):
    """Autologging sends what it gathered in one batch, at the end."""
    run_python(
        CONNECTED
        + """
import numpy, xgboost
mlflow.xgboost.autolog(log_models=False)
data = xgboost.DMatrix(numpy.random.rand(30, 2), numpy.arange(30) % 2)
with mlflow.start_run() as run:
    watched = [(data, "train"), (data, "again")]
    xgboost.train({"nthread": 1}, data, num_boost_round=450, evals=watched, verbose_eval=False)
for name in ("train-rmse", "again-rmse"):
    assert [step for step, _ in sorted(points(run, name))] == list(range(450)), name
"""
    )


def test_many_params_are_split(run_python: RunPython):
    run_python(
        CONNECTED
        + """
params = {f"p{number}": str(number) for number in range(200)}
with mlflow.start_run() as run:
    mlflow.log_params(params)
assert mlflow.get_run(run.info.run_id).data.params == params
"""
    )


def test_what_the_service_cannot_hold_is_named(run_python: RunPython):
    done = run_python(
        CONNECTED
        + """
with mlflow.start_run():
    refusal(lambda: mlflow.set_tags({f"t{number}": "x" for number in range(51)}))
    refusal(lambda: mlflow.log_metrics({f"m{number}": 1.0 for number in range(51)}))
    refusal(lambda: mlflow.log_params({f"p{number}": 1 for number in range(201)}))
    refusal(lambda: mlflow.set_tag("story", "x" * 1001))
    refusal(lambda: mlflow.set_tag("k" * 101, "x"))
refusal(lambda: mlflow.start_run(tags={"story": "x" * 2000}))
"""
    )
    refusals = [line for line in done.out.splitlines() if line.startswith(("REFUSED", "TAKEN"))]
    for refusal, expected in zip(
        refusals,
        (
            "tags, and Azure Machine Learning holds 50 a run",
            "51 metrics, and Azure Machine Learning holds 50 a run",
            "201 params, and Azure Machine Learning holds 200 a run",
            "The tag 'story' is 1,001 characters long, and Azure Machine Learning holds 1,000",
            "has a name of 101 characters, and Azure Machine Learning holds 100",
            "The tag 'story' is 2,000 characters long",
        ),
        strict=True,
    ):
        assert refusal.startswith("REFUSED")
        assert expected in refusal
        assert " | " not in refusal  # one line
