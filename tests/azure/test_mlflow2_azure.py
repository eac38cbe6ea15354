"""Models and traces of MLflow 3 on Azure, in scripts that know nothing of amlflow: it is installed.

The workspace's limits are on: 50 tags a run, 1,000 characters each, artifacts written once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BEGIN = """
import json, sys
import mlflow
from sklearn.linear_model import LogisticRegression

client = mlflow.MlflowClient()
INPUTS = [[0.0], [1.0], [2.0], [3.0]]

def log(name, **options):
    model = LogisticRegression().fit(INPUTS, [0, 0, 1, 1])
    return mlflow.sklearn.log_model(
        model, name=name, pip_requirements=["scikit-learn"], **options
    )

def predicted(uri):
    return mlflow.pyfunc.load_model(uri).predict(INPUTS).tolist()

def listed(run_id, path=None):
    return sorted(file.path for file in client.list_artifacts(run_id, path))
"""


@pytest.fixture(autouse=True)
def _limits(loopback):
    loopback.control.limits = True


@pytest.fixture
def script(loopback, run_python):
    """Run a script of MLflow's in the workspace; return what it assigns to ``result``."""

    def run(code: str, **env: str) -> Any:
        env |= {"MLFLOW_TRACKING_URI": loopback.tracking_uri}
        done = run_python(f"{BEGIN}{code}\nprint(json.dumps(result))", env=env)
        return json.loads(done.out.splitlines()[-1])

    return run


def test_models_are_logged_registered_and_loaded(loopback, script):
    made = script("""
mlflow.set_experiment("models")
with mlflow.start_run() as run:
    mlflow.log_param("C", 1)
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    info = log("model", step=2)
    second = log("model")
    mlflow.log_metric("accuracy", 0.5, model_id=second.model_id)
run_id = run.info.run_id
by_run = mlflow.register_model(f"runs:/{run_id}/model", "line")
by_id = mlflow.register_model(info.model_uri, "line")
client.set_registered_model_alias("line", "best", by_id.version)
result = [run_id, info.model_id, second.model_id]
""")
    run_id, model_id, second_id = made
    found = script(f"""
run_id, model_id, second_id = {made!r}
run = client.get_run(run_id)
models = mlflow.search_logged_models(
    [run.info.experiment_id], "params.C = '1'", output_format="list"
)
versions = client.search_model_versions("name = 'line'")
result = {{
    "models": [[model.model_id, model.name, str(model.status)] for model in models],
    "metrics": {{m.key: m.value for m in client.get_logged_model(second_id).metrics}},
    "loss": [[p.step, p.value] for p in client.get_metric_history(run_id, "loss")][:2],
    "points": len(client.get_metric_history(run_id, "loss")),
    "outputs": sorted(output.model_id for output in run.outputs.model_outputs),
    "root": listed(run_id),
    "folder": listed(run_id, "model"),
    "predictions": [
        predicted(uri)
        for uri in (
            f"runs:/{{run_id}}/model", f"models:/{{model_id}}", f"models:/{{second_id}}",
            "models:/line/1", "models:/line/2", "models:/line@best",
        )
    ],
    "versions": sorted([v.version, v.run_id, v.model_id, v.source[-14:]] for v in versions),
    "tags": max(len(value) for value in run.data.tags.values()),
}}
""")
    assert found["models"] == [[each, "model", "READY"] for each in (second_id, model_id)]
    assert found["metrics"] == {"loss": 1.0, "accuracy": 0.5}
    assert found["loss"] == [[0, 1.0], [1, 0.5]]
    assert found["points"] == 3
    assert found["outputs"] == sorted([model_id, second_id])
    own_folder = f"model-{second_id[-8:]}"
    assert found["root"] == ["model", own_folder]
    assert [path for path in found["folder"] if "/" in path] == found["folder"]
    assert {path.partition("/")[0] for path in found["folder"]} == {"model"}
    assert found["predictions"] == [[0, 0, 1, 1]] * 6
    assert found["versions"] == [
        ["1", run_id, second_id, own_folder],
        ["2", run_id, model_id, "rtifacts/model"],
    ]
    assert found["tags"] <= 1000
    assert [*loopback.control.requests("/logged-models")]


def test_sixty_models_within_the_limits(script):
    run_id = script("""
mlflow.set_experiment("sixty")
with mlflow.start_run() as run:
    mlflow.log_params({f"p{i}": i for i in range(40)})
    for i in range(60):
        model = mlflow.initialize_logged_model(
            f"model-{i}", tags={"number": str(i)}, params={"depth": str(i)}
        )
        mlflow.log_metric("accuracy", i / 100, step=i, model_id=model.model_id)
        mlflow.finalize_logged_model(model.model_id, "READY")
result = run.info.run_id
""")
    tags, models, points = script(f"""
run = client.get_run({run_id!r})
models = mlflow.search_logged_models(
    [run.info.experiment_id], output_format="list", max_results=1000
)
result = [
    len(run.data.tags),
    {{m.name: [m.params["depth"], m.tags["number"], m.metrics[0].value] for m in models}},
    len(client.get_metric_history({run_id!r}, "accuracy")),
]
""")
    assert tags < 20
    assert models == {f"model-{i}": [str(i), str(i), i / 100] for i in range(60)}
    assert points == 60


def test_a_name_that_several_take_at_once(loopback, script, tmp_path: Path):
    run_id, experiment_id = script("""
mlflow.set_experiment("at once")
with mlflow.start_run() as run:
    pass
result = [run.info.run_id, run.info.experiment_id]
""")
    code = f"""{BEGIN}
from concurrent.futures import ThreadPoolExecutor
mlflow.set_experiment(experiment_id={experiment_id!r})
with mlflow.start_run({run_id!r}), ThreadPoolExecutor(4) as pool:
    infos = list(pool.map(lambda _: log("model", run_id={run_id!r}), range(4)))
print(json.dumps([info.model_id for info in infos]))
"""
    env = loopback.env(tmp_path / "home") | loopback.service_principal_env()
    env |= {"MLFLOW_TRACKING_URI": loopback.tracking_uri}
    command = [sys.executable, "-c", code]
    running = [
        subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=200)[0] for process in running]
    made = [model_id for output in outputs for model_id in json.loads(output.splitlines()[-1])]
    assert len(set(made)) == 8
    places, predictions = script(f"""
made = {made!r}
result = [
    [client.get_logged_model(model_id).artifact_location for model_id in made],
    [predicted(f"models:/{{model_id}}") for model_id in made],
]
""")
    assert len(set(places)) == 8
    assert predictions == [[0, 0, 1, 1]] * 8


def test_autologging_keeps_its_metrics_and_its_model(script):
    metrics, points, files, prediction = script("""
mlflow.sklearn.autolog(serialization_format="cloudpickle")
with mlflow.start_run() as run:
    LogisticRegression().fit(INPUTS, [0, 0, 1, 1])
run_id = run.info.run_id
result = [
    client.get_run(run_id).data.metrics,
    len(client.get_metric_history(run_id, "training_accuracy_score")),
    listed(run_id),
    mlflow.sklearn.load_model(f"runs:/{run_id}/model").predict(INPUTS).tolist(),
]
""")
    assert metrics["training_accuracy_score"] == 1.0
    assert points == 1
    assert {"model", "training_confusion_matrix.png"} <= set(files)
    assert prediction == [0, 0, 1, 1]


def test_artifacts_of_a_folder(script):
    found = script("""
with mlflow.start_run() as run:
    mlflow.log_text("1", "data/a.txt")
    mlflow.log_text("2", "data/deep/b.txt")
    mlflow.log_text("3", "data-more/c.txt")
    mlflow.log_text("4", "database.txt")
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
repository = get_artifact_repository(run.info.artifact_uri + "/data")
down = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="data")
import pathlib
result = [
    listed(run.info.run_id),
    listed(run.info.run_id, "data"),
    listed(run.info.run_id, "data/deep"),
    listed(run.info.run_id, "data/a.txt"),
    [[file.path, file.is_dir] for file in repository.list_artifacts()],
    [file.path for file in repository.list_artifacts("deep")],
    sorted(str(path.relative_to(down)) for path in pathlib.Path(down).rglob("*.txt")),
    pathlib.Path(repository.download_artifacts("deep/b.txt")).read_text(),
    mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/data-more/c.txt"),
]
""")
    assert found == [
        ["data", "data-more", "database.txt"],
        ["data/a.txt", "data/deep"],
        ["data/deep/b.txt"],
        [],
        [["a.txt", False], ["deep", True]],
        ["deep/b.txt"],
        ["a.txt", "deep/b.txt"],
        "2",
        "3",
    ]


def test_traces_and_feedback(script):
    found = script("""
mlflow.set_experiment("traces")

@mlflow.trace
def double(x):
    return 2 * x

with mlflow.start_run() as run:
    double(1)
double(2)
mlflow.flush_trace_async_logging()
(inside,) = mlflow.search_traces(run_id=run.info.run_id, return_type="list")
trace_id = inside.info.trace_id
mlflow.set_trace_tag(trace_id, "reviewed", "once")
mlflow.set_trace_tag(trace_id, "reviewed", "twice")
mlflow.log_feedback(trace_id=trace_id, name="good", value=True)
again = mlflow.get_trace(trace_id)
result = [
    len(mlflow.search_traces(return_type="list")),
    [span.name for span in again.data.spans],
    again.info.tags["reviewed"],
    [assessment.value for assessment in again.info.assessments],
    len(mlflow.search_traces(filter_string="tags.reviewed = 'twice'", return_type="list")),
]
""")
    assert found == [2, ["double"], "twice", [True], 1]


def test_a_run_without_room_for_tags(run_python, loopback):
    done = run_python(
        f"""{BEGIN}
with mlflow.start_run() as run:
    there = len(client.get_run(run.info.run_id).data.tags)
    mlflow.set_tags({{f"tag-{{i}}": i for i in range(50 - there)}})
    info = log("model")
    mlflow.log_metric("accuracy", 0.5, model_id=info.model_id)
print(predicted(info.model_uri), client.get_run(run.info.run_id).data.metrics)
""",
        env={"MLFLOW_TRACKING_URI": loopback.tracking_uri},
    )
    assert done.out.splitlines()[-1] == "[0, 0, 1, 1] {'accuracy': 0.5}"
    assert "takes no more tags (The run would have 5" in done.err
    assert "Traceback" not in done.err


def test_an_older_azureml_mlflow(script, tmp_path: Path):
    """Its builder of artifact repositories does not know all that MLflow gives to it."""
    old = tmp_path / "old"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(old)]
    subprocess.run([*command, "azureml-mlflow==1.60.0"], check=True, capture_output=True)
    found = script(
        """
import azureml.mlflow
with mlflow.start_run() as run:
    mlflow.log_text("hello", "notes/a.txt")
    info = log("model")
result = [
    azureml.mlflow.VERSION if hasattr(azureml.mlflow, "VERSION") else azureml.mlflow.__file__,
    mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/a.txt"),
    predicted(info.model_uri),
    listed(run.info.run_id),
]
""",
        PYTHONPATH=str(old),
    )
    assert found[0].startswith(("1.60", str(old)))
    assert found[1:] == ["hello", [0, 0, 1, 1], ["model", "notes"]]


def test_a_file_is_written_once(script):
    message, kept = script("""
with mlflow.start_run() as run:
    mlflow.log_text("first", "plots/loss.txt")
    try:
        mlflow.log_text("second", "plots/loss.txt")
    except mlflow.MlflowException as error:
        message = str(error)
result = [message, mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/plots/loss.txt")]
""")
    assert message.startswith("The run has plots/loss.txt already")
    assert kept == "first"
