"""The environment of a checkout: made, filled and reused with the standard library alone.

Both commands of the README begin here. It runs on whatever Python is called ``python3``, old ones
included, so that it can say what is missing.
"""

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
STAMP = HOME / "amlflow-installed.json"
OLDEST, NEWEST = (3, 11), (3, 13)
# Whether an installation is still good depends on these alone: the package itself is linked.
SOURCES = ("pyproject.toml", "labextension")


def python_with(extra):
    """Return the interpreter of the checkout's environment, with the package and ``extra`` in it.

    Parameters
    ----------
    extra : str
        One of the optional dependencies in pyproject.toml.

    Returns
    -------
    Path
        The interpreter.
    """
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            "amlflow needs Python {}.{} to {}.{}; this is {}.{}.".format(
                *OLDEST, *NEWEST, *sys.version_info[:2]
            )
        )
    wanted = _fingerprint()
    installed = _installed()
    if installed.get("sources") != wanted or extra not in installed.get("extras", []):
        _make()
        extras = sorted({extra, *installed.get("extras", [])})
        _install(extras)
        STAMP.write_text(json.dumps({"sources": wanted, "extras": extras}))
    return _python()


def run(command, **options):
    """Run a command to its end, Ctrl-C included; return its exit status."""
    with subprocess.Popen([str(word) for word in command], **options) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the command got it too, and ends as it sees fit


def _python():
    return HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _installed():
    """Read what an earlier call installed; an environment that does not run counts for nothing."""
    try:
        subprocess.run([str(_python()), "-c", ""], check=True, capture_output=True)
        return json.loads(STAMP.read_text())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}


def _fingerprint():
    digest = hashlib.sha256()
    for name in SOURCES:
        for path in sorted(_files(ROOT / name)):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(path):
    if path.is_file():
        return [path]
    skipped = {"node_modules", "lib"}
    return [
        file
        for file in path.rglob("*")
        if file.is_file() and not skipped.intersection(file.relative_to(path).parts)
    ]


def _make():
    print("Preparing {} …".format(HOME), flush=True)
    try:
        venv.create(HOME, with_pip=True, clear=not _python().exists())
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(
            "This Python cannot make a virtual environment ({}): install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv), and try again.".format(error)
        )


def _install(extras):
    print("Installing amlflow into it: one to three minutes the first time …", flush=True)
    target = "{}[{}]".format(ROOT, ",".join(extras))
    command = [_python(), "-m", "pip", "install", "--quiet", "--editable", target]
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    status = run(command, env=environment)
    if status:
        sys.exit("The installation failed (pip ended with {}): see above.".format(status))
