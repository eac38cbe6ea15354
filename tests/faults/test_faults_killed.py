"""kill -9 at any moment loses nothing that a call returned from, and doubles nothing."""

from __future__ import annotations

import os
import random
import signal
import struct
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from journaling import create_run, journal_points, runs, stored, texts, wait_until
from servers import MlflowServer

from amlflow_jupyter.journal import places
from amlflow_jupyter.journal.recovery import recover
from amlflow_jupyter.tracking.delivery import open_target

KILLS = 200
DYING = Path(__file__).with_name("dying.py")


class Dying:
    """A process that logs, until :meth:`kill`."""

    def __init__(self, folder: Path, uri: str, run_id: str, metric: str, *more: str) -> None:
        self.metric = metric
        self._counter = folder / f"{metric}.count"
        self._counter.write_bytes(bytes(8))
        command = [sys.executable, DYING, uri, run_id, self._counter, metric, *more]
        path = os.pathsep.join(filter(None, sys.path))
        self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path})

    @property
    def returned(self) -> int:
        """How many calls returned."""
        return int(struct.unpack("<q", self._counter.read_bytes())[0])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def test_killed_at_any_moment_while_logging(server: MlflowServer, tmp_path: Path):
    run_id = create_run(server.url, "killed")
    dead = []
    for number in range(KILLS):
        dying = Dying(tmp_path, server.url, run_id, f"m{number}")
        wait_until(lambda dying=dying: dying.returned, lambda count: count > 0)
        time.sleep(random.uniform(0, 0.01))
        dying.kill()
        dead.append((dying.metric, dying.returned))
    wanted = sum((journal_points(path, run_id) for path in places.journals()), start=Counter())
    counts = {metric: 0 for metric, _ in dead}
    for name, step, at, value in wanted:
        assert (at, value) == (1_700_000_000_000 + step, step / 7)
        counts[name] += 1
    for metric, returned in dead:
        # A call that was on its way may have written its row, too.
        assert returned <= counts[metric] <= returned + 1
    assert len(dead) == KILLS
    recover(open_target, 300)
    assert stored(server.folder, run_id) == wanted
    assert places.journals() == []
    assert runs(server.folder, "killed") == [(run_id, "KILLED")]
    assert "recovery" in texts(server.folder, run_id, "tags")["amlflow.ended_by"]


@pytest.mark.parametrize("moment", range(3))
def test_killed_between_sending_and_acknowledgement(
    server: MlflowServer, proxy: FaultProxy, tmp_path: Path, moment: int
):
    run_id = create_run(server.url, f"between-{moment}")
    # The server takes it, and the answer waits until nobody is there to hear it.
    rule = proxy.fail("runs/log-batch", after=moment, delay_answer=3.0)
    dying = Dying(tmp_path, proxy.url, run_id, "loss", "deliver")
    wait_until(lambda: rule.met, bool, 60)
    dying.kill()
    (path,) = places.journals()
    wanted = journal_points(path, run_id)
    assert dying.returned <= sum(wanted.values()) <= dying.returned + 1
    proxy.heal()
    (recovered,) = recover(open_target, 60)
    assert recovered.problem is None
    assert stored(server.folder, run_id) == wanted
    assert proxy.asked("metrics/get-history") >= 1
    assert runs(server.folder, f"between-{moment}") == [(run_id, "KILLED")]


def test_a_living_process_is_left_alone(server: MlflowServer, tmp_path: Path):
    run_id = create_run(server.url, "living")
    dying = Dying(tmp_path, server.url, run_id, "loss")
    try:
        wait_until(lambda: dying.returned, lambda count: count > 100)
        assert recover(open_target, 60) == []
        assert len(places.journals()) == 1
    finally:
        dying.kill()
    assert runs(server.folder, "living") == [(run_id, "RUNNING")]
    (recovered,) = recover(open_target, 60)
    assert recovered.ended == (run_id,)
    assert sum(stored(server.folder, run_id).values()) >= dying.returned


def test_a_run_that_another_process_continues_is_not_ended(server: MlflowServer, tmp_path: Path):
    run_id = create_run(server.url, "continued")
    first = Dying(tmp_path, server.url, run_id, "first")
    wait_until(lambda: first.returned, bool)
    first.kill()
    second = Dying(tmp_path, server.url, run_id, "second")
    try:
        wait_until(lambda: second.returned, bool)
        (recovered,) = recover(open_target, 60)
        assert recovered.ended == ()
        assert runs(server.folder, "continued") == [(run_id, "RUNNING")]
    finally:
        second.kill()


def test_what_cannot_be_delivered_yet_stays(
    server: MlflowServer, proxy: FaultProxy, tmp_path: Path
):
    run_id = create_run(server.url, "later")
    dying = Dying(tmp_path, proxy.url, run_id, "loss")
    wait_until(lambda: dying.returned, lambda count: count > 10)
    dying.kill()
    proxy.fail(status=503)
    (recovered,) = recover(open_target, 1)
    assert recovered.left >= dying.returned
    assert "fails (503" in recovered.problem
    assert len(places.journals()) == 1
    proxy.heal()
    (recovered,) = recover(open_target, 60)
    assert (recovered.left, recovered.problem) == (0, None)
    assert places.journals() == []
