"""``amlflow …`` on the command line: parsing only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from amlflow_jupyter.errors import AmlflowError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except AmlflowError as error:
        print(f"amlflow: {error}", file=sys.stderr)  # noqa: T201 - the user's one line
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="amlflow", description="Track Jupyter cells as MLflow runs."
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="show what amlflow does, in a JupyterLab of its own")
    demo.add_argument("--no-browser", action="store_true", help="only print the address")
    demo.add_argument("--port", type=int, help="port of the JupyterLab (default: a free one)")
    demo.add_argument("--dir", type=Path, help="folder for the notebooks (default: a fresh one)")
    demo.add_argument(
        "--check",
        action="store_true",
        help="run the first notebook without a browser and print what was tracked",
    )
    demo.set_defaults(run=_demo)
    doctor = commands.add_parser(
        "doctor",
        help="say what keeps amlflow from working here, and what mends it",
        description="Say what keeps amlflow from working here, and what mends it. Nothing is "
        "changed. What is asked over the network takes 40 s at most. The status is 1 if "
        "something fails.",
    )
    doctor.add_argument(
        "target",
        nargs="?",
        help="what to examine besides this environment, as %%aml_connect takes it",
    )
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.set_defaults(run=_doctor)
    status = commands.add_parser("status", help="say what was logged and is not delivered yet")
    status.set_defaults(run=_status)
    sync = commands.add_parser("sync", help="deliver what processes logged that are gone")
    sync.add_argument("--timeout", type=float, default=60.0, help="seconds to try (default: 60)")
    sync.set_defaults(run=_sync)
    return parser


def _version() -> str:
    from amlflow_jupyter._version import __version__

    return f"amlflow {__version__}"


def _demo(given: argparse.Namespace) -> int:
    from amlflow_jupyter.demo import check, lab, notebooks

    folder = notebooks.copy_to(given.dir)
    if given.check:
        return check.run(folder)
    return lab.run(folder, given.port, browser=not given.no_browser)


def _doctor(given: argparse.Namespace) -> int:
    from amlflow_jupyter.doctor import terminal

    return terminal.run(given.target, as_json=given.json)


def _status(_: argparse.Namespace) -> int:
    from amlflow_jupyter.session import delivering

    lines = delivering.others()
    print("\n".join(lines or ["Everything is delivered."]))  # noqa: T201 - for the user
    return 0


def _sync(given: argparse.Namespace) -> int:
    from amlflow_jupyter.session import delivering

    lines = delivering.deliver_others(given.timeout)
    print("\n".join(lines or ["Nothing was left to deliver."]))  # noqa: T201 - for the user
    return 1 if delivering.left() else 0
