"""A workspace's address, in each form that people paste."""

import pytest

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.azure import studio
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.profiles import Profile, Profiles
from amlflow_jupyter.workspaces.target import resolve

SUBSCRIPTION = "11111111-2222-4333-8444-555555555501"
ADDRESS = Address(SUBSCRIPTION, "rg-1", "w")
TENANT = "8a1c6a70-6c1c-4a4e-9d0f-2b7f5a3e1d01"


def meant(target, folder):
    return resolve(target, Profiles(), folder)


@pytest.mark.parametrize(
    ("target", "host", "region", "tenant"),
    [
        (ADDRESS.arm_id, "", "", None),
        (ADDRESS.arm_id + "/", "", "", None),
        (
            f"azureml://westeurope.api.azureml.ms/mlflow/v2.0{ADDRESS.arm_id}?is-remote=True",
            "westeurope.api.azureml.ms",
            "westeurope",
            None,
        ),
        (
            f"azureml://me:secret@eastus2.api.azureml.ms/mlflow/v1.0{ADDRESS.arm_id}",
            "eastus2.api.azureml.ms",
            "eastus2",
            None,
        ),
        (
            f"adbazureml://eastus.experiments.azureml.net/history/v1.0{ADDRESS.arm_id}",
            "eastus.api.azureml.ms",
            "eastus",
            None,
        ),
        (f"https://ml.azure.com/?wsid={ADDRESS.arm_id}&tid={TENANT}", "", "", TENANT),
        (
            f"https://ml.azure.com/runs/r-1?wsid={ADDRESS.arm_id.replace('/', '%2F')}&tid={TENANT}",
            "",
            "",
            TENANT,
        ),
        (f"https://ml.azure.com/home?wsid={ADDRESS.arm_id}", "", "", None),
    ],
)
def test_every_form_names_the_same_workspace(tmp_path, target, host, region, tenant):
    workspace = meant(target, tmp_path)
    assert workspace.kind == "azure"
    assert workspace.azure.address == ADDRESS
    assert (workspace.azure.host, workspace.azure.region) == (host, region)
    assert workspace.azure.tenant == tenant
    assert workspace.uri == f"azureml://{host}/mlflow/v2.0{ADDRESS.arm_id}"
    assert workspace.title == "Azure ML workspace w"
    assert "secret" not in repr(workspace)


def test_azure_tells_no_case_apart():
    lower = Address.from_arm_id(ADDRESS.arm_id.lower())
    assert lower.is_same(ADDRESS)
    assert not lower.is_same(Address(SUBSCRIPTION, "rg-1", "w2"))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (ADDRESS.arm_id.removesuffix("/w"), "no workspace's resource id"),
        ("azureml://westeurope.api.azureml.ms/mlflow/v2.0", "names no workspace"),
        ("azureml://", "names no workspace"),
        (f"azureml://evil.example/mlflow/v2.0{ADDRESS.arm_id}", "no host of Azure ML's"),
        (f"azureml://evilazureml.ms/mlflow/v2.0{ADDRESS.arm_id}", "no host of Azure ML's"),
        (f"azureml://evil.example\\.azureml.ms{ADDRESS.arm_id}", "no host of Azure ML's"),
        ("https://ml.azure.com/home", "studio names no workspace"),
        (ADDRESS.arm_id.replace("rg-1", ".."), "cannot be the name"),
        (f"{ADDRESS.arm_id}?x=1", "cannot be the name"),
        (f"https://ml.azure.com/?wsid={ADDRESS.arm_id}%23x", "cannot be the name"),
    ],
)
def test_what_names_none_is_refused_in_a_sentence(tmp_path, target, sentence):
    with pytest.raises(BadTarget, match=sentence):
        meant(target, tmp_path)


def test_another_site_is_no_studio(tmp_path):
    url = f"https://ml.azure.com.evil.example/?wsid={ADDRESS.arm_id}"
    assert meant(url, tmp_path).kind == "server"


def test_a_profile_says_how_to_sign_in(tmp_path):
    uri = f"azureml://westeurope.api.azureml.ms/mlflow/v2.0{ADDRESS.arm_id}"
    Profiles().save(Profile("cloud", uri, auth="cli", tenant=TENANT))
    workspace = meant("cloud", tmp_path)
    assert (workspace.azure.auth, workspace.azure.tenant) == ("cli", TENANT)
    assert workspace.ui_url == studio.workspace_url(ADDRESS, TENANT)


def test_pages_of_the_studio():
    where = f"wsid={ADDRESS.arm_id}&tid={TENANT}"
    assert studio.workspace_url(ADDRESS, TENANT) == f"https://ml.azure.com/?{where}"
    assert studio.run_url(ADDRESS, TENANT, "r 1") == f"https://ml.azure.com/runs/r%201?{where}"
    assert studio.run_url(ADDRESS, None, "r").endswith(f"wsid={ADDRESS.arm_id}")
    assert studio.experiment_url(ADDRESS, TENANT, "e").startswith(
        "https://ml.azure.com/experiments/id/e?wsid="
    )


def test_each_cloud_has_its_own_hosts(tmp_path, monkeypatch):
    monkeypatch.setenv("AZUREML_CURRENT_CLOUD", "AzureChinaCloud")
    assert meant(ADDRESS.arm_id, tmp_path).ui_url.startswith("https://studio.ml.azure.cn/?wsid=")
    old = f"adbazureml://chinaeast2.experiments.ml.azure.cn/history/v1.0{ADDRESS.arm_id}"
    assert meant(old, tmp_path).azure.host == "chinaeast2.api.ml.azure.cn"
