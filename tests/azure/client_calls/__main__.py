"""``python -m client_calls REPORT [--connect HOW] MODULE…``: run these modules' calls, here."""

from __future__ import annotations

import argparse
import importlib
import logging
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from client_calls import CALLS, Call, Outcome, Report, Workplace
from client_calls.connecting import WAYS
from client_calls.report import described, missing_endpoints


def main() -> None:
    options = _parser().parse_args()
    for module in options.modules:
        importlib.import_module(f"client_calls.{module}")
    open_workspace = WAYS[options.connect](options.target)
    report = Report({})
    for module in options.modules:
        _set_experiment(module)
        for call in [call for call in CALLS.values() if call.module == module]:
            if options.only in call.name:
                report.outcomes[call.name] = _outcome(call, open_workspace)
                report.write(options.report)  # after each: what kills the process is seen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="client_calls", description=__doc__)
    parser.add_argument("report", type=Path, help="the file that outcomes are written to")
    parser.add_argument("modules", nargs="+", help="modules of this package")
    parser.add_argument("--connect", choices=sorted(WAYS), default="sdk", help="how to connect")
    parser.add_argument("--target", default="config.json", help="what to connect to")
    parser.add_argument("--only", default="", help="a part of the names of the calls to run")
    return parser


def _set_experiment(module: str) -> None:
    import mlflow

    mlflow.set_experiment(f"client-calls-{module}")


def _outcome(call: Call, open_workspace: Callable[[], Any]) -> Outcome:
    begun = time.perf_counter()
    error = None
    with _heard() as heard, tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, _left_clean():
        try:
            call.act(Workplace(Path(folder), open_workspace))
        except Exception as raised:
            error = described(raised)
            heard.append("".join(traceback.format_exception(raised)))
    missing = set().union(*map(missing_endpoints, heard)) if heard else set()
    seconds = round(time.perf_counter() - begun, 2)
    print(f"{seconds:6.2f} s  {'ok    ' if error is None else 'FAILED'}  {call.name}", flush=True)
    if error is not None:
        print(heard[-1], flush=True)
    return Outcome(error, tuple(sorted(missing)), seconds)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Collect what is logged: autologging and tracing only warn of what they lose."""
    texts: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            error = record.exc_info[1] if record.exc_info else None
            trace = "".join(traceback.format_exception(error)) if error else ""
            texts.append(f"{_message(record)}\n{trace}")

    listener = Listener()
    loggers = [logging.getLogger(), logging.getLogger("mlflow")]
    for logger in loggers:
        logger.addHandler(listener)
    try:
        yield texts
    finally:
        for logger in loggers:
            logger.removeHandler(listener)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except TypeError:  # azureml-core has messages whose arguments do not fit
        return str(record.msg)


@contextmanager
def _left_clean() -> Iterator[None]:
    """Leave neither an active run nor autologging to the next call."""
    import mlflow

    try:
        yield
    finally:
        while mlflow.active_run():
            mlflow.end_run()


if __name__ == "__main__":
    main()
