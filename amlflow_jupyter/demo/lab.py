"""A JupyterLab for the demo: on loopback, with a token, with settings of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from amlflow_jupyter.demo.notebooks import FIRST

# The sidebar is open, the first screen is the notebook, and nothing asks about news.
_OVERRIDES: Final = {
    "amlflow:plugin": {"openOnStart": True},
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


def run(folder: Path, port: int | None, browser: bool) -> int:
    """Serve ``folder`` in JupyterLab until it is stopped; return its exit status.

    Parameters
    ----------
    folder
        Holds the notebooks.
    port
        Port to listen on; None takes a free one.
    browser
        Whether to open a browser; the address is printed in any case.
    """
    token = secrets.token_hex(16)
    port = port or _free_port()
    print(f"The demo notebooks are in {folder}")  # noqa: T201 - for the user
    print(  # noqa: T201 - for the user
        f"JupyterLab: http://127.0.0.1:{port}/lab/tree/{FIRST}?token={token}\nStop it with Ctrl-C.",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="amlflow-lab-") as state:
        lab = subprocess.Popen(
            _command(folder, port, token, browser), env=_environment(folder, Path(state))
        )
        return _wait(lab)


def _command(folder: Path, port: int, token: str, browser: bool) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", f"--port={port}", "--ServerApp.port_retries=0"),
        *("--ip=127.0.0.1", f"--IdentityProvider.token={token}", "--log-level=ERROR"),
        *(f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{FIRST}"),
        *("--LabApp.extension_manager=readonly", *([] if browser else ["--no-browser"])),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def _environment(folder: Path, state: Path) -> dict[str, str]:
    """Keep the demo's settings, profiles and layout apart from the user's own.

    What amlflow keeps for the user lies beside the notebooks and stays; the layout does not.
    """
    settings = state / "settings"
    for plugin, values in _OVERRIDES.items():
        package, name = plugin.rsplit(":", 1)
        file = settings / package / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    own = {
        "AMLFLOW_HOME": str(folder / ".amlflow"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "workspaces"),
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
    return inherited | own


def _wait(lab: subprocess.Popen[bytes]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended politely: so is JupyterLab
    try:
        return lab.wait()
    except KeyboardInterrupt:
        lab.terminate()
        lab.wait()
        return 0
    finally:
        if lab.poll() is None:
            lab.kill()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
