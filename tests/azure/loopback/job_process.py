"""The process of a job: its folder, command and environment, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

from loopback import experiment_ids, run_tokens
from loopback.calls import Call
from loopback.errors import AzureError
from loopback.processes import LIFELINE
from loopback.state import Document

LOG = "std_log.txt"
# Seconds between asking a process to end and killing it.
PATIENCE = 5.0
# What a job takes over of the emulator's own environment: how to run, and how to come back here.
_KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
)


class JobProcess:
    """A script that runs in a folder of its own, as a job of Azure's does.

    It runs with this Python, unless its environment manages itself and names another.

    Parameters
    ----------
    call
        The request that submitted it: the workspace and who asks.
    run
        The job's run id.
    configuration
        The run configuration that was sent: script, arguments, environment.
    """

    def __init__(self, call: Call, run: str, configuration: Document) -> None:
        self._call = call
        self._run = run
        self._configuration = configuration
        self.folder = call.emulator.folder / "jobs" / run
        self.wd = self.folder / "wd"
        self.log = self.folder / LOG

    def unpack(self, path: str, content: bytes) -> None:
        """Write one file of the snapshot."""
        target = (self.wd / path).resolve()
        if not target.is_relative_to(self.wd.resolve()):
            raise AzureError(400, "UserError", f"{path} lies outside of the snapshot's folder.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    async def start(self, experiment: Document) -> asyncio.subprocess.Process:
        """Start it; its output goes to the log."""
        for name in ("wd/outputs", "wd/logs", "home", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        env = self._environment(experiment)
        with self.log.open("wb") as output:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                str(LIFELINE),
                *self._command(),
                cwd=self.wd,
                env=env,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )

    def written(self) -> list[tuple[str, Path]]:
        """Return what it wrote to ``outputs`` and ``logs``: the artifact's path and the file."""
        return [
            (path.relative_to(self.wd).as_posix(), path)
            for name in ("outputs", "logs")
            for path in sorted((self.wd / name).rglob("*"))
            if path.is_file()
        ]

    def _command(self) -> list[str]:
        command = self._configuration.get("command")
        if command:
            return ["/bin/bash", "-c", command]
        arguments = self._configuration.get("arguments") or []
        if isinstance(arguments, str):
            arguments = shlex.split(arguments)
        return [self._python(), self._configuration["script"], *map(str, arguments)]

    def _python(self) -> str:
        """Return the Python that a self-managed environment names, else this one."""
        python = (self._configuration.get("environment") or {}).get("python") or {}
        named = str(python.get("interpreterPath") or "")
        if python.get("userManagedDependencies") and Path(named).is_absolute():
            return named
        return sys.executable

    def _environment(self, experiment: Document) -> dict[str, str]:
        given = self._call.emulator.child_env
        base = {name: given[name] for name in _KEPT if name in given}
        python = str(Path(self._python()).parent)
        return {
            **base,
            "PATH": f"{python}{os.pathsep}{base.get('PATH', os.defpath)}",
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONUNBUFFERED": "1",
            **self._asked(),
            **self._of_azure(experiment),
        }

    def _asked(self) -> dict[str, str]:
        environment = self._configuration.get("environment") or {}
        asked: dict[str, Any] = {
            **(environment.get("environmentVariables") or {}),
            **(self._configuration.get("environmentVariables") or {}),
        }
        return {name: str(value) for name, value in asked.items()}

    def _of_azure(self, experiment: Document) -> dict[str, str]:
        workspace = self._call.workspace
        token, end = run_tokens.issue(self._call, self._run)
        guid = experiment_ids.to_azure(workspace, experiment["experiment_id"])
        api, name = f"https://{workspace.api}", experiment["name"]
        return {
            "AZUREML_RUN_ID": self._run,
            "AZUREML_ROOT_RUN_ID": self._run,
            "AZUREML_RUN_TOKEN": token,
            "AZUREML_RUN_TOKEN_EXPIRY": str(end),
            "AZUREML_ARM_SUBSCRIPTION": workspace.subscription,
            "AZUREML_ARM_RESOURCEGROUP": workspace.group,
            "AZUREML_ARM_WORKSPACE_NAME": workspace.name,
            "AZUREML_ARM_PROJECT_NAME": name,
            "AZUREML_WORKSPACE_ID": workspace.id,
            "AZUREML_WORKSPACE_SCOPE": workspace.arm_id,
            "AZUREML_EXPERIMENT_ID": guid,
            "AZUREML_EXPERIMENT_SCOPE": f"{workspace.arm_id}/experiments/{name}",
            "AZUREML_SERVICE_ENDPOINT": api,
            "AZUREML_RUN_HISTORY_SERVICE_ENDPOINT": api,
            "AZUREML_DISCOVERY_SERVICE_ENDPOINT": f"{api}/discovery",
            "MLFLOW_TRACKING_URI": workspace.tracking_uri,
            "MLFLOW_TRACKING_TOKEN": token,
            "MLFLOW_RUN_ID": self._run,
            "MLFLOW_EXPERIMENT_ID": guid,
            "MLFLOW_EXPERIMENT_NAME": name,
        }


def kill(pid: int, sent: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a job's process and its children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, sent)


async def ended(process: asyncio.subprocess.Process) -> None:
    """End a job's process: ask first, kill when it does not."""
    kill(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        kill(process.pid)
        await process.wait()
