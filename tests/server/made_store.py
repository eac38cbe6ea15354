"""A store of runs, made by MLflow itself."""

import mlflow
from mlflow.entities import Metric

HOSTILE = "<img src=x onerror=alert(1)> '; DROP TABLE runs; -- \u202e"
NOON = 1_760_000_000_000
DAY = 86_400_000


class Store:
    """A SQLite store and the runs in it."""

    def __init__(self, folder):
        self.path = folder / "mlflow.db"
        self.uri = f"sqlite:///{self.path}"
        self.client = mlflow.MlflowClient(self.uri, registry_uri=self.uri)
        self.experiment = self.client.create_experiment(
            "training", artifact_location=(folder / "artifacts").as_uri()
        )
        self.parent = self._run(0, "parent", {"team": "Blue"})
        self.child = self._run(1, "child", {"mlflow.parentRunId": self.parent})
        self.failed = self._run(2, HOSTILE, {HOSTILE: HOSTILE}, status="FAILED")
        self.deleted = self._run(3, "deleted")
        self.client.delete_run(self.deleted)
        self.running = self._run(4, "running", status=None)
        self._fill()

    def _run(self, day, name, tags=None, status="FINISHED"):
        base = {
            "mlflow.user": "ann",
            "mlflow.source.name": "/home/ann/secret-project/train.ipynb",
            "mlflow.note.content": f"about {name}",
        }
        started = NOON + day * DAY
        run = self.client.create_run(self.experiment, started, base | (tags or {}), name)
        if status:
            self.client.set_terminated(run.info.run_id, status, started + 2500)
        return run.info.run_id

    def _fill(self):
        metrics = [
            Metric("accuracy", 0.5, NOON, 0),
            Metric("accuracy", 0.123456789, NOON, 7),
            Metric("diverged", float("nan"), NOON, 0),
            Metric("grew", float("inf"), NOON, 0),
            Metric("sank", float("-inf"), NOON, 0),
            Metric("system/cpu", 12.0, NOON, 0),
        ]
        self.client.log_batch(self.parent, metrics)
        self.client.log_param(self.parent, "optimizer", "AdamW")
        self.client.log_text(self.parent, "print()", "amlflow/cell.py")
        self.client.log_text(self.parent, "x" * 10, "figures/figure-01.svg")
        self.client.log_text(self.parent, "hello", "a note.txt")
