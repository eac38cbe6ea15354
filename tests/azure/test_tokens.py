"""Tokens that expire and tokens that are taken back: no call fails, and nobody has to act."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from loopback import Loopback

sys.path.append(str(Path(__file__).resolve().parents[1] / "integration"))
from kernel import kernel

CONNECT = """
import os, threading, time
import amlflow
from loopback import Control
control = Control(os.environ["LOOPBACK_CONTROL"])
workspace = amlflow.connect(experiment="tokens")
import mlflow
client = mlflow.MlflowClient()

def fetched():
    return len(control.requests("oauth2/v2.0/token"))

def revoke():
    time.sleep(5.1)  # a server that rejects what is new is not asked again sooner
    control.revoke_tokens()
"""
# Each call goes to the workspace at once, and so tells what became of it.
AT_ONCE = {"AMLFLOW_JOURNAL": "0"}


@pytest.fixture
def connected(run_python, request):
    """Run a snippet in a script that is connected; return the lines that it printed."""

    def run(code: str, connect: str = CONNECT, **options) -> list[str]:
        path = {"PYTHONPATH": str(request.path.parent)}
        env = {**path, "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "1", **options.pop("env", {})}
        return run_python(connect + code, env=env, **options).out.splitlines()

    return run


def test_a_token_that_is_taken_back_is_renewed_once(connected):
    out = connected(
        """
with mlflow.start_run() as run:
    mlflow.log_metric("m", 1)
    before = fetched()
    control.revoke_tokens()
    mlflow.log_metric("m", 2)
    print("one thread:", fetched() - before)
    before = fetched()
    revoke()
    log = lambda i: client.log_metric(run.info.run_id, f"m{i}", i)
    threads = [threading.Thread(target=log, args=(i,)) for i in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    print("eight threads:", fetched() - before)
    print(sorted(client.get_run(run.info.run_id).data.metrics))
""",
        env=AT_ONCE,
    )
    assert out == ["one thread: 1", "eight threads: 1", str(["m", *(f"m{i}" for i in range(8))])]


def test_artifacts_models_and_azureml_core_renew_it_too(connected):
    out = connected("""
with mlflow.start_run() as run:
    mlflow.log_text("before", "before.txt")
    control.revoke_tokens()
    mlflow.log_text("after", "after.txt")
    revoke()
    print(sorted(file.path for file in client.list_artifacts(run.info.run_id)))
    revoke()
    print(client.search_registered_models(max_results=1) is not None)
    ws = amlflow.workspace()
    revoke()
    print("workspaceblobstore" in ws.datastores)
    revoke()
    print(len(amlflow.workspace().compute_targets) >= 0)
""")
    assert out == ["['after.txt', 'before.txt']", "True", "True", "True"]


def test_the_credential_that_azureml_core_gives_mlflow_renews_it_too(connected):
    out = connected(
        """
from azureml.core import Workspace
import mlflow, os
from loopback import Control
control = Control(os.environ["LOOPBACK_CONTROL"])
mlflow.set_tracking_uri(Workspace.from_config().get_mlflow_tracking_uri())
mlflow.set_experiment("tokens")
with mlflow.start_run() as run:
    mlflow.log_metric("m", 1)
    control.revoke_tokens()
    mlflow.log_metric("m", 2)
    print(mlflow.get_run(run.info.run_id).data.metrics)
""",
        connect="",
    )
    assert out == ["{'m': 2.0}"]


def test_a_token_that_is_always_rejected_is_said_in_a_sentence(connected):
    out = connected(
        """
with mlflow.start_run() as run:
    mlflow.log_metric("m", 1)
    before = fetched()
    control.fail("runs/log-metric", 401)
    for _ in range(3):
        try:
            mlflow.log_metric("m", 2)
        except mlflow.MlflowException as error:
            print(error.error_code, error)
    control.clear()
    print("fetched:", fetched() - before)
    mlflow.log_metric("m", 3)
    print(client.get_run(run.info.run_id).data.metrics)
""",
        env=AT_ONCE,
    )
    sentence = (
        "UNAUTHENTICATED Azure ML does not accept the sign-in by the AZURE_* variables any more "
        "(status 401): check that its credentials still hold, and connect again."
    )
    assert out == [sentence] * 3 + ["fetched: 1", "{'m': 3.0}"]


def test_a_cli_that_is_signed_out_says_how_to_sign_in_again(connected, loopback: Loopback):
    loopback.az_login()
    out = connected(
        """
with mlflow.start_run():
    mlflow.log_metric("m", 1)
    control.az_signed_in = False
    control.revoke_tokens()
    try:
        mlflow.log_metric("m", 2)
    except mlflow.MlflowException as error:
        print(error)
    control.az_signed_in = True
    mlflow.log_metric("m", 3)
""",
        signed_in=False,
        env=AT_ONCE,
    )
    (said,) = out
    assert said == (
        "The sign-in to Azure by the Azure CLI has ended (Please run 'az login' to set up an "
        f"account): run `az login --tenant {loopback.tenant_id}` in a terminal."
    )


def test_what_is_logged_while_nobody_is_signed_in_is_delivered_later(connected, loopback: Loopback):
    loopback.az_login()
    state, said, values = connected(
        """
from amlflow_jupyter.session import delivering

with mlflow.start_run() as run:
    mlflow.log_metric("m", 1)
    delivering.deliver_here(30, lambda status: None)
    control.az_signed_in = False
    control.revoke_tokens()
    mlflow.log_metric("m", 2, step=1)
    while delivering.status().state != "sign-in":
        time.sleep(0.1)
    print(delivering.status().state)
    print(delivering.status().error)
    control.az_signed_in = True
    delivering.deliver_here(60, lambda status: None)
    print([point.value for point in client.get_metric_history(run.info.run_id, "m")])
""",
        signed_in=False,
    )
    assert state == "sign-in"
    assert f"run `az login --tenant {loopback.tenant_id}` in a terminal" in said
    assert values == "[1.0, 2.0]"


@pytest.mark.parametrize("way", ["service principal", "managed identity", "cli"])
def test_short_tokens_are_fetched_once_each(connected, loopback: Loopback, way: str):
    loopback.control.token_lifetime = 10
    env = loopback.managed_identity_env() if way == "managed identity" else {}
    if way == "cli":
        loopback.az_login()
    out = connected(
        """
from amlflow_jupyter.session.session import current
credential = current().connected().azure.signed_in.credential
tokens, end, calls = set(), time.monotonic() + 25, 0
with mlflow.start_run() as run:
    while time.monotonic() < end:
        mlflow.log_metric("m", calls, step=calls)
        tokens.add(credential.get_token("https://management.azure.com/.default").token)
        calls += 1
        time.sleep(0.2)
print(len(tokens) <= 6, len(client.get_metric_history(run.info.run_id, "m")) == calls)
""",
        env=env,
        signed_in=way == "service principal",
    )
    assert out == ["True True"]


JOB = """
import os, subprocess, sys
import amlflow, requests
from loopback import Control
control = Control(os.environ["LOOPBACK_CONTROL"])
workspace = amlflow.connect(experiment="jobs")
import mlflow
facts, client = workspace.azure, mlflow.MlflowClient()
experiment = client.get_experiment_by_name("jobs").experiment_id
run_id = client.create_run(experiment).info.run_id
token = facts.signed_in.credential.get_token("https://management.azure.com/.default").token
control.token_lifetime = 30
answer = requests.get(
    f"https://{facts.host}/history/v1.0{facts.address.arm_id}"
    f"/experimentids/{experiment}/runs/{run_id}/token",
    headers={"Authorization": f"Bearer {token}"},
)
run_token = answer.json()["token"]
env = {k: v for k, v in os.environ.items() if not k.startswith(("AZURE_CLIENT", "AZUREML_"))}
env |= {
    "MLFLOW_TRACKING_URI": workspace.uri,
    "MLFLOW_TRACKING_TOKEN": run_token,
    "MLFLOW_RUN_ID": run_id,
    "MLFLOW_EXPERIMENT_ID": experiment,
    "AZUREML_RUN_ID": run_id,
    "AZUREML_RUN_TOKEN": run_token,
    "TZ": "America/Los_Angeles",
}
code = '''
import time
import mlflow
with mlflow.start_run() as run:
    mlflow.log_metric("m", 0, step=0)
    time.sleep(33)  # longer than the token lives: it is renewed without a call
    mlflow.log_metric("m", 1, step=1)
    mlflow.log_text("x", "x.txt")
'''
done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
assert done.returncode == 0, done.stdout + done.stderr
control.reset()
print([point.step for point in client.get_metric_history(run_id, "m")])
print([file.path for file in client.list_artifacts(run_id)])
print(done.stdout)
"""


def test_a_job_that_long_says_nothing_goes_on_past_its_token_west_of_greenwich(connected):
    out = connected(JOB, connect="")
    assert out[:2] == ["[0, 1]", "['x.txt']"]


CELL = """%%track rejected
import mlflow
mlflow.log_metric("m", 0, step=0)
control.fail("westeurope.api.azureml.ms", 401)
for step in range(1, 6):
    mlflow.log_metric("m", step, step=step)
mlflow.log_param("p", "kept")
control.clear()
print("trained")"""
READ = """
client, run = mlflow.MlflowClient(), mlflow.last_active_run()
print(sorted(p.step for p in client.get_metric_history(run.info.run_id, "m")), run.data.params)
"""


def test_a_cell_goes_on_while_its_sign_in_is_rejected(loopback: Loopback, tmp_path: Path, request):
    env = loopback.env(tmp_path / "home") | loopback.service_principal_env()
    env["PYTHONPATH"] = str(request.path.parent)
    loopback.write_config(tmp_path)
    with kernel(tmp_path, **env) as notebook:
        assert notebook.run("%load_ext amlflow\n%aml_connect -e tokens").ok
        control = "import os\nfrom loopback import Control"
        notebook.run(f"{control}\ncontrol = Control(os.environ['LOOPBACK_CONTROL'])")
        ran = notebook.run(CELL)
        assert ran.ok, ran.error
        assert ran.stdout == "trained\n"
        ran = notebook.run(READ)
        assert ran.stdout == "[0, 1, 2, 3, 4, 5] {'p': 'kept'}\n", ran.text()
