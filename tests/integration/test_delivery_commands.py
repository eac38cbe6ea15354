"""``%aml_status``, ``%aml_sync`` and the same on the command line; ``amlflow.log`` in a journal."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel import Kernel, kernel
from mlflow import MlflowClient
from servers import MlflowServer, mlflow_server

BEGIN = "%load_ext amlflow\n%aml_connect {url}\nimport amlflow, mlflow\nrun = mlflow.start_run()"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MlflowServer, Kernel]]:
    folder = tmp_path_factory.mktemp("delivering")
    with mlflow_server(folder) as server, kernel(folder, AMLFLOW_CONNECT_TIMEOUT="2") as here:
        assert here.run(BEGIN.format(url=server.url)).ok
        yield server, here


def test_an_outage_from_beginning_to_end(served: tuple[MlflowServer, Kernel]):
    server, here = served
    run_id = here.run("print(run.info.run_id)").stdout.strip()
    assert here.run("%aml_status").text().strip() == "delivered"
    server.stop()
    assert here.run("for step in range(50): amlflow.log({'a': step, 'b': 1.0}, step=step)").ok
    told = here.run("import time; time.sleep(2)\n%aml_status").text()
    assert "offline, 100 values kept here" in told
    assert "cannot be reached" in told
    status = json.loads(here.run("%aml_status --json").stdout)
    assert (status["state"], status["backlog"]) == ("offline", 100)
    stuck = here.run("%aml_sync --timeout 2").text()
    assert "offline, 100 values kept here" in stuck
    assert "100 values" in command(here.folder, "status")
    server.start()
    assert here.run("%aml_sync").text().strip() == "delivered"
    history = MlflowClient(server.url).get_metric_history(run_id, "a")
    assert sorted(point.step for point in history) == list(range(50))


def test_what_is_kept_can_be_taken_out_and_forgotten(served: tuple[MlflowServer, Kernel]):
    server, here = served
    run_id = here.run("print(run.info.run_id)").stdout.strip()
    server.stop()
    try:
        here.run("amlflow.log({'kept': 1.0}, step=0)")
        assert "Written to" in here.run("%aml_sync --export kept.db").text()
        with contextlib.closing(sqlite3.connect(here.folder / "kept.db")) as database:
            names = {name for (name,) in database.execute("select name from series")}
        assert "kept" in names
        assert "knows no run" in here.run("%aml_sync --drop nothing --yes").stderr
        asked = here.run(f"%aml_sync --drop {run_id}", answer="no")
        assert "nothing was deleted" in asked.stderr
        assert "forgotten" in here.run(f"%aml_sync --drop {run_id} --yes").text()
        assert "kept here" not in here.run("%aml_status").text()
    finally:
        server.start()


def test_the_command_line_delivers_what_a_dead_process_left(tmp_path: Path):
    with mlflow_server(tmp_path) as server:
        code = f"""
import os, amlflow, mlflow
amlflow.connect({server.url!r})
mlflow.start_run(run_name="dead")
open("ready", "w").close()
input()
for step in range(1000):
    amlflow.log({{"loss": step}}, step=step)
os.kill(os.getpid(), 9)
"""
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=tmp_path, env=env(tmp_path), stdin=subprocess.PIPE
        )
        deadline = time.monotonic() + 60
        while not (tmp_path / "ready").exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        server.stop()
        process.communicate(b"\n")
        assert "its process is gone" in command(tmp_path, "status")
        failed = command(tmp_path, "sync", "--timeout", "2", status=1)
        assert "values left" in failed
        server.start()
        done = command(tmp_path, "sync")
        assert "1 runs ended as KILLED" in done
        assert command(tmp_path, "status") == "Everything is delivered.\n"
        (run,) = MlflowClient(server.url).search_runs(["0"], "run_name = 'dead'")
        assert run.info.status == "KILLED"
        history = MlflowClient(server.url).get_metric_history(run.info.run_id, "loss")
        assert len(history) == 1000


def command(folder: Path, *words: str, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "amlflow_jupyter", *words],
        cwd=folder,
        env=env(folder),
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stderr
    return done.stdout


def env(folder: Path) -> dict[str, str]:
    return {**os.environ, "AMLFLOW_HOME": str(folder / ".home")}


def test_a_forked_worker_delivers_before_it_ends(tmp_path: Path):
    code = """
    import multiprocessing, amlflow, mlflow

    amlflow.connect("local")
    log = mlflow.MlflowClient().log_metric
    with mlflow.start_run() as run:
        mlflow.log_metric("parent", 1)
        fork = multiprocessing.get_context("fork")
        given = [(run.info.run_id, f"w{n}", n) for n in range(3)]
        workers = [fork.Process(target=log, args=arguments) for arguments in given]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print(*sorted(mlflow.get_run(run.info.run_id).data.metrics))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "AMLFLOW_HOME": str(tmp_path / "home")},
    )
    assert done.stdout.split() == ["parent", "w0", "w1", "w2"], done.stderr
