"""The loopback workspace keeps its promises: hosts, tokens, faults, unknown paths, a restart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import takewhile
from pathlib import Path

import httpx
import psutil
import pytest
from azure.storage.blob import BlobClient, LinearRetry
from http_to_loopback import MANAGEMENT, client, token_of
from loopback import Control, Loopback, world


def test_resource_manager_shows_two_subscriptions_with_several_workspaces(azure):
    shown = azure.get(f"{MANAGEMENT}/subscriptions?api-version=2022-12-01").json()["value"]
    assert [each["displayName"] for each in shown] == ["Contoso Research", "Contoso Production"]
    names = [
        each["name"]
        for subscription in shown
        for each in azure.get(
            f"{MANAGEMENT}{subscription['id']}/resources",
            params={"$filter": f"resourceType eq '{world.PROVIDER}/workspaces'"},
        ).json()["value"]
    ]
    assert names == ["loopback", "vision", "course", "forecasts"]


def test_resource_manager_answers_a_wrong_address_as_azure_does(loopback, azure):
    for wrong, code in (
        (loopback.arm_id + "-not", "ResourceNotFound"),
        (loopback.arm_id.replace("/research/", "/nowhere/"), "ResourceGroupNotFound"),
        (loopback.arm_id.replace("1", "9"), "SubscriptionNotFound"),
    ):
        answer = azure.get(f"{MANAGEMENT}{wrong}?api-version=2022-05-01")
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == code
        assert answer.json()["error"]["details"] == []


def test_a_request_without_a_good_token_is_refused(loopback, azure):
    address = f"{MANAGEMENT}{loopback.arm_id}?api-version=2022-05-01"
    with client(loopback) as nobody:
        answer = nobody.get(address)
    assert answer.status_code == 401
    assert loopback.tenant_id in answer.headers["WWW-Authenticate"]
    for token in (
        "no.token.atall",
        token_of(loopback, "https://graph.microsoft.com")["access_token"],
        token_of(loopback, tenant=world.OTHER_TENANT)["access_token"],
    ):
        answer = azure.get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, answer.text
    assert answer.json()["error"]["code"] == "InvalidAuthenticationTokenTenant"
    assert azure.get(address).status_code == 200


def test_tokens_end_and_can_be_revoked(loopback, azure):
    address = f"{MANAGEMENT}/subscriptions?api-version=2022-12-01"
    loopback.control.token_lifetime = 2
    short = {"Authorization": f"Bearer {token_of(loopback)['access_token']}"}
    assert azure.get(address, headers=short).status_code == 200
    while (ended := azure.get(address, headers=short)).status_code == 200:
        time.sleep(0.2)
    assert (ended.status_code, ended.json()["error"]["code"]) == (401, "ExpiredAuthenticationToken")
    assert azure.get(address).status_code == 200
    loopback.control.revoke_tokens()
    assert azure.get(address).status_code == 401
    loopback.control.token_lifetime = 60
    fresh = {"Authorization": f"Bearer {token_of(loopback)['access_token']}"}
    assert azure.get(address, headers=fresh).status_code == 200


def test_faults_strike_what_they_name_and_as_often(loopback, azure):
    address = f"{MANAGEMENT}/subscriptions?api-version=2022-12-01"
    loopback.control.fail("GET management.azure.com/subscriptions", 429, times=2, retry_after=7)
    for _ in range(2):
        answer = azure.get(address)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "7"
        assert answer.json()["error"]["code"] == "TooManyRequests"
    assert azure.get(address).status_code == 200

    loopback.control.fail("/subscriptions", 503, skip=1, body="<html>maintenance</html>")
    assert azure.get(address).status_code == 200
    assert azure.get(address).text == "<html>maintenance</html>"
    loopback.control.clear()
    assert azure.get(address).status_code == 200


def test_storage_fails_and_recovers_under_an_upload(loopback):
    env = loopback.env(loopback.folder / "home")
    loopback.control.fail("PUT .*blob.core.windows.net/faults/note.txt", 503, times=1)
    loopback.control.fail("GET .*blob.core.windows.net/faults/note.txt", lost=True, times=1)
    blob = BlobClient.from_blob_url(
        loopback.emulator.blobs.url("faults", "note.txt", "rcw"),
        retry_policy=LinearRetry(backoff=0.1, random_jitter_range=0),
        proxies={"https": env["HTTPS_PROXY"]},
        connection_verify=env["SSL_CERT_FILE"],
    )
    loopback.in_app(loopback.emulator.blobs.make("faults"))
    blob.upload_blob(b"arrived")
    assert blob.download_blob().readall() == b"arrived"
    statuses = [each["status"] for each in loopback.control.requests("/note.txt")]
    assert statuses == [503, 201, 0, 206]


def test_an_answer_can_be_slow_or_lost(loopback, azure):
    address = f"{MANAGEMENT}/subscriptions?api-version=2022-12-01"
    loopback.control.fail("/subscriptions", delay=5, times=1)
    with pytest.raises(httpx.ReadTimeout):
        azure.get(address, timeout=0.5)
    loopback.control.fail("/subscriptions", lost=True, times=1)
    with pytest.raises(httpx.TransportError):
        azure.get(address)
    assert azure.get(address).status_code == 200


def test_a_lost_answer_can_be_of_a_request_that_was_carried_out(loopback, azure, tracking):
    loopback.control.fail("experiments/create", lost=True, after=True)
    with pytest.raises(httpx.TransportError):
        azure.post(f"{tracking}/api/2.0/mlflow/experiments/create", json={"name": "lost"})
    loopback.control.clear()
    again = azure.post(f"{tracking}/api/2.0/mlflow/experiments/create", json={"name": "lost"})
    assert again.json()["error_code"] == "RESOURCE_ALREADY_EXISTS"


def test_what_was_asked_can_be_read_by_any_process(loopback, azure):
    azure.get(f"{MANAGEMENT}/tenants?api-version=2022-12-01")
    control = Control(loopback.env(loopback.folder / "home")["LOOPBACK_CONTROL"])
    assert [(each["method"], each["status"]) for each in control.requests("/tenants")] == [
        ("GET", 200)
    ]
    control.limits = True
    assert loopback.control.limits


def test_an_unknown_path_is_refused_and_written_down(loopback, azure):
    answer = azure.post(f"{MANAGEMENT}/no/such/path?a=b", json={"c": 1})
    assert answer.status_code == 501
    (unknown,) = loopback.control.unknown()
    assert (unknown["method"], unknown["path"]) == ("POST", "/no/such/path?a=b")
    written = (loopback.folder / "unknown.log").read_text().splitlines()
    assert json.loads(written[-1])["body"] == '{"c":1}'
    loopback.control.forget_unknown()


def test_a_name_that_is_not_azures_is_not_connected(loopback, azure):
    with pytest.raises(httpx.ProxyError, match="403"):
        azure.get("https://example.com/")
    assert loopback.control.refused() == ["example.com"]
    assert not loopback.control.unknown()
    with pytest.raises(httpx.ProxyError, match="403"):
        azure.get("https://a-vault.vault.azure.net/")
    assert loopback.control.unknown()[0]["host"] == "a-vault.vault.azure.net"
    loopback.control.forget_unknown()


def test_a_reader_may_read_and_not_write(loopback, azure, tracking):
    allowed = f"{MANAGEMENT}{loopback.arm_id}/providers/Microsoft.Authorization/permissions"
    assert azure.get(allowed).json()["value"][0]["actions"] == ["*"]
    loopback.control.role = "Reader"
    assert azure.get(allowed).json()["value"][0]["actions"] == ["*/read"]
    experiments = f"{tracking}/api/2.0/mlflow/experiments"
    assert azure.post(f"{experiments}/search", json={"max_results": 5}).is_success
    refused = azure.post(f"{experiments}/create", json={"name": "not mine"})
    assert refused.status_code == 403
    assert "does not have authorization" in refused.json()["error"]["message"]


def test_what_it_knows_survives_a_restart_at_the_same_addresses(tmp_path, run_bare_python):
    code = """
        import sys, mlflow
        if sys.argv[1:] == ["write"]:
            mlflow.set_experiment("kept")
            with mlflow.start_run(run_name="before"):
                mlflow.log_metric("loss", 0.5)
                mlflow.log_text("still here", "note.txt")
        runs = mlflow.search_runs(experiment_names=["kept"], output_format="list")
        for run in runs:
            note = mlflow.artifacts.load_text(run.info.artifact_uri + "/note.txt")
            print(run.info.run_id, run.info.run_name, run.data.metrics["loss"], note)
    """
    said = []
    for word in ("write", "read"):
        with Loopback(tmp_path / "kept") as loopback:
            env = {**loopback.env(tmp_path / "home"), "MLFLOW_TRACKING_URI": loopback.tracking_uri}
            said.append(run_bare_python(code.replace("sys.argv[1:]", f"['{word}']"), env=env).out)
            assert not loopback.control.unknown()
            processes = [server.pid for server in loopback.servers]
        for process in processes:
            with pytest.raises(ProcessLookupError):
                os.kill(process, 0)
    lines = [[line for line in out.splitlines() if "before" in line] for out in said]
    assert lines[0][-1].endswith("before 0.5 still here")
    assert lines[1] == lines[0][-1:]


def test_nothing_is_left_running_when_it_is_killed(tmp_path):
    program = [sys.executable, str(Path(__file__).with_name("loopback"))]
    process = subprocess.Popen(
        [*program, "--folder", str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = list(takewhile(lambda line: not line.startswith("#"), process.stdout))
    assert any(line.startswith("export HTTPS_PROXY=http://127.0.0.1:") for line in said)
    started = psutil.Process(process.pid).children(recursive=True)
    assert len(started) >= 4
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(started, timeout=30)
    assert not alive
