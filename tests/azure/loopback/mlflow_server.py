"""The real MLflow server that keeps experiments, runs and registered models."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from loopback.processes import Server


def mlflow_server(folder: Path, port: int) -> Server:
    """Start ``mlflow server`` on SQLite in a folder; it needs some seconds until it answers."""
    command = [sys.executable, "-m", "mlflow", "server", "--workers=1", "--host=127.0.0.1"]
    command += [f"--port={port}", f"--backend-store-uri=sqlite:///{folder}/mlflow.db"]
    # The server has workspaces too, so that those here do not see each other.
    # The root is never read: the emulator gives every run the artifact address that Azure gives it.
    command += [
        "--enable-workspaces",
        "--no-serve-artifacts",
        "--default-artifact-root=azureml://loopback",
    ]
    env = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        env.pop(name, None)
    env |= {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    return Server(command, f"http://127.0.0.1:{port}/health", folder / "mlflow.log", env)
