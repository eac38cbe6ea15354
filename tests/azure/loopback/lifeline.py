"""Run a command that ends when whoever started this ends, however that happens.

Started as ``python lifeline.py COMMAND…`` with a pipe as its standard input: nobody writes to it,
and it closes when the process at its other end is gone, even when that was killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading


def main() -> None:
    """Start the command, and end its whole process group when the pipe closes."""
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=wait_for_the_end, daemon=True).start()
    sys.exit(process.wait())


def wait_for_the_end() -> None:
    """Read until there is nothing more to read, and then end the group, this process too."""
    # Not through sys.stdin: its lock would be held when the interpreter ends with the command.
    while os.read(0, 1):
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getpgrp(), signal.SIGTERM)


if __name__ == "__main__":
    main()
