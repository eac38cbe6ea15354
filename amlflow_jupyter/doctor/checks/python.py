"""Python itself, and the environment that amlflow is installed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amlflow_jupyter._version import __version__
from amlflow_jupyter.doctor.finding import Finding, failure, ok, warning
from amlflow_jupyter.doctor.interpreter import Interpreter, this_interpreter
from amlflow_jupyter.doctor.packages import versions_of
from amlflow_jupyter.doctor.subject import Subject

# What amlflow is tested with: `requires-python` of the package says the same.
_OLDEST: Final = (3, 11)
_TOO_NEW: Final = (3, 14)
_DISTRIBUTION: Final = "amlflow-jupyter"


def check(subject: Subject) -> Iterator[Finding]:
    """Look at this Python, and at what is installed of amlflow."""
    yield version(subject, this_interpreter())
    yield from installation(subject)


def version(subject: Subject, python: Interpreter) -> Finding:
    """Judge whether Python is one that amlflow works with."""
    shown = ".".join(str(part) for part in python.version)
    if _OLDEST <= python.version[:2] < _TOO_NEW:
        return ok(f"Python {shown} in the {python.kind} {python.prefix}.")
    wanted = f"{_OLDEST[0]}.{_OLDEST[1]} to {_TOO_NEW[0]}.{_TOO_NEW[1] - 1}"
    if python.kind == "conda environment":
        remedy = subject.commands.shell("conda", "create", "--name", "amlflow", "python=3.12")
    else:
        remedy = subject.commands.shell("uv", "venv", "--python", "3.12", "--seed", "amlflow-venv")
    problem = f"Python is {shown}, but amlflow is made for {wanted}."
    return failure(problem, remedy) if python.version[:2] < _OLDEST else warning(problem, remedy)


def installation(subject: Subject, path: list[str] | None = None) -> Iterator[Finding]:
    """Judge whether one amlflow is installed, and whether it is the one that runs.

    Parameters
    ----------
    subject
        Says how commands are written.
    path
        Folders of packages; None takes those of this Python.
    """
    found = sorted(versions_of(_DISTRIBUTION, path))
    again = subject.commands.install(f"{_DISTRIBUTION}=={__version__}")
    if not found:
        yield warning(f"amlflow {__version__} runs from a folder and is not installed.", again)
    elif __version__ not in found:
        yield failure(
            f"amlflow {__version__} runs, but {found[0]} is installed: restart the kernel, "
            "or install the one that is wanted.",
            again,
        )
    elif len(set(found)) > 1:
        yield warning(
            f"Several amlflow are installed here ({', '.join(found)}), and {__version__} runs.",
            again,
        )
    else:
        yield ok(f"amlflow {__version__} is installed.")
