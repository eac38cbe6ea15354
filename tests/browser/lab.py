"""A JupyterLab of the test's own, and the notebook in it as its user sees it."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

_NUMBER = re.compile(r"^\[\d+\]:$")
PATIENCE = 90_000  # milliseconds: importing MLflow on a busy machine takes its time
_SETTINGS = {
    "amlflow/plugin": {"openOnStart": True, "refreshInterval": 1},
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


class Lab:
    """A running JupyterLab.

    Parameters
    ----------
    root
        Where all that belongs to it lies.
    env
        The environment that it runs in, besides its own folders; this process's by default.

    Attributes
    ----------
    folder
        What it serves.
    """

    def __init__(self, root: Path, env: Mapping[str, str] | None = None) -> None:
        self.folder = root / "work"
        self.folder.mkdir()
        self.token = secrets.token_hex(16)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = root / "lab.log"
        self._env = _environment(root, os.environ if env is None else env)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += ["--ip=127.0.0.1", f"--port={self.port}", "--ServerApp.port_retries=0"]
        command += [f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.folder}"]
        command += ["--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._env, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.2)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def notebook(self, name: str, cells: list[str]) -> None:
        """Write a notebook with these cells."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, self.folder / name)

    def address(self, path: str = "") -> str:
        """The address of a file, in a window without the layout of an earlier one."""
        return f"{self.url}/lab/{f'tree/{path}' if path else ''}?token={self.token}&reset"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api?token={self.token}", timeout=2):
                return True
        except OSError:
            return False


class Notebook:
    """A notebook that is open in a page."""

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        self.page = page
        self.name = name
        page.goto(lab.address(name))
        self.node = page.locator(".jp-NotebookPanel:visible")
        expect(self.node).to_be_visible(timeout=PATIENCE)
        self._until_connected()

    def run(self, index: int) -> Locator:
        """Begin to run a cell; return its outputs."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        return self.outputs(index)

    def run_to_end(self, index: int) -> Locator:
        """Run a cell, and wait until it has ended."""
        outputs = self.run(index)
        expect(self.prompt(index)).to_have_text(_NUMBER, timeout=PATIENCE)
        return outputs

    def cell(self, index: int) -> Locator:
        return self.node.locator(".jp-CodeCell").nth(index)

    def outputs(self, index: int) -> Locator:
        return self.cell(index).locator(".jp-Cell-outputArea")

    def prompt(self, index: int) -> Locator:
        return self.cell(index).locator(".jp-InputArea-prompt")

    def command(self, command: str, **arguments: Any) -> None:
        """Run one of JupyterLab's commands."""
        call = f"window.jupyterapp.commands.execute({json.dumps(command)}, {json.dumps(arguments)})"
        self.page.evaluate(f"async () => {{ await {call}; }}")

    def save(self) -> None:
        self.command("docmanager:save")

    def shut_down_kernel(self) -> None:
        self.page.evaluate(
            "async () => { const c = window.jupyterapp.shell.currentWidget.context;"
            " await c.sessionContext.shutdown(); }"
        )

    def _until_connected(self) -> None:
        """Shift+Enter before the kernel is connected silently runs nothing."""
        self.page.wait_for_function(
            "() => { const s = window.jupyterapp?.shell.currentWidget?.context?.sessionContext;"
            " return s?.isReady && s.session?.kernel?.connectionStatus === 'connected'; }",
            timeout=PATIENCE,
        )


def set_theme(page: Page, theme: str) -> None:
    """Switch JupyterLab to ``light`` or ``dark``, and wait until it shows."""
    name = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[theme]
    page.evaluate(
        f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{name}'}})"
    )
    light = str(theme == "light").lower()
    expect(page.locator(f"body[data-jp-theme-light={light}]")).to_be_attached(timeout=PATIENCE)
    # JupyterLab trips over its own splash screen when the theme is changed again too early.
    expect(page.locator("#jupyterlab-splash")).to_have_count(0, timeout=PATIENCE)


@contextmanager
def jupyterlab(root: Path, env: Mapping[str, str] | None = None) -> Iterator[Lab]:
    lab = Lab(root, env)
    lab.start()
    try:
        yield lab
    finally:
        lab.stop()


def _environment(root: Path, env: Mapping[str, str]) -> dict[str, str]:
    for name, values in _SETTINGS.items():
        file = root / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values))
    own = {
        "AMLFLOW_HOME": "amlflow",
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    return {**env, **{name: str(root / folder) for name, folder in own.items()}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
