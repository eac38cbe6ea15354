"""Jobs of the loopback workspace: submitted by the unmodified azureml-core, run for real."""

from __future__ import annotations

import shlex
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from http_to_loopback import MANAGEMENT, client, token_of
from loopback import Loopback
from loopback.state import State

BEGIN = """
import warnings; warnings.simplefilter("ignore")
import sys
import time
from azureml.core import Environment, Experiment, Run, ScriptRunConfig, Workspace
ws = Workspace.from_config()

def submit(name, script, cluster="jobs-cluster", environment=None, **options):
    environment = environment or Environment("env-bare")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    config = ScriptRunConfig(
        "job", script=script, compute_target=cluster, environment=environment, **options
    )
    return Experiment(ws, name).submit(config)

def wait_until(run, *states):
    while run.get_status() not in states:
        time.sleep(0.2)
"""


def create_cluster(loopback, nodes=4, name="jobs-cluster"):
    """Create a cluster, and return when jobs can be sent to it."""
    address = f"{MANAGEMENT}{loopback.arm_id}/computes/{name}?api-version=2020-02-02"
    scale = {"minNodeCount": 0, "maxNodeCount": nodes, "nodeIdleTimeBeforeScaleDown": "PT120S"}
    sized = {"vmSize": "STANDARD_D2_V2", "scaleSettings": scale}
    body = {"properties": {"computeType": "AmlCompute", "properties": sized}}
    with client(loopback, str(token_of(loopback)["access_token"])) as azure:
        azure.put(address, json=body).raise_for_status()
        while azure.get(address).json()["properties"]["provisioningState"] != "Succeeded":
            time.sleep(0.2)


@pytest.fixture
def jobs(loopback, run_bare_python, tmp_path):
    """Write a script, and run code that submits it with ``submit``."""
    create_cluster(loopback)
    folder = tmp_path / "job"
    folder.mkdir()

    def run(script, code, **options):
        (folder / "script.py").write_text(textwrap.dedent(script))
        return run_bare_python(BEGIN + textwrap.dedent(code), **options)

    return run


def test_a_job_logs_with_the_variables_of_a_job_alone(jobs, tmp_path):
    package = tmp_path / "job" / "inner"
    package.mkdir()
    (package / "constant.py").write_text("ANSWER = 42\n")
    script = """
        import argparse
        import os

        import mlflow
        from inner.constant import ANSWER

        given = argparse.ArgumentParser()
        given.add_argument("--alpha", type=float)
        alpha = given.parse_args().alpha
        with mlflow.start_run() as run:
            assert run.info.run_id == os.environ["AZUREML_RUN_ID"]
            mlflow.log_param("alpha", alpha)
            mlflow.log_metric("answer", ANSWER)
            mlflow.log_text("content", "folder/file.txt")
        from azureml.core import Run

        context = Run.get_context(allow_offline=False)
        context.log("by the sdk", 1.5)
        context.complete()
        with open("outputs/result.txt", "w") as file:
            file.write("result")
        print("variables:", sorted(os.environ))
        print("asked for:", os.environ["ASKED_FOR"])
    """
    done = jobs(
        script,
        """
        environment = Environment("env-of-jobs")
        environment.environment_variables = {"ASKED_FOR": "this"}
        run = submit(
            "exp-jobs", "script.py", arguments=["--alpha", 0.5], environment=environment
        )
        details = run.wait_for_completion(show_output=True)
        assert details["status"] == run.get_status() == "Completed"
        assert details["runDefinition"]["script"] == "script.py"
        assert run.get_metrics() == {"answer": 42, "by the sdk": 1.5}
        files = {"folder/file.txt", "outputs/result.txt", "user_logs/std_log.txt"}
        assert files <= set(run.get_file_names())
        run.download_file("outputs/result.txt", "result.txt")
        assert open("result.txt").read() == "result"
        assert run.get_environment().name == "env-of-jobs"
        print(run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"])

        import mlflow

        mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
        seen = mlflow.get_run(run.id)
        assert seen.info.status == "FINISHED"
        assert seen.data.params == {"alpha": "0.5"}
        """,
        env={"SECRET_OF_THE_USER": "hidden"},
    )
    assert "Streaming user_logs/std_log.txt" in done.out
    assert "asked for: this" in done.out
    line = next(each for each in done.out.splitlines() if each.startswith("variables:"))
    assert "AZUREML_DISCOVERY_SERVICE_ENDPOINT" in line
    assert "AZURE_CLIENT_SECRET" not in line
    assert "SECRET" not in line


def test_a_script_that_fails_fails_its_run(jobs):
    done = jobs(
        "print('begun')\nraise ValueError('broken on purpose')\n",
        """
        run = submit("exp-failing", "script.py")
        try:
            run.wait_for_completion(show_output=True)
        except Exception as error:
            assert "ValueError: broken on purpose" in str(error)
        else:
            raise AssertionError("the run did not fail")
        assert run.get_status() == "Failed"
        assert "exited with status code 1" in run.get_details()["error"]["error"]["message"]
        print(run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"])
        """,
    )
    assert "Traceback (most recent call last)" in done.out


def test_canceling_ends_the_process_and_its_children(jobs, tmp_path):
    pids = tmp_path / "pids"
    script = f"""
        import os
        import subprocess

        child = subprocess.Popen(["sleep", "600"])
        with open({str(pids)!r}, "w") as file:
            file.write(f"{{os.getpid()}} {{child.pid}}")
        child.wait()
    """
    jobs(
        script,
        """
        import os
        from azureml.core.compute import AmlCompute

        run = submit("exp-canceled", "script.py")
        wait_until(run, "Running")
        cluster = AmlCompute(ws, "jobs-cluster")
        assert run.id in [each.run_id for each in cluster.get_active_runs()]
        assert cluster.get_status().node_state_counts.running_node_count >= 1
        while not (os.path.exists("pids") and " " in open("pids").read()):
            time.sleep(0.1)
        run.cancel()
        wait_until(run, "Canceled")
        assert run.id not in [each.run_id for each in cluster.get_active_runs()]
        """,
    )
    assert not any(runs(int(pid)) for pid in pids.read_text().split())


def test_a_job_waits_for_a_node(jobs, loopback):
    create_cluster(loopback, nodes=1, name="one-node")
    jobs(
        "import time\nprint('runs', flush=True)\ntime.sleep(600)\n",
        """
        first = submit("exp-queue", "script.py", "one-node")
        wait_until(first, "Running")
        second = submit("exp-queue", "script.py", "one-node")
        third = submit("exp-queue", "script.py", "one-node")
        assert second.get_status() == "Queued"
        third.cancel()
        wait_until(third, "Canceled")
        first.cancel()
        wait_until(second, "Running")
        second.cancel()
        wait_until(second, "Canceled")
        """,
    )


def test_an_unknown_target_is_refused(jobs):
    jobs(
        "",
        """
        try:
            submit("exp-no-target", "script.py", "no-such-cluster")
        except Exception as error:
            assert "Unknown compute target 'no-such-cluster'" in str(error)
        else:
            raise AssertionError("it was taken")
        """,
    )


def test_a_job_renews_its_token(jobs, loopback):
    # Below the 95 seconds at which azureml-mlflow asks for a new one.
    loopback.control.token_lifetime = 60
    jobs(
        "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('m', 1)\n",
        """
        run = submit("exp-token", "script.py")
        run.wait_for_completion()
        assert run.get_metrics() == {"m": 1}
        """,
    )
    asked = [each for each in loopback.control.requests("/token") if "/runs/exp-" in each["path"]]
    assert {each["status"] for each in asked} == {200}


KILLED = """
import sys
import time
from pathlib import Path
from loopback import Loopback
from loopback.state import State
from test_loopback_jobs import begin, create_cluster

folder = Path(sys.argv[1])
with Loopback(folder / "own") as own:
    create_cluster(own)
    begin(own, folder / "first")
    print("begun", flush=True)
    time.sleep(600)
"""


def test_the_end_of_the_workspace_ends_its_jobs(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    here = Path(__file__).parent
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout.readline() == "begun\n"
        killed.kill()
    pid = int((tmp_path / "first").read_text())
    while runs(pid):
        time.sleep(0.1)

    with Loopback(tmp_path / "own") as own:
        assert state(own, "first") == "Failed"
        begin(own, tmp_path / "second")
        assert state(own, "second") == "Running"
    assert not runs(int((tmp_path / "second").read_text()))
    kept = State(tmp_path / "own" / "state.db")
    assert kept.documents("runs", own.arm_id).get("second")["status"] == "Canceled"
    kept.close()


def begin(loopback, path):
    """Submit a job under the name of a file, to which it writes its process id; wait for it."""
    script = f"""
import os, time
with open({str(path.with_suffix(".part"))!r}, "w") as file:
    file.write(str(os.getpid()))
os.rename({str(path.with_suffix(".part"))!r}, {str(path)!r})
time.sleep(600)
"""
    empty = {"name": "", "type": "Directory", "children": {}}
    command = f"{sys.executable} -c {shlex.quote(script)}"
    configuration = {"target": "jobs-cluster", "command": command}
    service = f"https://{loopback.region}.api.azureml.ms/{{}}{loopback.arm_id}/{{}}"
    with client(loopback, str(token_of(loopback)["access_token"])) as azure:
        azure.post(
            service.format("content/v2.0", "snapshots/none"), json={"DirTreeNode": empty}
        ).raise_for_status()
        azure.post(
            service.format("execution/v1.0", f"experiments/exp/snapshotrun?runId={path.name}"),
            json={"Configuration": configuration, "SnapshotId": "none"},
        ).raise_for_status()
    while not path.exists():
        time.sleep(0.1)


def state(loopback, run):
    """Return the state of a run."""
    address = f"https://{loopback.region}.api.azureml.ms/history/v1.0{loopback.arm_id}/runs/{run}"
    with client(loopback, str(token_of(loopback)["access_token"])) as azure:
        return azure.get(address).json()["status"]


def runs(pid):
    """Say whether a process goes on; one that nobody has waited for yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
