"""The Python interface, in a script and in plain IPython."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kernel import plain
from mlflow import MlflowClient

SCRIPT = """
import asyncio
import amlflow
import mlflow

print(amlflow.connect("local", experiment="scripts").title)

with amlflow.track("block", params={"lr": 0.1}, tags={"a": "b"}) as run:
    with mlflow.start_run():
        mlflow.log_metric("m", 1)
    amlflow.log({"n": 2})
    print("inside")

@amlflow.track("function", quiet=True)
def train(x):
    amlflow.log({"x": x})
    return x + 1

assert train(1) == 2
assert train(2) == 3

@amlflow.track("coroutine", quiet=True)
async def train_async(x):
    await asyncio.sleep(0)
    amlflow.log({"x": x})
    return x

assert asyncio.run(train_async(5)) == 5

for call in (lambda: amlflow.log({"m": 1}), lambda: amlflow.log({"m": "one"})):
    try:
        call()
    except amlflow.AmlflowError as error:
        print("refused:", error)

with amlflow.track("refusing", quiet=True):
    try:
        amlflow.log({"m": "one"})
    except amlflow.AmlflowError as error:
        print("refused:", error)

assert mlflow.active_run() is None

with amlflow.track("failing", quiet=True):
    raise RuntimeError("boom")
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("script")
    (folder / "train.py").write_text(SCRIPT)
    env = {**os.environ, "AMLFLOW_HOME": str(folder / ".home")}
    done = subprocess.run(
        [sys.executable, "train.py"], cwd=folder, env=env, capture_output=True, text=True
    )
    client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
    experiment = client.get_experiment_by_name("scripts")
    runs = client.search_runs([experiment.experiment_id])
    return done, client, {run.info.run_name: run for run in runs}, len(runs)


def test_each_block_and_call_is_a_run(script):
    done, _, runs, count = script
    assert count == 6, done.stderr
    block = runs["block"]
    assert (block.info.status, block.data.metrics) == ("FINISHED", {"m": 1.0, "n": 2.0})
    assert block.data.params == {"lr": "0.1"}
    assert block.data.tags["a"] == "b"
    assert block.data.tags["mlflow.source.name"].endswith("train.py")
    assert runs["coroutine"].data.metrics == {"x": 5.0}


def test_the_users_error_is_shown_as_without_us(script):
    done, client, runs, _ = script
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 1
    assert done.stderr.strip().endswith("RuntimeError: boom")
    assert runs["failing"].info.status == "FAILED"
    path = client.download_artifacts(runs["failing"].info.run_id, "amlflow/traceback.txt")
    assert Path(path).read_text().endswith("RuntimeError: boom\n")


def test_it_says_one_line_for_a_run(script):
    done, client, runs, _ = script
    lines = plain(done.stdout).splitlines()
    assert lines[0] == "Local store in mlflow.db"
    assert "inside" in lines
    (summary,) = [line for line in lines if "block" in line]
    assert "FINISHED" in summary.upper()
    path = client.download_artifacts(runs["block"].info.run_id, "amlflow/stdout.txt")
    assert Path(path).read_text() == "inside\n"


def test_logging_without_a_run_or_number_is_one_sentence(script):
    lines = [line for line in script[0].stdout.splitlines() if line.startswith("refused:")]
    assert "No run is open" in lines[0]
    assert "No run is open" in lines[1]
    assert "'m' is str, which is no number" in lines[2]


def test_a_tracked_cell_can_be_typed_at_a_prompt():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "s = S.instance()\ns.run_line_magic('load_ext', 'amlflow')\n"
        "for text in ('%%track x\\n', '%%track x\\na = 1\\n', '%%track x\\na = 1\\n\\n'):\n"
        "    print(s.input_transformer_manager.check_complete(text)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["incomplete", "incomplete", "complete"]


def test_plain_ipython_tracks_too(tmp_path: Path):
    cells = "%load_ext amlflow\n%aml_connect local\n"
    file = tmp_path / "cells.ipy"
    file.write_text(cells + "get_ipython().run_cell('%%track terminal\\nprint(6 * 7)')\n")
    env = {**os.environ, "AMLFLOW_HOME": str(tmp_path / ".home"), "IPYTHONDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", str(file)],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "42" in lines
    (summary,) = [line for line in lines if "terminal" in line]
    assert "FINISHED" in summary.upper()
    (run,) = MlflowClient(f"sqlite:///{tmp_path}/mlflow.db").search_runs(["0"])
    assert run.info.run_name == "terminal"
