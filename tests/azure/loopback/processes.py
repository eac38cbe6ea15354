"""The real servers behind the emulator, as processes of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

LIFELINE = Path(__file__).with_name("lifeline.py")


def listening(port: int = 0) -> socket.socket:
    """Return a socket that is bound on loopback, to this port when it is free."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
    except OSError:
        made.bind(("127.0.0.1", 0))
    return made


def free_port() -> int:
    """Return a port on loopback that was free a moment ago."""
    with listening() as probe:
        return int(probe.getsockname()[1])


class Server:
    """A process that serves HTTP on loopback.

    Parameters
    ----------
    command
        The program and its arguments.
    url
        What answers when it is ready, whatever the status.
    log
        The file that takes its output.
    env
        Its environment.
    """

    def __init__(self, command: list[str], url: str, log: Path, env: dict[str, str]) -> None:
        self._url = url
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(LIFELINE), *command],
                env=env,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The number of the process, which is that of its group too."""
        return self._process.pid

    def wait(self, seconds: float = 120) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = self._log.read_text(errors="replace")[-3000:]
                raise RuntimeError(f"{self._url} does not answer. Its log ends with:\n{said}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(self._url, timeout=5).close()
        except urllib.error.HTTPError:
            return True  # it speaks HTTP, if only to say no
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """End the process and its children."""
        assert self._process.stdin is not None
        for sent in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, sent)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
                break
        self._process.stdin.close()
