"""Start a loopback workspace by hand and print the environment that leads clients to it."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import tempfile
from pathlib import Path

if not __package__:  # run by its path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import contextlib

from loopback import Loopback


def main() -> None:
    """Parse, start, print, and wait for Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="loopback", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where its state lies (default: a new one)")
    parser.add_argument("--limits", action="store_true", help="hold Azure's documented limits")
    parser.add_argument("--token-lifetime", type=float, help="seconds that a token lives")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="loopback-"))
    with Loopback(folder) as loopback:
        loopback.control.limits = given.limits
        if given.token_lifetime:
            loopback.control.token_lifetime = given.token_lifetime
        env = loopback.env(folder / "home") | loopback.service_principal_env()
        for name, value in env.items():
            if os.environ.get(name) != value:
                print(f"export {name}={shlex.quote(value)}")
        loopback.write_config(folder)
        print(f"# {folder / 'config.json'} names the workspace. Ctrl-C ends it.", flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
