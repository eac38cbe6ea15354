"""``amlflow doctor`` and ``%aml_doctor`` as they are run: broken packages, interrupts, JSON."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel import TIMEOUT, Kernel, Ran, kernel
from servers import mlflow_server, silent

COMMAND = [sys.executable, "-m", "amlflow_jupyter", "doctor"]
NAMES = {"check", "level", "message", "remedy"}


def doctor(*arguments: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
    )


def document(done: subprocess.CompletedProcess[str]) -> dict:
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)
    assert {name for finding in found["findings"] for name in finding} == NAMES
    return found


def test_lines_that_end_with_the_summary(tmp_path):
    done = doctor("local", folder=tmp_path)
    lines = done.stdout.splitlines()
    assert lines[0] == "amlflow doctor: Local store in mlflow.db"
    assert any(re.match(r"ok       Python: Python 3\.\d+\.\d+ in the ", line) for line in lines)
    assert re.fullmatch(r"No failures, (no|\d+) warnings?", lines[-1])
    assert done.returncode == 0
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []  # nothing is made


def test_the_status_is_one_where_something_fails(tmp_path):
    done = doctor("gopher://host", "--json", folder=tmp_path)
    assert done.returncode == 1
    found = document(done)
    assert found["summary"]["failure"] == 1
    assert found["complete"] is True
    (failure,) = [one for one in found["findings"] if one["level"] == "failure"]
    assert failure["check"] == "target"
    assert failure["remedy"] == "%aml_connect local"


@pytest.mark.parametrize("broken", ["mlflow", "requests", "packaging", "platformdirs", "psutil"])
def test_a_broken_package_never_crashes_it(tmp_path, broken):
    (tmp_path / f"{broken}.py").write_text("raise RuntimeError('this package is broken')\n")
    # Without AMLFLOW_HOME the folders themselves are found out by a package.
    env = {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), "AMLFLOW_HOME": ""}
    done = doctor("http://127.0.0.1:9", "--json", folder=tmp_path, **env)
    found = document(done)
    said = [one["message"] for one in found["findings"]]
    assert any("this package is broken" in message for message in said), said
    assert any(message.startswith("Python 3.") for message in said)


def test_everything_is_broken_at_once(tmp_path):
    for name in ("mlflow", "requests", "jupyterlab", "jupyter_core", "alembic", "detect_secrets"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('gone')\n")
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text("{")
    (home / "profiles.json").write_text("{")
    done = doctor(
        "--json",
        folder=tmp_path,
        PYTHONPATH=str(tmp_path),
        AMLFLOW_HOME=str(home),
        TZ="Nowhere/Land",
        REQUESTS_CA_BUNDLE="/none.pem",
        HTTPS_PROXY="http://127.0.0.1:9",
    )
    assert done.returncode == 1
    found = document(done)
    remedies = {one["remedy"] for one in found["findings"] if one["check"] == "settings"}
    assert remedies == {
        f"mv {home / name} {home / name}.broken" for name in ("settings.toml", "profiles.json")
    }
    checks = {one["check"] for one in found["findings"]}
    assert {"python", "packages", "imports", "folders", "time-zone", "proxies"} <= checks


def test_a_real_server(tmp_path):
    with mlflow_server(tmp_path) as server:
        found = document(doctor(server.url, "--json", folder=tmp_path, NO_PROXY="127.0.0.1"))
    by_check: dict[str, list[dict]] = {}
    for one in found["findings"]:
        by_check.setdefault(one["check"], []).append(one)
    assert [one["level"] for one in by_check["server"]] == ["ok", "ok", "ok"]
    assert by_check["hosts"][0]["level"] == "ok"
    assert by_check["clock"][0]["message"].startswith("The clock agrees")


def test_an_interrupt_prints_what_is_known(tmp_path):
    with silent() as url:
        process = subprocess.Popen(
            [*COMMAND, url],
            cwd=tmp_path,
            env={**os.environ, "AMLFLOW_CONNECT_TIMEOUT": "60", "NO_PROXY": "127.0.0.1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        lines = [process.stdout.readline()]
        while "Hosts: " not in lines[-1]:  # it waits for the server's answer now
            lines.append(process.stdout.readline())
            assert lines[-1]
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == ""
    assert rest.splitlines()[-1].startswith("Interrupted: no failures, ")
    assert any("Python: Python 3." in line for line in lines)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the extension, connected to nothing."""
    with kernel(tmp_path_factory.mktemp("doctor"), NO_PROXY="127.0.0.1") as started:
        assert started.run("%load_ext amlflow").ok
        yield started


def test_a_table_in_the_notebook(loaded):
    ran = loaded.run("%aml_doctor local")
    assert ran.ok
    assert ran.stdout == ran.stderr == ""
    (shown,) = [output["data"] for output in ran.outputs if "data" in output]
    assert "<table" in shown["text/html"]
    assert "<script" not in shown["text/html"]
    assert re.search(r"No failures, (no|\d+) warnings?", shown["text/plain"].splitlines()[-1])


def test_commands_are_written_for_a_cell(loaded):
    assert loaded.run("import os; os.environ['TZ'] = 'Nowhere/Land'").ok
    ran = loaded.run("%aml_doctor local --json")
    assert loaded.run("del os.environ['TZ']").ok
    findings = json.loads(ran.stdout)["findings"]
    (zone,) = [one for one in findings if one["check"] == "time-zone"]
    assert zone["remedy"] == "import os; os.environ.pop('TZ', None)"


def test_what_the_notebook_is_connected_to_is_examined(loaded, tmp_path):
    assert loaded.run(f"%aml_connect sqlite:///{tmp_path}/mine.db").ok
    assert json.loads(loaded.run("%aml_doctor --json").stdout)["target"] == "Local store in mine.db"


def interrupted(loaded: Kernel, source: str, sign: str) -> Ran:
    """Run a cell and interrupt it when it shows ``sign``."""
    ran, done, sent = Ran(), False, loaded.send(source)
    while True:
        message = loaded.client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != sent:
            continue
        if message["content"].get("execution_state") == "idle":
            break
        ran.apply(message["msg_type"], message["content"])
        if not done and sign in ran.text():
            loaded.manager.interrupt_kernel()
            done = True
    ran.reply = loaded.client.get_shell_msg(timeout=TIMEOUT)["content"]
    return ran


def test_an_interrupt_in_the_notebook_shows_what_is_known(loaded):
    assert loaded.run("os.environ['AMLFLOW_CONNECT_TIMEOUT'] = '60'").ok
    with silent() as url:
        ran = interrupted(loaded, f"%aml_doctor {url}", "Checking: Clock, over the network …")
    assert ran.ok
    assert ran.tracebacks == 0
    (shown,) = [output["data"] for output in ran.outputs if "data" in output]
    assert shown["text/plain"].splitlines()[-1].startswith("Interrupted: ")
    assert "ok       Python: Python 3." in shown["text/plain"]


def test_wrong_use_is_one_line(loaded):
    ran = loaded.run("%aml_doctor --bogus")
    assert not ran.ok
    assert ran.stderr.startswith("UsageError: ")
