import json

import pytest

from amlflow_jupyter.errors import AmlflowError, BadConfiguration, BadTarget
from amlflow_jupyter.workspaces.profiles import Profile, Profiles
from amlflow_jupyter.workspaces.target import describe, resolve

ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"


def found(target, folder):
    return resolve(target, Profiles(), folder)


def test_local_is_mlflows_own_database_beside_the_notebook(tmp_path):
    workspace = found("local", tmp_path)
    assert workspace.kind == "local"
    assert workspace.uri == f"sqlite:///{tmp_path}/mlflow.db"
    assert workspace.ui_url is None


def test_local_is_the_old_folder_where_it_holds_experiments(tmp_path):
    (tmp_path / "mlruns" / "0").mkdir(parents=True)
    assert found("local", tmp_path).uri.startswith("sqlite:")
    (tmp_path / "mlruns" / "0" / "meta.yaml").touch()
    assert found("local", tmp_path).uri == (tmp_path / "mlruns").as_uri()


@pytest.mark.parametrize(
    ("target", "kind", "uri"),
    [
        ("http://host:5000", "server", "http://host:5000"),
        ("HTTPS://host/path/", "server", "https://host/path"),
        ("http://[::1]:5000", "server", "http://[::1]:5000"),
        ("databricks", "databricks", "databricks"),
        ("databricks://mine", "databricks", "databricks://mine"),
        ("sqlite:////abs/my%20runs.db", "local", "sqlite:////abs/my runs.db"),
    ],
)
def test_uris(tmp_path, target, kind, uri):
    workspace = found(target, tmp_path)
    assert (workspace.kind, workspace.uri) == (kind, uri)


def test_a_password_in_an_address_goes_nowhere(tmp_path):
    workspace = found("http://me:pa55word@host:5000/x?token=abc", tmp_path)
    assert workspace.uri == "http://host:5000/x"
    assert "pa55word" not in repr(workspace)
    assert "abc" not in repr(workspace)


def test_the_order_without_a_target(tmp_path, monkeypatch):
    inner = tmp_path / "project" / "notebooks"
    inner.mkdir(parents=True)
    assert found(None, inner).uri == f"sqlite:///{inner}/mlflow.db"

    config = {"subscription_id": "s", "resource_group": "g", "workspace_name": "w"}
    (tmp_path / "project" / "config.json").write_text(json.dumps(config))
    assert found(None, inner).title == "Azure ML workspace w"

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://from-environment")
    assert found(None, inner).uri == "http://from-environment"

    Profiles().save(Profile("team", "http://from-profile", "exp", default=True))
    workspace = found(None, inner)
    assert (workspace.uri, workspace.profile) == ("http://from-profile", "team")
    assert workspace.experiment == "exp"


def test_a_config_json_of_another_tool_is_passed_over(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    assert found(None, tmp_path).kind == "local"


def test_a_profile_is_a_target_by_its_name(tmp_path):
    Profiles().save(Profile("team", "http://host"))
    assert found("team", tmp_path).uri == "http://host"


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("ftp://host", r"ftp:// is not a kind of target"),
        ("no-such-profile", "neither a saved profile nor a target"),
        ("http://", "names no host"),
        ("http://host:port", "no number"),
        ("sqlite:///", "names no database file"),
        ("sqlite:///:memory:", "names no database file"),
        ("postgresql://u:secretpw@host/db", "keep it out of the address"),
        ("azureml://me:secret@eastus.api.azureml.ms/mlflow?secret=1", "names no workspace"),
        (ARM.removesuffix("/w"), "no workspace's resource id"),
    ],
)
def test_bad_targets_are_one_clear_sentence(tmp_path, target, sentence):
    with pytest.raises(BadTarget, match=sentence) as caught:
        found(target, tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is no JSON"),
        ("[]", "must hold a JSON object"),
        ('{"subscription_id": "s", "workspace_name": "w"}', '"resource_group" is missing'),
        ('{"subscription_id": 1}', '"subscription_id" is 1; it must be text'),
        ('{"subscription_id": " "}', '"subscription_id" is " "'),
    ],
)
def test_a_malformed_config_json_names_the_field(tmp_path, text, sentence):
    path = tmp_path / "config.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadConfiguration, match=sentence):
        found(str(path), tmp_path)


def test_describe_takes_what_resolve_made(tmp_path):
    for target in ("local", "http://host:1/x", "databricks://p"):
        workspace = found(target, tmp_path)
        assert describe(workspace.uri) == workspace


def test_every_failure_is_ours(tmp_path):
    for target in ("http://[", "sqlite://x", "::", "azureml:", " "):
        with pytest.raises(AmlflowError) as caught:
            found(target, tmp_path)
        assert str(caught.value).endswith(".")
