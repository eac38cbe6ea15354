"""Sessions that outlive many tokens: no point is lost, and nobody has to do anything.

``AMLFLOW_LONG_SESSION_SECONDS=600`` makes them as long as a cup of coffee.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from child_python import RunPython
from loopback import Loopback

SECONDS = float(os.environ.get("AMLFLOW_LONG_SESSION_SECONDS", "75"))
TOKENS_LIVE = 30
SCRIPT = Path(__file__).with_name("long_session.py")


def test_a_session_outlives_its_tokens(loopback: Loopback, tmp_path: Path, run_python: RunPython):
    loopback.control.token_lifetime = TOKENS_LIVE
    report = tmp_path / "report.json"
    command = [sys.executable, str(SCRIPT), str(SECONDS), str(report), "config.json"]
    env = loopback.env(tmp_path / "home") | loopback.service_principal_env()
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**env, "TZ": "Asia/Tokyo"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as session:
        said = ""
        for line in session.stdout or ():
            said += line
            if line == "half\n":
                loopback.control.revoke_tokens()
    assert session.returncode == 0, said
    assert [line for line in said.splitlines() if "View run" not in line] == ["half"]
    rejected = [each for each in loopback.control.requests() if each["status"] == 401]
    assert rejected, "no request met the revoked token"
    assert_nothing_lost(report, run_python)


def test_a_job_outlives_its_tokens(loopback: Loopback, tmp_path: Path, run_python: RunPython):
    """A job is given a token, and nothing but that to get the next one with."""
    loopback.control.token_lifetime = TOKENS_LIVE
    report, source = tmp_path / "report.json", tmp_path / "source"
    source.mkdir()
    shutil.copy(SCRIPT, source)
    run_python(
        f"""
        import sys
        from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
        from azureml.core.compute import AmlCompute, ComputeTarget

        workspace = Workspace.from_config()
        size = AmlCompute.provisioning_configuration("STANDARD_D2_V2", max_nodes=1)
        cluster = ComputeTarget.create(workspace, "long-cluster", size)
        cluster.wait_for_completion()
        environment = Environment("long")
        environment.python.user_managed_dependencies = True
        environment.python.interpreter_path = sys.executable
        environment.environment_variables = {{"TZ": "Asia/Tokyo"}}
        job = ScriptRunConfig(
            {str(source)!r},
            script={SCRIPT.name!r},
            arguments=["{SECONDS}", {str(report)!r}],
            compute_target=cluster,
            environment=environment,
        )
        run = Experiment(workspace, "long-job").submit(job)
        run.wait_for_completion(show_output=True)
        assert run.get_status() == "Completed"
        """,
        timeout=SECONDS + 300,
    )
    renewed = [each for each in loopback.control.requests("/token") if "/runs/" in each["path"]]
    assert renewed, "the job's token was never renewed"
    assert_nothing_lost(report, run_python)


def assert_nothing_lost(report: Path, run_python: RunPython) -> None:
    """Compare what was logged with what another process reads."""
    logged = json.loads(report.read_text())
    done = run_python(f"""
        import json, sys, pathlib
        sys.path.insert(0, {str(SCRIPT.parent)!r})
        import amlflow, long_session
        amlflow.connect("config.json")
        print(json.dumps(long_session.read(pathlib.Path({str(report)!r}))))
    """)
    found: dict[str, Any] = json.loads(done.out.splitlines()[-1])
    for name, points in logged["points"].items():
        assert sorted(found["points"][name]) == sorted(points)
    assert sorted(found["files"]) == sorted(logged["files"])
