"""The workspace that the surroundings name: a config.json, a compute, a job, a cluster."""

import json

import pytest

from amlflow_jupyter.errors import BadConfiguration
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.config_file import read_config, write_config
from amlflow_jupyter.workspaces.azure.sharing import say_expiry_in_utc
from amlflow_jupyter.workspaces.azure.surroundings import job_run, workspace_here
from amlflow_jupyter.workspaces.profiles import Profiles
from amlflow_jupyter.workspaces.target import resolve

ADDRESS = Address("s", "g", "w")
URI = f"azureml://eastus.api.azureml.ms/mlflow/v2.0{ADDRESS.arm_id}"
JOB = {
    "MLFLOW_TRACKING_URI": URI,
    "MLFLOW_TRACKING_TOKEN": "a-token",
    "MLFLOW_RUN_ID": "run-1",
    "MLFLOW_EXPERIMENT_ID": "exp-1",
}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    for name in ("AZUREML_RUN_ID", "AZUREML_EXPERIMENT_ID", "CI_SUBSCRIPTION_ID"):
        monkeypatch.delenv(name, raising=False)


def test_a_config_json_is_written_as_it_is_read(tmp_path):
    path = write_config(ADDRESS, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "config.json"
    assert read_config(path) == ADDRESS
    assert write_config(ADDRESS, tmp_path / "mine.json") == tmp_path / "mine.json"


def test_other_fields_of_a_config_json_stay(tmp_path):
    (tmp_path / "config.json").write_text('{"model": "x", "workspace_name": "old"}')
    document = json.loads(write_config(ADDRESS, tmp_path).read_text())
    assert (document["model"], document["workspace_name"]) == ("x", "w")


def test_a_config_json_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadConfiguration, match="cannot be written"):
        write_config(ADDRESS, tmp_path / "file" / "config.json")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is no JSON"),
        ("[]", "must hold a JSON object"),
        ('{"subscription_id": "s", "resource_group": "g"}', '"workspace_name" is missing'),
        (
            '{"subscription_id": 1, "resource_group": "g", "workspace_name": "w"}',
            '"subscription_id" is 1; it must be text',
        ),
    ],
)
def test_a_damaged_config_json_is_said(tmp_path, text, sentence):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(BadConfiguration, match=sentence):
        resolve(str(tmp_path / "config.json"), Profiles(), tmp_path)


@pytest.mark.parametrize(
    "names",
    [
        ("AZUREML_ARM_SUBSCRIPTION", "AZUREML_ARM_RESOURCEGROUP", "AZUREML_ARM_WORKSPACE_NAME"),
        ("CI_SUBSCRIPTION_ID", "CI_RESOURCE_GROUP", "CI_WORKSPACE"),
    ],
)
def test_a_compute_of_azure_ml_names_its_workspace(tmp_path, monkeypatch, names):
    for name, value in zip(names, ("s", "g", "w"), strict=True):
        monkeypatch.setenv(name, value)
    assert workspace_here() == ADDRESS
    assert resolve(None, Profiles(), tmp_path).azure.address == ADDRESS


def test_a_job_has_a_run_and_a_token(monkeypatch):
    for name, value in JOB.items():
        monkeypatch.setenv(name, value)
    run = job_run()
    assert (run.address, run.host, run.run_id) == (ADDRESS, "eastus.api.azureml.ms", "run-1")
    assert "a-token" not in repr(run)


@pytest.mark.parametrize("without", JOB)
def test_what_lacks_a_part_is_no_job(monkeypatch, without):
    for name, value in JOB.items():
        if name != without:
            monkeypatch.setenv(name, value)
    assert job_run() is None


@pytest.mark.parametrize(
    "uri",
    [
        f"azureml://evil.example/mlflow/v2.0{ADDRESS.arm_id}",
        f"azureml://evil.example\\.azureml.ms/mlflow/v2.0{ADDRESS.arm_id}",
        "azureml://eastus.api.azureml.ms/mlflow/v2.0/registries/shared",
    ],
)
def test_a_jobs_token_goes_to_a_workspace_of_azure_alone(monkeypatch, uri):
    for name, value in JOB.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    assert job_run() is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("1767225600", "2026-01-01T00:00:00+00:00"),
        ("1767225600.5", "2026-01-01T00:00:00.500000+00:00"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ],
)
def test_the_end_of_a_jobs_token_names_its_time_zone(monkeypatch, given, said):
    monkeypatch.setenv("AZUREML_RUN_TOKEN_EXPIRY", given)
    say_expiry_in_utc()
    import os

    assert os.environ["AZUREML_RUN_TOKEN_EXPIRY"] == said


def test_a_cluster_of_databricks_names_it_in_the_old_way(tmp_path, monkeypatch):
    old = f"adbazureml://eastus.experiments.azureml.net/history/v1.0{ADDRESS.arm_id}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", old)
    assert resolve(None, Profiles(), tmp_path).uri == URI
