"""A real kernel to run cells in, one after the other, and the store that it tracks to."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from mlflow import MlflowClient
from mlflow.entities import Run

TIMEOUT = 120


@dataclass
class Ran:
    """What came of one cell."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)
    _clear: bool = False

    def apply(self, kind: str, content: dict[str, Any]) -> None:
        """Take one message in, as a front end's output area does."""
        if kind == "clear_output":
            self._clear = True
        elif kind == "update_display_data":
            self._update(content)
        elif kind in ("stream", "display_data", "execute_result", "error"):
            self._clear_if_asked()
            self.outputs.append({"type": kind, **content})
        if kind == "clear_output" and not content["wait"]:
            self._clear_if_asked()

    @property
    def ok(self) -> bool:
        return self.reply["status"] == "ok"

    @property
    def stdout(self) -> str:
        return self._stream("stdout")

    @property
    def stderr(self) -> str:
        return self._stream("stderr")

    @property
    def error(self) -> str:
        """The tracebacks that were shown, without colours."""
        return "\n".join(
            plain("\n".join(output["traceback"]))
            for output in self.outputs
            if output["type"] == "error"
        )

    @property
    def tracebacks(self) -> int:
        return sum(output["type"] == "error" for output in self.outputs)

    def text(self) -> str:
        """Everything that a reader would see as text."""
        shown = [
            output["data"].get("text/plain", "") for output in self.outputs if "data" in output
        ]
        return "\n".join([self.stdout, self.stderr, self.error, *shown])

    def _clear_if_asked(self) -> None:
        if self._clear:
            self.outputs.clear()
        self._clear = False

    def _update(self, content: dict[str, Any]) -> None:
        display_id = content["transient"]["display_id"]
        for output in self.outputs:
            if output.get("transient", {}).get("display_id") == display_id:
                output["data"], output["metadata"] = content["data"], content["metadata"]

    def _stream(self, name: str) -> str:
        return "".join(
            o["text"] for o in self.outputs if o["type"] == "stream" and o["name"] == name
        )


class Kernel:
    """One kernel in a folder of its own."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.manager = KernelManager(kernel_name="python3")
        # ipykernel does not watch file descriptors where it sees pytest.
        inherited = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
        self.manager.start_kernel(cwd=str(folder), env={**inherited, **env})
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)

    def run(self, source: str, *, cell_id: str | None = None, answer: str | None = None) -> Ran:
        """Run a cell; ``answer`` is typed when it asks for input."""
        message = self.send(source, cell_id=cell_id)
        return self.wait(message, answer)

    def send(self, source: str, *, cell_id: str | None = None) -> str:
        """Begin to run a cell as a front end does; return the message's id."""
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": True}
        content |= {"user_expressions": {}, "stop_on_error": True}
        metadata = {"cellId": cell_id} if cell_id else {}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def wait(self, message_id: str, answer: str | None = None) -> Ran:
        """Wait for a cell's end."""
        ran = Ran()
        if answer is not None:
            self.client.get_stdin_msg(timeout=TIMEOUT)
            self.client.input(answer)
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            ran.apply(kind, content)
        ran.reply = self._reply(message_id)
        return ran

    def store(self) -> MlflowClient:
        """A client of the store in the kernel's folder."""
        return MlflowClient(f"sqlite:///{self.folder}/mlflow.db")

    def runs(self) -> list[Run]:
        """All runs, the newest first."""
        client = self.store()
        experiments = [experiment.experiment_id for experiment in client.search_experiments()]
        return list(client.search_runs(experiments, order_by=["attributes.start_time DESC"]))

    def only(self, name: str) -> Run:
        """The one run of that name."""
        (run,) = [run for run in self.runs() if run.info.run_name == name]
        return run

    def artifacts(self, run: Run, path: str | None = None) -> set[str]:
        """The paths of a run's files."""
        found: set[str] = set()
        for entry in self.store().list_artifacts(run.info.run_id, path):
            found |= self.artifacts(run, entry.path) if entry.is_dir else {entry.path}
        return found

    def artifact(self, run: Run, path: str) -> str:
        """The text of one of a run's files."""
        return Path(self.store().download_artifacts(run.info.run_id, path)).read_text()

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def _reply(self, message_id: str) -> dict[str, Any]:
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message_id:
                return dict(reply["content"])


@contextmanager
def kernel(folder: Path, **env: str) -> Iterator[Kernel]:
    """A kernel for as long as the block runs."""
    started = Kernel(folder, {"AMLFLOW_HOME": str(folder / ".home"), **env})
    try:
        yield started
    finally:
        started.stop()


def plain(text: str) -> str:
    """Text without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def wait_for(path: Path, seconds: float = 60) -> None:
    """Wait until a cell has made a file."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        time.sleep(0.05)
    path.unlink()
