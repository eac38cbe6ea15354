"""What was asked of the emulator, and what it did not know."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
# How the names of Azure's services end.
AZURE = (".azure.com", ".azure.net", ".windows.net", ".azureml.ms", ".microsoftonline.com")


class Journal:
    """The requests since the last reset, and all unknown ones of the session.

    Parameters
    ----------
    path
        The file to which each unknown request is written, a JSON object a line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self.requests: list[Entry] = []
        self.unknown: list[Entry] = []
        self.refused: list[str] = []

    def record(self, host: str, method: str, path: str, status: int, began: float) -> None:
        """Note a request that was answered; ``began`` is of ``time.monotonic``."""
        entry = {
            "method": method,
            "host": host,
            "path": path,
            "status": status,
            "at": time.time(),
            "seconds": round(time.monotonic() - began, 4),
        }
        with self._lock:
            self.requests.append(entry)

    def refuse(self, host: str, method: str) -> None:
        """Note a name that the proxy does not connect; a name of Azure's counts as unknown."""
        with self._lock:
            self.refused.append(host)
        if host.endswith(AZURE):
            self.miss(host, method, "", b"")

    def miss(self, host: str, method: str, path: str, body: bytes) -> None:
        """Note a request that no route answers."""
        shown = body[-2000:].decode("utf-8", "replace")
        entry = {"method": method, "host": host, "path": path, "body": shown}
        with self._lock:
            self.unknown.append(entry)
            with self._path.open("a") as log:
                log.write(json.dumps(entry) + "\n")

    def clear(self) -> None:
        """Forget the answered requests; the unknown ones stay."""
        with self._lock:
            self.requests.clear()
            self.refused.clear()
