"""Runs of SDK v1, and how they and MLflow's see each other."""

from __future__ import annotations

import zipfile
from typing import Any

import mlflow

from client_calls.registry import call
from client_calls.workplace import Workplace


@call("sdk runs: start_logging, complete")
def start_logging(here: Workplace) -> None:
    run = _started(here)
    assert run.get_status() == "Running"
    run.complete()
    assert _again(here, run).get_status() == "Completed"


@call("sdk runs: fail")
def fail(here: Workplace) -> None:
    run = _started(here)
    run.fail(error_details="It diverged.")
    assert _again(here, run).get_status() == "Failed"


@call("sdk runs: log, get_metrics")
def log(here: Workplace) -> None:
    run = _started(here)
    for value in (3.0, 2.0, 1.0):
        run.log("loss", value)
    run.log("accuracy", 0.75)
    run.complete()
    assert _again(here, run).get_metrics() == {"loss": [3.0, 2.0, 1.0], "accuracy": 0.75}


@call("sdk runs: log_list, log_row, log_table")
def log_tables(here: Workplace) -> None:
    run = _started(here)
    run.log_list("losses", [3.0, 2.0, 1.0])
    run.log_row("point", x=1, y=2)
    run.log_table("table", {"x": [1, 2], "y": [3, 4]})
    run.complete()
    metrics = _again(here, run).get_metrics()
    assert metrics["losses"] == [3.0, 2.0, 1.0]
    assert metrics["point"] == {"x": 1, "y": 2}
    assert metrics["table"] == {"x": [1, 2], "y": [3, 4]}


@call("sdk runs: log_image")
def log_image(here: Workplace) -> None:
    from PIL import Image

    path = here.folder / "red.png"
    Image.new("RGB", (4, 4), "red").save(path)
    run = _started(here)
    run.log_image("red", path=str(path))
    run.complete()
    assert "red" in "".join(_again(here, run).get_file_names())


@call("sdk runs: upload_file, download_file, get_file_names")
def files(here: Workplace) -> None:
    path = here.file("notes.txt", "noted")
    run = _started(here)
    run.upload_file("outputs/notes.txt", str(path))
    run.complete()
    assert "outputs/notes.txt" in run.get_file_names()
    run.download_file("outputs/notes.txt", str(here.folder / "got.txt"))
    assert (here.folder / "got.txt").read_text() == "noted"


@call("sdk runs: upload_folder, download_files")
def folders(here: Workplace) -> None:
    here.file("data/a.txt", "1")
    here.file("data/sub/b.txt", "2")
    run = _started(here)
    run.upload_folder("data", str(here.folder / "data"))
    run.complete()
    run.download_files(prefix="data", output_directory=str(here.folder / "got"))
    assert (here.folder / "got" / "data" / "sub" / "b.txt").read_text() == "2"


@call("sdk runs: tag, properties")
def tags(here: Workplace) -> None:
    run = _started(here)
    run.tag("phase", "one")
    run.set_tags({"team": "blue"})
    run.add_properties({"commit": "abc"})
    run.complete()
    found = _again(here, run)
    assert found.get_tags().items() >= {"phase": "one", "team": "blue"}.items()
    assert found.get_properties()["commit"] == "abc"


@call("sdk runs: child runs")
def children(here: Workplace) -> None:
    run = _started(here)
    for number in range(2):
        with run.child_run(f"child-{number}") as child:
            child.log("number", number)
    run.complete()
    found = list(_again(here, run).get_children())
    assert sorted(child.get_metrics()["number"] for child in found) == [0, 1]


@call("sdk runs: Experiment.get_runs")
def get_runs(here: Workplace) -> None:
    from azureml.core import Experiment

    name = here.name("runs")
    experiment = Experiment(here.workspace, name)
    made = [experiment.start_logging(snapshot_directory=None) for _ in range(2)]
    for run in made:
        run.complete()
    found = experiment.get_runs()
    assert {run.id for run in found} == {run.id for run in made}


@call("sdk runs: a snapshot of the code, restore_snapshot")
def snapshot(here: Workplace) -> None:
    from azureml.core import Experiment

    here.file("code/train.py", "print('trained')\n")
    experiment = Experiment(here.workspace, "client-calls-sdk")
    run = experiment.start_logging(snapshot_directory=str(here.folder / "code"))
    run.complete()
    assert run.get_snapshot_id()
    packed = run.restore_snapshot(path=str(here.folder / "got"))
    assert zipfile.ZipFile(packed).read("train.py") == b"print('trained')\n"


@call("sdk runs: get_details, get_portal_url")
def details(here: Workplace) -> None:
    run = _started(here)
    run.complete()
    found = _again(here, run).get_details()
    assert (found["runId"], found["status"]) == (run.id, "Completed")
    assert run.get_portal_url().startswith(f"https://ml.azure.com/runs/{run.id}?wsid=/subscript")


@call("sdk runs: what MLflow logged, through the SDK")
def mlflow_through_sdk(here: Workplace) -> None:
    with mlflow.start_run(tags={"phase": "one"}) as run:
        for step in range(3):
            mlflow.log_metric("loss", 1.0 - step / 4, step=step)
        mlflow.log_text("seen by both", "notes.txt")
    found = here.workspace.get_run(run.info.run_id)
    assert found.get_status() == "Completed"
    assert found.get_metrics()["loss"] == [1.0, 0.75, 0.5]
    assert found.get_tags()["phase"] == "one"
    assert "notes.txt" in found.get_file_names()


@call("sdk runs: what the SDK logged, through MLflow")
def sdk_through_mlflow(here: Workplace) -> None:
    run = _started(here)
    run.log("loss", 2.0)
    run.log("loss", 1.0)
    run.tag("phase", "two")
    run.complete()
    found = mlflow.get_run(run.id)
    assert (found.info.status, found.data.tags["phase"]) == ("FINISHED", "two")
    history = mlflow.MlflowClient().get_metric_history(run.id, "loss")
    assert [point.value for point in history] == [2.0, 1.0]


def _started(here: Workplace) -> Any:
    from azureml.core import Experiment

    return Experiment(here.workspace, "client-calls-sdk").start_logging(snapshot_directory=None)


def _again(here: Workplace, run: Any) -> Any:
    return here.workspace.get_run(run.id)
