"""A proxy in front of a real server that does what networks and servers do when they fail."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Rule:
    """What happens to the requests that it matches.

    Attributes
    ----------
    path, method
        Regular expressions; a request that matches both is met.
    after
        How many of those pass first.
    times
        How many are met then.
    delay
        Seconds before anything else happens.
    status, body, headers
        Answer this instead of asking the server.
    delay_answer
        Seconds between the server's answer and ours.
    lose
        Ask the server, and close the connection instead of answering.
    cut_answer
        Ask the server, and send only half of what it says.
    cut_request
        Close the connection in the middle of what the client sends; the server gets that half.
    silent
        Never answer.
    most
        With a status: only for requests that log more metrics than this.
    """

    path: str = ".*"
    method: str = ".*"
    after: int = 0
    times: int = 1_000_000
    delay: float = 0.0
    status: int | None = None
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay_answer: float = 0.0
    lose: bool = False
    cut_answer: bool = False
    cut_request: bool = False
    silent: bool = False
    most: int = -1
    met: int = 0
    seen: int = 0

    def meets(self, method: str, path: str) -> bool:
        if not (re.search(self.path, path) and re.fullmatch(self.method, method)):
            return False
        self.seen += 1
        return self.after < self.seen <= self.after + self.times


class FaultProxy:
    """Forwards to ``127.0.0.1:port``, as :attr:`rules` say."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.rules: list[Rule] = []
        self.requests: list[tuple[float, str, str]] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def fail(self, path: str = ".*", **what: Any) -> Rule:
        rule = Rule(path, **what)
        self.rules.append(rule)
        return rule

    def heal(self) -> None:
        self.rules.clear()

    def asked(self, path: str) -> int:
        return sum(1 for _, _, asked in self.requests if re.search(path, asked))

    def rule_for(self, method: str, path: str) -> Rule | None:
        with self._lock:
            self.requests.append((time.monotonic(), method, path))
            met = [rule for rule in self.rules if rule.meets(method, path)]
        return met[0] if met else None

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    proxy: FaultProxy
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def _forward(self) -> None:
        proxy = self.server.proxy
        rule = proxy.rule_for(self.command, self.path) or Rule()
        if rule.delay:
            time.sleep(rule.delay)
        if rule.silent:
            proxy.closing.wait(600)
            self.close_connection = True
            return
        length = int(self.headers.get("Content-Length") or 0)
        if rule.cut_request:
            self._send_half(self.rfile.read(length // 2), length)
            self.close_connection = True
            return
        body = self.rfile.read(length)
        if rule.status is not None and body.count(b'"timestamp"') > rule.most:
            rule.met += 1
            self._answer(rule.status, rule.headers, rule.body.encode())
            return
        try:
            status, headers, answer = self._ask(body)
        except OSError:  # the server is down: as if nobody listened
            self._reset()
            return
        if rule.delay_answer:
            rule.met += 1
            proxy.closing.wait(rule.delay_answer)
        if rule.lose:
            self._reset()
        elif rule.cut_answer:
            self._answer(status, headers, answer, sent=len(answer) // 2)
        else:
            self._answer(status, headers, answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _forward  # noqa: N815 - the library's names

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        server = http.client.HTTPConnection("127.0.0.1", self.server.proxy.port, timeout=120)
        with contextlib.closing(server):
            headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
            server.request(self.command, self.path, body, headers)
            answer = server.getresponse()
            passed = {"Content-Type": answer.headers.get("Content-Type", "application/json")}
            return answer.status, passed, answer.read()

    def _send_half(self, half: bytes, length: int) -> None:
        """Give the server the first half of a request, and go away."""
        lines = [
            f"{self.command} {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.server.proxy.port}",
        ]
        lines += [f"Content-Length: {length}", "Content-Type: application/octet-stream", "", ""]
        with socket.create_connection(("127.0.0.1", self.server.proxy.port)) as server:
            server.sendall("\r\n".join(lines).encode() + half)
        self._reset()

    def _answer(
        self, status: int, headers: dict[str, str], body: bytes, sent: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:sent])
        if sent is not None:
            self.close_connection = True

    def _reset(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def fault_proxy(port: int) -> Iterator[FaultProxy]:
    proxy = FaultProxy(port)
    try:
        yield proxy
    finally:
        proxy.close()


def main(port: int, delay: float) -> None:
    """Stand in front of a server until standard input ends: ``fault_proxy.py PORT DELAY``."""
    with fault_proxy(port) as proxy:
        proxy.fail(delay=delay)
        print(proxy.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
