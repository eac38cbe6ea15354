"""The workspace as azureml-core sees it: what it is, and what it holds."""

from __future__ import annotations

from client_calls.registry import call
from client_calls.workplace import Workplace


@call("workspace: name, region, group, get_details")
def get_details(here: Workplace) -> None:
    workspace = here.workspace
    details = workspace.get_details()
    assert details["name"] == workspace.name
    assert details["location"] == workspace.location
    assert f"/resourceGroups/{workspace.resource_group}/" in details["id"]
    assert details["discoveryUrl"] == workspace.discovery_url


@call("workspace: get_mlflow_tracking_uri")
def tracking_uri(here: Workplace) -> None:
    import mlflow

    uri = here.workspace.get_mlflow_tracking_uri().rstrip("?")
    assert uri.startswith("azureml://")
    assert uri.endswith(f"/workspaces/{here.workspace.name}")
    assert mlflow.get_tracking_uri().rstrip("?") == uri


@call("workspace: write_config, Workspace.from_config")
def config(here: Workplace) -> None:
    from azureml.core import Workspace

    here.workspace.write_config(str(here.folder), "written.json")
    auth = here.workspace._auth_object
    found = Workspace.from_config(str(here.folder / ".azureml" / "written.json"), auth=auth)
    assert found.name == here.workspace.name


@call("workspace: Workspace.get")
def get(here: Workplace) -> None:
    from azureml.core import Workspace

    known = here.workspace
    found = Workspace.get(
        known.name,
        auth=known._auth_object,
        subscription_id=known.subscription_id,
        resource_group=known.resource_group,
    )
    assert found.discovery_url == known.discovery_url


@call("workspace: Workspace.list")
def list_all(here: Workplace) -> None:
    from azureml.core import Workspace

    known = here.workspace
    found = Workspace.list(
        known.subscription_id,
        auth=known._auth_object,
        resource_group=known.resource_group,
    )
    assert known.name in found


@call("workspace: datastores, the default one")
def datastores(here: Workplace) -> None:
    workspace = here.workspace
    default = workspace.get_default_datastore()
    assert default.name in workspace.datastores


@call("workspace: upload to and download from a datastore")
def datastore_files(here: Workplace) -> None:
    folder = here.name("uploaded")
    made = here.file("points.csv", "x,y\n1,2\n")
    store = here.workspace.get_default_datastore()
    store.upload_files([str(made)], target_path=folder, show_progress=False)
    store.download(str(here.folder / "got"), prefix=folder, show_progress=False)
    assert (here.folder / "got" / folder / "points.csv").read_text() == "x,y\n1,2\n"


@call("workspace: compute_targets")
def compute_targets(here: Workplace) -> None:
    targets = here.workspace.compute_targets
    assert all(target.name == name for name, target in targets.items())


@call("workspace: environments")
def environments(here: Workplace) -> None:
    from azureml.core import Environment

    name = here.name("packages")
    made = Environment(name)
    made.python.conda_dependencies.add_pip_package("mlflow")
    made.register(here.workspace)
    found = Environment.get(here.workspace, name)
    assert "mlflow" in list(found.python.conda_dependencies.pip_packages)


@call("workspace: experiments")
def experiments(here: Workplace) -> None:
    from azureml.core import Experiment

    name = here.name("listed")
    made = Experiment(here.workspace, name)
    assert here.workspace.experiments[name].id == made.id
    assert [found.name for found in Experiment.list(here.workspace, name)] == [name]
