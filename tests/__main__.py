"""``python3 tests``: install amlflow with what its tests need, and run them all.

Arguments go to pytest; paths among them choose what is run. The browser's tests run in a process
of their own, because Playwright and the server's tests each want the event loop.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSER = ROOT / "tests" / "browser"
NO_TESTS = 5  # pytest's status where a filter left nothing
# The whole waits for kernels and servers more than it computes.
# The tests of a file share what it started.
SIDE_BY_SIDE = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile"]
USERS_OWN = ("MLFLOW_", "AMLFLOW_HOME", "AZURE_", "AZUREML_", "ARM_", "MSI_", "IDENTITY_")

sys.path.insert(0, str(ROOT / "demo_notebooks"))
import own_venv  # noqa: E402


def main(arguments):
    python = own_venv.python_with("test")
    paths = [word for word in arguments if Path(word.split("::")[0]).exists()]
    options = [word for word in arguments if word not in paths]
    in_browser = [path for path in paths if BROWSER in _with_parents(path)]
    elsewhere = [path for path in paths if path not in in_browser]
    statuses = []
    if elsewhere or not paths:
        chosen = elsewhere or ["tests", "--ignore=tests/browser", *SIDE_BY_SIDE]
        statuses.append(_pytest(python, chosen + options))
    if in_browser or not paths:
        chromium = own_venv.run([python, BROWSER / "chromium.py"])
        statuses.append(chromium or _pytest(python, (in_browser or ["tests/browser"]) + options))
    return _worst(statuses)


def _with_parents(path):
    path = Path(path.split("::")[0]).resolve()
    return [path, *path.parents]


def _pytest(python, arguments):
    return own_venv.run([python, "-m", "pytest", *arguments], cwd=str(ROOT), env=_environment())


def _environment():
    """The user's own settings and sign-ins must neither be changed by the tests nor change them."""
    return {name: value for name, value in os.environ.items() if not name.startswith(USERS_OWN)}


def _worst(statuses):
    """A filter that leaves one of the two without tests is no failure; without any, it is."""
    failures = [status for status in statuses if status not in (0, NO_TESTS)]
    if failures:
        return failures[0]
    return 0 if 0 in statuses else NO_TESTS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
