"""An MLflow server that speaks MLflow 2: a real one, behind a proxy that hides what MLflow 3 added.

As Azure Machine Learning does, it answers those endpoints with status 404 and an empty body, takes
50 tags of at most 1,000 characters a run, and refuses to write an artifact a second time.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from servers import mlflow_server

MISSING = re.compile(
    r"/api/3\.0/|/version$|/v1/traces|/server-info"
    r"|/api/2\.0/mlflow/(logged-models|traces|runs/outputs|registered-models/alias)"
)
ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/"
HISTORY = "mlflow.log-model.history"


class Mlflow2Server:
    """The proxy.

    Parameters
    ----------
    behind
        The address of the real server.
    hides
        What paths it answers with 404; None hides and limits nothing.

    Attributes
    ----------
    url
        Its address.
    requests
        What was asked: method and path.
    """

    def __init__(self, behind: str, hides: re.Pattern[str] | None = MISSING) -> None:
        self.behind = behind
        self.hides = hides
        self.requests: list[tuple[str, str]] = []
        self._written: set[str] = set()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def asked(self, part: str) -> int:
        """How many requests had ``part`` in their path."""
        return sum(part in path for _, path in self.requests)

    def refusal(self, method: str, path: str, body: bytes) -> str | None:
        """Say why a request is not taken."""
        if self.hides is None:
            return None
        if method == "PUT" and path.startswith(ARTIFACTS):
            with self._lock:
                if path in self._written:
                    return f"The artifact {path} is there already."
                self._written.add(path)
        if path.endswith(("/runs/log-batch", "/runs/set-tag", "/runs/log-model")):
            return self._too_much(path, json.loads(body))
        return None

    def _too_much(self, path: str, body: dict[str, Any]) -> str | None:
        there = self._tags(body["run_id"])
        tags = {tag["key"]: tag["value"] for tag in body.get("tags", [])}
        if path.endswith("/set-tag"):
            tags = {body["key"]: body["value"]}
        if path.endswith("/log-model"):
            models = [*json.loads(there.get(HISTORY, "[]")), json.loads(body["model_json"])]
            tags = {HISTORY: json.dumps(models)}
        if len({**there, **tags}) > max(50, len(there)):
            return "A run has at most 50 tags."
        if any(len(key) > 100 or len(value) > 1000 for key, value in tags.items()):
            return "A tag has at most 1000 characters."
        return None

    def _tags(self, run_id: str) -> dict[str, str]:
        url = f"{self.behind}/api/2.0/mlflow/runs/get"
        run = requests.get(url, params={"run_id": run_id}, timeout=60).json()["run"]
        return {tag["key"]: tag["value"] for tag in run["data"].get("tags", [])}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                path, _, _query = self.path.partition("?")
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.requests.append((self.command, path))
                if proxy.hides and proxy.hides.search(path):
                    self.reply(404, b"", {})
                elif refusal := proxy.refusal(self.command, path, body):
                    error = {"error_code": "INVALID_PARAMETER_VALUE", "message": refusal}
                    self.reply(400, json.dumps(error).encode(), {})
                else:
                    self.forward(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

            def forward(self, body: bytes) -> None:
                skipped = {"host", "content-length", "accept-encoding"}
                headers = {k: v for k, v in self.headers.items() if k.lower() not in skipped}
                got = requests.request(
                    self.command, proxy.behind + self.path, data=body, headers=headers, timeout=60
                )
                kept = {k: v for k, v in got.headers.items() if k.lower() == "content-type"}
                self.reply(got.status_code, got.content, kept)

            def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@contextmanager
def mlflow2_server(folder: Path) -> Iterator[Mlflow2Server]:
    """A server that speaks MLflow 2, for as long as the block runs."""
    with mlflow_server(folder) as behind:
        proxy = Mlflow2Server(behind.url)
        proxy.start()
        try:
            yield proxy
        finally:
            proxy.stop()
