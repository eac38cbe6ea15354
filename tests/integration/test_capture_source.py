"""A kernel finds its notebook, also after it was renamed in the browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from jupyter_client.blocking.client import BlockingKernelClient
from servers import free_port

TOKEN = "a-token-of-this-test"
FIND = "from amlflow_jupyter.capture import find; print(find(get_ipython()).path)"


class Server:
    """A real Jupyter server."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.runtime = folder / "runtime"
        self.folder = folder / "notebooks"
        self.folder.mkdir()
        command = [sys.executable, "-m", "jupyter_server", "--ServerApp.ip=127.0.0.1"]
        command += ["--allow-root", f"--port={self.url.rpartition(':')[2]}", "--port-retries=0"]
        command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={self.folder}"]
        env = {**os.environ, "JUPYTER_RUNTIME_DIR": str(self.runtime)}
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        self._wait(folder / "log")

    def call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"token {TOKEN}"}
        answer = requests.request(
            method, f"{self.url}/api/{path}", json=body, headers=headers, timeout=60
        )
        answer.raise_for_status()
        return dict(answer.json())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                requests.get(f"{self.url}/api", timeout=5).raise_for_status()
            except requests.RequestException:
                assert self.process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            else:
                return


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.stop()


def ask(connection_file: Path) -> str:
    """Run a cell in the kernel, and return what it prints."""
    client = BlockingKernelClient(connection_file=str(connection_file))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    printed: list[str] = []

    def keep(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    reply = client.execute_interactive(FIND, timeout=60, output_hook=keep)
    client.stop_channels()
    assert reply["content"]["status"] == "ok", reply
    return "".join(printed).strip()


def test_a_notebook_is_found_after_it_was_renamed(server: Server) -> None:
    first = server.folder / "first.ipynb"
    first.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    session = server.call(
        "POST",
        "sessions",
        {
            "path": "first.ipynb",
            "name": "first.ipynb",
            "type": "notebook",
            "kernel": {"name": "python3"},
        },
    )
    connection = server.runtime / f"kernel-{session['kernel']['id']}.json"
    assert ask(connection) == str(first)

    server.call("PATCH", "contents/first.ipynb", {"path": "second.ipynb"})
    server.call("PATCH", f"sessions/{session['id']}", {"path": "second.ipynb"})
    assert ask(connection) == str(server.folder / "second.ipynb")

    server.call("PATCH", "contents/second.ipynb", {"path": "third.ipynb"})
    server.call("PATCH", f"sessions/{session['id']}", {"path": "third.ipynb"})
    assert ask(connection) == str(server.folder / "third.ipynb")
