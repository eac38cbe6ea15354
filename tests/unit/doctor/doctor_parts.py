"""Real parts that can be broken: folders of packages, servers, findings to compare."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.finding import Finding, Level
from amlflow_jupyter.doctor.subject import Subject

# As in a terminal on Linux, whatever the tests run on.
TERMINAL = Commands(python="/env/bin/python", on_windows=False, has_pip=True)
SUBJECT = Subject(timeout=2.0, commands=TERMINAL)


def only(findings: Iterable[Finding]) -> Finding:
    (finding,) = findings
    return finding


def levels(findings: Iterable[Finding]) -> list[Level]:
    return [finding.level for finding in findings]


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def install(site: Path, name: str, version: str, *requires: str) -> None:
    """Put the metadata of a package into a folder, as an installation does."""
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {one}" for one in requires]
    (folder / "METADATA").write_text("\n".join(lines) + "\n")


@contextmanager
def http_server(
    answer: Callable[[BaseHTTPRequestHandler], None],
) -> Iterator[str]:
    """A server that answers every request as it is told; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer(self)

        do_GET = do_POST = do_HEAD = do_CONNECT = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def tls_server(certificate: trustme.LeafCert) -> Iterator[int]:
    """A server that does no more than shake hands; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=greet, args=(connection,), daemon=True).start()

        def greet(connection: socket.socket) -> None:
            try:
                with context.wrap_socket(connection, server_side=True) as protected:
                    protected.recv(1)
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
