"""``python long_session.py SECONDS REPORT [CONFIG]``: log for so long, and write down what.

With a ``config.json`` it connects as a notebook does. Without, it says nothing of amlflow: so it
runs as a job, where MLflow is pointed at the workspace already.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import mlflow

PAUSE = 0.25
# Every so many steps: a batch of metrics, one in the background, a file, a look at the run.
BATCH, QUEUED, FILE, LOOK = 4, 6, 20, 12


def main(seconds: float, report: Path, config: str | None) -> None:
    logged = Logged(connected(config) if config else None)
    with mlflow.start_run() as run:
        end = time.monotonic() + seconds
        half = end - seconds / 2
        while time.monotonic() < end:
            logged.one_step(run.info.run_id)
            if half and time.monotonic() > half:
                half = 0.0
                print("half", flush=True)
            time.sleep(PAUSE)
        mlflow.flush_async_logging()
    document = {"run_id": run.info.run_id, "points": logged.points, "files": logged.files}
    report.write_text(json.dumps(document))


def connected(config: str) -> Any:
    """Connect; return azureml-core's workspace, which shares the sign-in."""
    import amlflow

    amlflow.connect(config, experiment="long-session")
    return amlflow.workspace()


class Logged:
    """What was logged so far."""

    def __init__(self, workspace: Any) -> None:
        self.workspace = workspace
        self.step = 0
        self.points: dict[str, list[list[float]]] = {"loss": [], "a": [], "b": [], "queued": []}
        self.files: list[str] = []

    def one_step(self, run_id: str) -> None:
        """Log something of each kind, as training does."""
        step, value = self.step, 1 / (self.step + 1)
        mlflow.log_metric("loss", value, step=step)
        self.points["loss"].append([step, value])
        if step % BATCH == 0:
            mlflow.log_metrics({"a": value, "b": -value}, step=step)
            self.points["a"].append([step, value])
            self.points["b"].append([step, -value])
        if step % QUEUED == 0:
            mlflow.log_metric("queued", value, step=step, synchronous=False)
            self.points["queued"].append([step, value])
        if step % FILE == 0:
            mlflow.log_text(str(step), f"notes/{step}.txt")
            self.files.append(f"{step}.txt")
        if step % LOOK == 0:
            mlflow.set_tag("reached", str(step))
            assert mlflow.get_run(run_id).data.tags["reached"] == str(step)
            if self.workspace is not None:
                assert self.workspace.get_run(run_id).get_tags()["reached"] == str(step)
        self.step += 1


def read(report: Path) -> dict[str, Any]:
    """Return what the workspace holds of the run of a report, in the report's form."""
    client, document = mlflow.MlflowClient(), json.loads(report.read_text())
    run_id = document["run_id"]
    points = {
        name: [[point.step, point.value] for point in client.get_metric_history(run_id, name)]
        for name in document["points"]
    }
    files = [entry.path.rpartition("/")[2] for entry in client.list_artifacts(run_id, "notes")]
    return {"run_id": run_id, "points": points, "files": files}


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), next(iter(sys.argv[3:]), None))
