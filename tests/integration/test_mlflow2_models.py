"""Models are logged, found and loaded on a server that speaks MLflow 2."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow2_client import CLASSES, SAVING, classifier, in_another_process, predicted
from mlflow2_server import Mlflow2Server

from amlflow_jupyter.tracking.mlflow2.page import Page

HISTORY = "mlflow.log-model.history"


@pytest.mark.parametrize("argument", ["name", "artifact_path"])
def test_a_model_is_logged_and_loaded(client: MlflowClient, argument: str):
    with mlflow.start_run() as run:
        mlflow.log_param("C", 1)
        info = mlflow.sklearn.log_model(classifier(), **{argument: "model"}, **SAVING)
    run_id = run.info.run_id
    assert predicted(info.model_uri) == predicted(f"runs:/{run_id}/model") == CLASSES
    model = client.get_logged_model(info.model_id)
    assert (model.name, str(model.status), model.source_run_id) == ("model", "READY", run_id)
    assert model.params == {"C": "1"}
    assert model.artifact_location == f"{run.info.artifact_uri}/model"
    assert [each.model_id for each in client.get_run(run_id).outputs.model_outputs] == [
        info.model_id
    ]
    files = [file.path for file in client.list_artifacts(run_id, "model")]
    assert "model/MLmodel" in files
    assert len(files) == len(set(files))
    assert [file.path for file in client.list_artifacts(run_id)] == ["model"]
    (listed,) = json.loads(client.get_run(run_id).data.tags[HISTORY])
    assert listed["artifact_path"] == "model"
    assert listed["run_id"] == run_id
    assert mlflow.last_logged_model().model_id == info.model_id


def test_a_second_model_of_a_name_has_its_own_folder(client: MlflowClient):
    with mlflow.start_run() as run:
        first = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
        second = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
        mlflow.log_text("by hand", "notes/read.me")
        third = mlflow.sklearn.log_model(classifier(), name="notes", **SAVING)
    run_id = run.info.run_id
    places = [
        client.get_logged_model(info.model_id).artifact_location for info in (first, second, third)
    ]
    assert places[0] == f"{run.info.artifact_uri}/model"
    assert len(set(places)) == 3
    assert f"{run.info.artifact_uri}/notes" not in places
    assert mlflow.models.get_model_info(f"runs:/{run_id}/model").model_id == second.model_id
    assert predicted(f"runs:/{run_id}/notes") == CLASSES
    notes = {file.path for file in client.list_artifacts(run_id, "notes")}
    assert {"notes/read.me", "notes/MLmodel"} <= notes
    with mlflow.start_run(run_id):
        assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/read.me") == "by hand"


def test_sixty_models_in_one_run(client: MlflowClient, mlflow2: Mlflow2Server):
    with mlflow.start_run() as run:
        mlflow.log_params({f"param-{i}": i for i in range(30)})
        for i in range(60):
            model = mlflow.initialize_logged_model(
                f"model-{i}", tags={"kind": "tree", "number": str(i)}, params={"depth": str(i)}
            )
            mlflow.log_metric("accuracy", i / 100, step=i, model_id=model.model_id)
            mlflow.finalize_logged_model(model.model_id, "READY")
    tags = client.get_run(run.info.run_id).data.tags
    assert len(tags) < 20
    assert max(len(value) for value in tags.values()) <= 1000
    found = in_another_process(
        mlflow2.url,
        """
        models = mlflow.search_logged_models(
            experiment_ids=sys.argv[1:], output_format="list", max_results=1000
        )
        result = {
            model.name: (model.params["depth"], model.tags["number"], model.metrics[0].value)
            for model in models
        }
        """,
        run.info.experiment_id,
    )
    assert found == {f"model-{i}": [str(i), str(i), i / 100] for i in range(60)}
    history = client.get_metric_history(run.info.run_id, "accuracy")
    assert [point.step for point in history] == list(range(60))


def test_names_are_taken_by_threads_and_processes_at_once(
    client: MlflowClient, mlflow2: Mlflow2Server
):
    code = """
        from concurrent.futures import ThreadPoolExecutor
        from sklearn.linear_model import LogisticRegression

        def log(i):
            with open(f"{sys.argv[2]}", "a"): pass
            model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
            info = mlflow.sklearn.log_model(
                model, name="model", run_id=sys.argv[1], pip_requirements=["scikit-learn"]
            )
            return info.model_id

        mlflow.set_experiment(experiment_id=sys.argv[3])
        with mlflow.start_run(sys.argv[1]), ThreadPoolExecutor(4) as pool:
            result = list(pool.map(log, range(4)))
    """
    run = client.create_run(mlflow.set_experiment("at-once").experiment_id)
    arguments = (run.info.run_id, "/dev/null", run.info.experiment_id)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(in_another_process, mlflow2.url, code, *arguments) for _ in range(2)]
        made = [model_id for each in asked for model_id in each.result()]
    assert len(set(made)) == 8
    places = {client.get_logged_model(model_id).artifact_location for model_id in made}
    assert len(places) == 8
    assert all(
        mlflow.sklearn.load_model(f"models:/{model_id}").predict([[1.0]]) == [1]
        for model_id in made
    )
    outputs = client.get_run(run.info.run_id).outputs.model_outputs
    assert {each.model_id for each in outputs} == set(made)


def test_models_are_changed_and_deleted(client: MlflowClient):
    with mlflow.start_run():
        model = mlflow.initialize_logged_model("agent", tags={"a": "1"}, params={"p": "1"})
    assert str(client.get_logged_model(model.model_id).status) == "PENDING"
    mlflow.set_logged_model_tags(model.model_id, {"b": 2, "a": "3"})
    mlflow.log_model_params({"q": "2"}, model.model_id)
    mlflow.delete_logged_model_tag(model.model_id, "a")
    with pytest.raises(MlflowException, match="No tag with key 'a'"):
        mlflow.delete_logged_model_tag(model.model_id, "a")
    changed = client.finalize_logged_model(model.model_id, "FAILED")
    assert str(changed.status) == "FAILED"
    found = client.get_logged_model(model.model_id)
    assert found.params == {"p": "1", "q": "2"}
    assert found.tags["b"] == "2"
    assert "a" not in found.tags
    assert found.last_updated_timestamp > found.creation_timestamp
    client.delete_logged_model(model.model_id)
    with pytest.raises(MlflowException, match="not found") as raised:
        client.get_logged_model(model.model_id)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert mlflow.search_logged_models(output_format="list") == []


@pytest.mark.parametrize("model_id", ["m-nowhere-12345678", "m-" + "0" * 32, "nonsense"])
def test_a_model_that_is_not_there(client: MlflowClient, model_id: str):
    with pytest.raises(MlflowException, match="not found") as raised:
        client.get_logged_model(model_id)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_model_without_a_run_has_one_of_its_own(client: MlflowClient):
    with pytest.raises(ZeroDivisionError), mlflow.start_run():
        raise ZeroDivisionError
    model = mlflow.create_external_model("service", tags={"team": "blue"})
    run = client.get_run(model.source_run_id)
    assert (run.info.run_name, run.info.status) == ("service", "FINISHED")
    assert model.tags["team"] == "blue"
    active = mlflow.set_active_model(name="service")
    assert active.model_id == model.model_id == mlflow.get_active_model_id()


@pytest.mark.usefixtures("client")
def test_failed_saving_marks_the_model():
    with mlflow.start_run(), pytest.raises(AttributeError):
        mlflow.sklearn.log_model(classifier(), name="model", signature="none", **SAVING)
    (model,) = mlflow.search_logged_models(output_format="list")
    assert str(model.status) == "FAILED"


def test_a_run_without_room_for_tags(client: MlflowClient, caplog):
    with mlflow.start_run() as run:
        there = len(client.get_run(run.info.run_id).data.tags)
        mlflow.set_tags({f"tag-{i}": i for i in range(50 - there)})
        info = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
        mlflow.log_metric("accuracy", 0.5, model_id=info.model_id)
    assert predicted(info.model_uri) == predicted(f"runs:/{run.info.run_id}/model") == CLASSES
    assert str(client.get_logged_model(info.model_id).status) == "READY"
    assert client.get_run(run.info.run_id).data.metrics == {"accuracy": 0.5}
    assert f"The run {run.info.run_id} takes no more tags" in caplog.text


def test_more_models_than_the_list_for_mlflow_2_holds(client: MlflowClient, caplog):
    with mlflow.start_run() as run:
        for _ in range(6):
            mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
    tags = client.get_run(run.info.run_id).data.tags
    listed = json.loads(tags[HISTORY])
    assert 1 < len(listed) < 6
    assert len(tags[HISTORY]) <= 1000
    newest = mlflow.search_logged_models(output_format="list", max_results=1)[0]
    assert newest.artifact_location.endswith(listed[-1]["artifact_path"])
    assert f"The run {run.info.run_id} has more models than its tag {HISTORY} holds" in caplog.text


def test_names_that_no_folder_can_have(client: MlflowClient):
    with mlflow.start_run() as run:
        odd = mlflow.sklearn.log_model(classifier(), name="what? #1", **SAVING)
        reserved = mlflow.sklearn.log_model(classifier(), name="traces", **SAVING)
    assert predicted(odd.model_uri) == predicted(reserved.model_uri) == CLASSES
    assert predicted(f"runs:/{run.info.run_id}/traces") == CLASSES
    names = {client.get_logged_model(info.model_id).name for info in (odd, reserved)}
    assert names == {"what? #1", "traces"}


def test_a_run_that_many_processes_spoke_of_keeps_few_tags(client: MlflowClient):
    """Such as one whose model is evaluated every night."""
    with mlflow.start_run() as run:
        model = mlflow.initialize_logged_model("model")
    mark = model.model_id[-8:]
    for night in range(10):
        said = Page(
            {mark: {"u": 0, "m": [["accuracy", night / 10, night, night]]}},
            inputs=(f"m-{night}",),
            written=1_000,
        )
        client.set_tag(run.info.run_id, f"amlflow.models.{night:06x}", said.tag())
    mlflow.set_logged_model_tags(model.model_id, {"reviewed": "yes"})
    found = client.get_run(run.info.run_id)
    pages = [key for key in found.data.tags if key.startswith("amlflow.models.")]
    assert len(pages) == 1
    (metric,) = client.get_logged_model(model.model_id).metrics
    assert (metric.value, metric.step) == (0.9, 9)
    assert len(found.inputs.model_inputs) == 10
