"""``azureml.core.Model``: the registry of SDK v1, and how it and MLflow's see each other."""

from __future__ import annotations

import mlflow

from client_calls.flavor_models import classifier
from client_calls.registry import call
from client_calls.workplace import Workplace


@call("sdk models: Model.register, Model(workspace, name)")
def register(here: Workplace) -> None:
    from azureml.core import Model

    name, path = here.name("sdk-model"), here.file("weights.txt", "1 2 3")
    made = Model.register(
        here.workspace, str(path), name, tags={"team": "blue"}, description="By hand."
    )
    found = Model(here.workspace, name)
    assert (made.version, found.version, found.description) == (1, 1, "By hand.")
    assert found.tags == {"team": "blue"}


@call("sdk models: Model.download")
def download(here: Workplace) -> None:
    from azureml.core import Model

    name, path = here.name("sdk-model"), here.file("weights.txt", "1 2 3")
    Model.register(here.workspace, str(path), name)
    got = Model(here.workspace, name).download(str(here.folder / "got"))
    assert (here.folder / "got" / "weights.txt").read_text() == "1 2 3"
    assert got.endswith("weights.txt")


@call("sdk models: versions, Model.list")
def versions(here: Workplace) -> None:
    from azureml.core import Model

    name, path = here.name("sdk-model"), here.file("weights.txt", "1 2 3")
    for _ in range(2):
        Model.register(here.workspace, str(path), name)
    assert sorted(model.version for model in Model.list(here.workspace, name=name)) == [1, 2]
    assert Model(here.workspace, name).version == 2


@call("sdk models: run.register_model")
def of_a_run(here: Workplace) -> None:
    from azureml.core import Experiment, Model

    name, path = here.name("sdk-model"), here.file("weights.txt", "1 2 3")
    experiment = Experiment(here.workspace, "client-calls-sdk")
    run = experiment.start_logging(snapshot_directory=None)
    run.upload_file("outputs/weights.txt", str(path))
    run.register_model(name, "outputs/weights.txt")
    run.complete()
    assert Model(here.workspace, name).run_id == run.id


@call("sdk models: a model that MLflow registered, through the SDK")
def mlflow_through_sdk(here: Workplace) -> None:
    from azureml.core import Model

    name = here.name("by-mlflow")
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(
            classifier(), name="model", pip_requirements=["scikit-learn"]
        )
    mlflow.register_model(info.model_uri, name)
    found = Model(here.workspace, name)
    assert (found.version, found.run_id) == (1, run.info.run_id)
