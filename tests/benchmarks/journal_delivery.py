"""How fast a journal reaches a one-worker MLflow server behind 30 ms, and how fast MLflow does.

``.venv/bin/python tests/benchmarks/journal_delivery.py``
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "integration"), str(TESTS / "faults")]

from journaling import create_run, journaled, now, stored  # noqa: E402
from servers import mlflow_server  # noqa: E402

DELAY = 0.03
POINTS = 30_000
PEER_POINTS = 40


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMLFLOW_HOME"] = folder
        with mlflow_server(Path(folder)) as server, slow(server.port) as url:
            print(f"load average {os.getloadavg()[0]:.1f}")
            ours = deliver(Path(folder), server.url, url)
            peer = log(url)
    print(f"journal      {ours:8,.0f} points/s delivered (target: 5,000)")
    print(f"mlflow sync  {peer:8,.0f} points/s")
    print(f"ratio        {ours / peer:8,.0f}")


def deliver(folder: Path, direct: str, url: str) -> float:
    run_id = create_run(direct)
    with journaled(url) as here:
        log, at = here.run(run_id), now()
        log.metric("warm", 0.0, 0, at)
        assert here.delivered()
        begun = time.perf_counter()
        for step in range(POINTS):
            log.metric("loss", step / 3, step, at)
        assert here.delivered(600)
        seconds = time.perf_counter() - begun
    found = stored(folder, run_id)
    assert len(found) == sum(found.values()) == POINTS + 1
    return POINTS / seconds


def log(url: str) -> float:
    import mlflow

    mlflow.set_tracking_uri(url)
    with mlflow.start_run():
        begun = time.perf_counter()
        for step in range(PEER_POINTS):
            mlflow.log_metric("loss", step / 3, step=step)
        return PEER_POINTS / (time.perf_counter() - begun)


@contextmanager
def slow(port: int) -> Iterator[str]:
    """A proxy in a process of its own."""
    command = [sys.executable, TESTS / "faults" / "fault_proxy.py", str(port), str(DELAY)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as proxy:
        assert proxy.stdout is not None
        yield proxy.stdout.readline().strip()
        proxy.communicate()


if __name__ == "__main__":
    sys.exit(main())
