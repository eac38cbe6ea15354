"""``python stopwatch.py CELL…``: run cells in an IPython shell and print what their time went to.

The answer is JSON: seconds by name, where ``total`` is all and the other names are the imports of
large packages and the requests by what is asked, each without what it contains of the others.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any

LARGE = ("azure.identity", "azureml.core", "azureml.mlflow", "mlflow", "msal")
SERVICES = {
    "login.microsoftonline.com": "requests to sign in",
    "management.azure.com": "requests to Resource Manager",
    "/discovery": "requests to discovery",
    "/mlflow/experiments": "requests for the experiment",
}

spent: dict[str, float] = {}
_inner: list[float] = []
_import = builtins.__import__


def timed(name: str, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Note how long ``act`` takes, without what is noted within it."""
    begun = time.perf_counter()
    _inner.append(0.0)
    try:
        return act(*args, **kwargs)
    finally:
        took = time.perf_counter() - begun
        spent[name] = spent.get(name, 0.0) + took - _inner.pop()
        if _inner:
            _inner[-1] += took


def watched_import(
    name: str,
    globals: Any = None,  # noqa: A002 - the names of the function it stands in for
    locals: Any = None,  # noqa: A002
    fromlist: Any = (),
    level: int = 0,
) -> Any:
    """Import, and note how long a large package takes."""
    act = (_import, name, globals, locals, fromlist, level)
    large = next((each for each in LARGE if f"{name}.".startswith(f"{each}.")), None)
    known = large is None or level or name in sys.modules
    module = act[0](*act[1:]) if known else timed(f"import {large}", *act)
    if "requests.sessions" in sys.modules:
        watch_requests()
    return module


def watch_requests() -> None:
    """Note how long each request takes, from the first on."""
    session = sys.modules["requests.sessions"].__dict__.get("Session")
    if session is None or hasattr(session.send, "unwatched"):
        return
    send = session.send

    def watched(self: Any, request: Any, **options: Any) -> Any:
        return timed(kind(request.url), send, self, request, **options)

    watched.unwatched = send
    session.send = watched


def kind(url: str) -> str:
    """Return what a request is for."""
    return next((name for sign, name in SERVICES.items() if sign in url), "other requests")


def main() -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    builtins.__import__ = watched_import
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        begun = time.perf_counter()
        for cell in sys.argv[1:]:
            shell.run_cell(cell).raise_error()
        spent["total"] = time.perf_counter() - begun
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
