"""How findings and commands are written: hostile names, narrow terminals, other shells."""

from __future__ import annotations

import io

from amlflow_jupyter.doctor import Finding, Level, Report, rendering
from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.terminal import _write

BAD = "<img src=x onerror=alert(1)>\x1b[2J\nnext"


def report(*findings: Finding) -> Report:
    return Report(BAD, findings)


def test_names_can_do_nothing():
    finding = Finding(Level.WARNING, BAD, f"mend {BAD}", BAD)
    shown = rendering.bundle(report(finding), {})
    assert "<img" not in shown["text/html"]
    assert "\x1b" not in shown["text/html"] + shown["text/plain"]
    assert len(shown["text/plain"].splitlines()) == 4


def test_a_command_is_never_broken():
    long = "pip install " + " ".join(f'"package-{n}>=1"' for n in range(30))
    finding = Finding(Level.FAILURE, "word " * 60, long, "packages")
    written = rendering.lines("Packages", [finding], width=60)
    assert written[0].startswith("FAILURE  Packages: word")
    assert all(len(line) <= 60 for line in written[:-1])
    assert written[-1] == f"         > {long}"


def test_the_text_ends_with_the_summary():
    text = rendering.text(report(Finding(Level.OK, "Fine.", None, "python")), {"python": "Python"})
    assert text.splitlines()[1:] == ["ok       Python: Fine.", "No failures, no warnings"]


def test_what_is_waited_for_stands_instead_of_the_summary():
    shown = rendering.bundle(report(), {}, "Checking: Hosts …")
    assert shown["text/plain"].splitlines()[-1] == "Checking: Hosts …"
    assert "No failures" not in shown["text/html"]


def test_a_terminal_that_knows_few_letters():
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    _write(out, "Zürich …")
    assert raw.getvalue() == b"Z?rich ?\n"


def test_commands_in_a_notebook():
    commands = Commands(in_notebook=True, python="/env/bin/python", on_windows=False, has_pip=True)
    assert commands.install("a>=1", "b") == '%pip install "a>=1" "b"'
    assert commands.remove("a") == "%pip uninstall --yes a"
    assert commands.shell("chmod", "700", "/a b") == "!chmod 700 '/a b'"
    assert commands.set_variable("TZ", "UTC") == "%env TZ=UTC"
    assert commands.unset_variables("A", "B") == (
        "import os; os.environ.pop('A', None); os.environ.pop('B', None)"
    )


def test_commands_in_an_environment_without_pip():
    commands = Commands(python="/env/bin/python", on_windows=False, has_pip=False)
    assert commands.install("a>=1") == 'uv pip install --python /env/bin/python "a>=1"'
    assert commands.remove("a") == "uv pip uninstall --python /env/bin/python a"


def test_commands_on_windows():
    python = r"C:\Program Files\Python\python.exe"
    commands = Commands(python=python, on_windows=True, has_pip=True)
    assert commands.module("pip", "check") == f'"{python}" -m pip check'
    assert commands.set_variable("TZ", "UTC") == 'set "TZ=UTC"'
    assert commands.unset_variables("A", "B") == "set A= & set B="
    assert commands.remove_file("x.json") == "move x.json x.json.broken"
