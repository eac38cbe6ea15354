"""Unmodified MLflow and azureml clients track to the loopback workspace as to Azure."""

from __future__ import annotations

import re

import pytest
from loopback import world

CONNECT = """
import os, pathlib, mlflow
from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication

names = "TENANT_ID", "ID", "PASSWORD"
auth = ServicePrincipalAuthentication(
    *(os.environ["AZUREML_SERVICE_PRINCIPAL_" + name] for name in names)
)
mlflow.set_tracking_uri(Workspace.from_config(auth=auth).get_mlflow_tracking_uri())
client = mlflow.MlflowClient()
"""


def test_a_run_with_everything_in_it(loopback, run_bare_python):
    out = run_bare_python(
        CONNECT
        + """
import matplotlib; matplotlib.use("agg")
from matplotlib import pyplot
mlflow.set_experiment("everything")
with mlflow.start_run(run_name="first", tags={"kind": "test"}) as run:
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"a": 1.0, "b": float("nan")})
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"depth": 3})
    mlflow.log_text("hello", "notes/hello.txt")
    mlflow.log_dict({"a": 1}, "settings.json")
    mlflow.log_figure(pyplot.figure(), "plots/figure.png")
    folder = pathlib.Path("out", "deep"); folder.mkdir(parents=True)
    (folder / "ü b.txt").write_text("deep")
    mlflow.log_artifacts("out", "folder")
    with mlflow.start_run(nested=True, run_name="child") as child:
        pass
found = client.get_run(run.info.run_id)
print(found.info.status, found.info.run_name, found.data.params, found.data.tags["kind"])
print(found.info.artifact_uri)
print([round(each.value, 2) for each in client.get_metric_history(run.info.run_id, "loss")])
print(sorted(each.path for each in client.list_artifacts(run.info.run_id)))
down = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="folder")
print(pathlib.Path(down, "deep", "ü b.txt").read_text())
print(mlflow.artifacts.load_text(run.info.artifact_uri + "/notes/hello.txt"))
print(list(mlflow.search_runs(filter_string="metrics.loss < 0.5")["run_id"]) == [run.info.run_id])
by_id = f"attributes.run_id IN ('{run.info.run_id}')"
print([each.info.run_name for each in client.search_runs([run.info.experiment_id], by_id)])
by_parent = f"tags.mlflow.parentRunId = '{run.info.run_id}'"
print([each.info.run_name for each in client.search_runs([run.info.experiment_id], by_parent)])
client.delete_run(child.info.run_id)
print(len(mlflow.search_runs()))
"""
    ).out.splitlines()
    out = [line for line in out if not line.startswith(("🏃", "🧪"))]
    assert out[0] == "FINISHED first {'lr': '0.1', 'depth': '3'} test"
    assert re.fullmatch(
        re.escape(loopback.tracking_uri)
        + r"/experiments/[0-9a-f-]{36}/runs/[0-9a-f]{8}-[0-9a-f-]{27}/artifacts",
        out[1],
    )
    assert out[2:] == [
        "[1.0, 0.5, 0.33]",
        "['folder', 'notes', 'plots', 'settings.json']",
        "deep",
        "hello",
        "True",
        "['first']",
        "['child']",
        "1",
    ]


def test_a_model_is_registered_and_loaded(run_bare_python):
    out = run_bare_python(
        CONNECT
        + """
from sklearn.linear_model import LinearRegression
mlflow.sklearn.save_model(LinearRegression().fit([[1], [2]], [1, 2]), "model")
with mlflow.start_run() as run:
    mlflow.log_artifacts("model", "model")
client.create_registered_model("line")
first = client.create_model_version("line", run.info.artifact_uri + "/model", run.info.run_id)
second = client.create_model_version("line", pathlib.Path("model").absolute().as_uri())
print(first.run_id == run.info.run_id, second.source.split("/")[2:4])
client.set_registered_model_alias("line", "best", 1)
logged = f"runs:/{run.info.run_id}/model"
for uri in ("models:/line/1", "models:/line/2", "models:/line@best", logged):
    print(round(float(mlflow.pyfunc.load_model(uri).predict([[3]])[0])))
print([each.version for each in client.search_model_versions(f"run_id='{run.info.run_id}'")])
"""
    ).out.splitlines()
    assert [line for line in out if line[0] not in "🏃🧪"] == [
        "True ['artifacts', 'LocalUpload']",
        *["3"] * 4,
        "['1']",
    ]


def test_a_bare_tracking_uri_and_asynchronous_logging(loopback, run_bare_python):
    out = run_bare_python(
        """
        import mlflow
        with mlflow.start_run() as run:
            logged = mlflow.log_metric("a", 1.0, synchronous=False)
            logged.wait()
        run = mlflow.get_run(run.info.run_id)
        print(mlflow.get_experiment(run.info.experiment_id).name, run.data.metrics)
        """,
        env={"MLFLOW_TRACKING_URI": loopback.tracking_uri},
    ).out
    assert out.splitlines()[-1] == "Default {'a': 1.0}"
    assert loopback.control.requests("preview/mlflow/runs/log-batch-async")
    assert loopback.control.requests("preview/mlflow/runs/get-run-data-status")


def test_workspaces_do_not_see_each_other(run_bare_python):
    first, *_, other = [workspace.tracking_uri for workspace in world.WORKSPACES]
    out = run_bare_python(
        f"""
        import mlflow
        for uri in ({first!r}, {other!r}):
            mlflow.set_tracking_uri(uri)
            mlflow.set_experiment("apart")
            mlflow.MlflowClient().create_registered_model("apart")
            with mlflow.start_run() as run:
                mlflow.log_text("one", "one.txt")
            print(len(mlflow.search_runs()), run.info.artifact_uri.startswith(uri))
        try:
            mlflow.set_tracking_uri({first!r})
            mlflow.get_run(run.info.run_id)
        except mlflow.MlflowException as error:
            print(error.error_code)
        """
    ).out.splitlines()
    assert [line for line in out if line[0] not in "🏃🧪"] == [
        "1 True",
        "1 True",
        "RESOURCE_DOES_NOT_EXIST",
    ]


def test_an_artifact_is_written_once(run_bare_python):
    done = run_bare_python(
        CONNECT
        + """
with mlflow.start_run():
    mlflow.log_text("one", "a.txt")
    mlflow.log_text("two", "a.txt")
""",
        check=False,
    )
    assert re.search(r"UserError: Resource Conflict: ArtifactId ExperimentRun/dcid\.", done.err)


def test_what_mlflow_3_brought_is_not_there(loopback, azure, tracking):
    for method, path in (
        ("POST", "api/2.0/mlflow/logged-models"),
        ("GET", "api/2.0/mlflow/logged-models/m-1"),
        ("POST", "api/2.0/mlflow/logged-models/search"),
        ("POST", "api/2.0/mlflow/runs/outputs"),
        ("POST", "api/2.0/mlflow/traces"),
        ("POST", "api/3.0/mlflow/traces/search"),
        ("POST", "api/3.0/mlflow/datasets/create"),
        ("POST", "api/2.0/mlflow/webhooks"),
        ("POST", "api/3.0/mlflow/scorers/register"),
        ("GET", "api/3.0/mlflow/server-info"),
    ):
        answer = azure.request(method, f"{tracking}/{path}", json={})
        assert (answer.status_code, answer.content) == (404, b""), path
    assert not loopback.control.unknown()


def test_a_long_list_of_artifacts_comes_in_pages(loopback, azure, run_bare_python, tracking):
    made = azure.post(f"{tracking}/api/2.0/mlflow/runs/create", json={"experiment_id": "0"})
    run = made.json()["run"]["info"]
    place = f"{tracking.replace('/mlflow/v2.0', '/history/v1.0')}/experiments/any/runs"
    paths = [{"path": f"many/{number:04}.txt"} for number in range(1201)]
    address = f"{place}/{run['run_id']}/artifacts/batch/metadata"
    assert azure.post(address, json={"paths": paths}).json()["errors"] == {}
    out = run_bare_python(
        f"""
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
        print(len(get_artifact_repository({run["artifact_uri"]!r}).list_artifacts("many")))
        """,
        env={"MLFLOW_TRACKING_URI": loopback.tracking_uri},
    ).out
    assert out.strip() == "1201"
    assert len(loopback.control.requests("/artifacts?continuationToken=")) == 2


LARGE = {
    "a 51st tag": (
        "log-batch",
        {"tags": [{"key": f"{n}", "value": ""} for n in range(51)]},
        "Tags",
    ),
    "a long key": ("set-tag", {"key": "k" * 101, "value": ""}, "Tags.Key"),
    "a long value": ("set-tag", {"key": "k", "value": "v" * 1001}, "Tags.Value"),
    "a 201st param": (
        "log-batch",
        {"params": [{"key": f"{n}", "value": ""} for n in range(201)]},
        "Parameters",
    ),
    "a 51st metric": (
        "log-batch",
        {"metrics": [{"key": f"{n}", "value": 1, "timestamp": 1, "step": 1} for n in range(51)]},
        "Metrics",
    ),
    "a large batch": (
        "log-batch",
        {"metrics": [{"key": "k", "value": 1, "timestamp": 1, "step": n} for n in range(251)]},
        "MetricV2Dto.Value/Count",
    ),
}


@pytest.mark.parametrize("case", LARGE)
def test_limits_hold_when_they_are_on(case, loopback, azure, tracking):
    runs = f"{tracking}/api/2.0/mlflow/runs"
    made = azure.post(f"{runs}/create", json={"experiment_id": "0"})
    run = made.json()["run"]["info"]["run_id"]
    endpoint, message, field = LARGE[case]
    loopback.control.limits = True
    answer = azure.post(f"{runs}/{endpoint}", json={"run_id": run, **message})
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "INVALID_PARAMETER_VALUE"
    assert f"FieldName={field}, Limit=" in answer.json()["Error"]["Message"]
    loopback.control.limits = False
    assert azure.post(f"{runs}/{endpoint}", json={"run_id": run, **message}).status_code < 500


def test_limits_of_pages_names_and_paths(loopback, azure, tracking):
    mlflow = f"{tracking}/api/2.0/mlflow"
    made = azure.post(f"{mlflow}/runs/create", json={"experiment_id": "0"})
    run = made.json()["run"]["info"]["run_id"]
    asked = {"run_id": run, "metric_key": "a", "max_results": 1000}
    place = f"{tracking.replace('/mlflow/v2.0', '/history/v1.0')}/experiments/any/runs/{run}"
    for limits, statuses in ((False, [200, 200, 0]), (True, [400, 400, 1])):
        loopback.control.limits = limits
        name = {"name": f"a/{limits}"}
        paths = {"paths": [{"path": "p" * (5001 + limits)}]}
        uploaded = azure.post(f"{place}/artifacts/batch/metadata", json=paths)
        assert [
            azure.get(f"{mlflow}/metrics/get-history", params=asked).status_code,
            azure.post(f"{mlflow}/experiments/create", json=name).status_code,
            len(uploaded.json()["errors"]),
        ] == statuses


def test_links_lead_to_pages_of_the_studio(loopback, azure, tracking):
    made = azure.post(f"{tracking}/api/2.0/mlflow/runs/create", json={"experiment_id": "0"})
    run = made.json()["run"]["info"]["run_id"]
    for page, status in (
        (f"/runs/{run}?wsid={loopback.arm_id}&tid={loopback.tenant_id}", 200),
        (f"/runs/{run}?wsid={loopback.arm_id}-not", 404),
        (f"/runs/{run[:-1]}x?wsid={loopback.arm_id}", 404),
        (f"/?wsid={loopback.arm_id}", 200),
    ):
        assert azure.get(f"https://ml.azure.com{page}").status_code == status
