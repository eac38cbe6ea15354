"""Hosts that are not reached: each step of the way is broken by a real server."""

from __future__ import annotations

import base64
import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import trustme
from doctor_parts import SUBJECT, TERMINAL, closed_port, http_server, only, tls_server

from amlflow_jupyter.doctor import Level, Subject
from amlflow_jupyter.doctor.checks import hosts
from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.network.endpoint import Endpoint, of_url
from amlflow_jupyter.doctor.subject import subject_of

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA(organization_name="Inspecting Works")


@pytest.fixture
def authority(ca: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "authority.pem"
    ca.cert_pem.write_to_path(path)
    return str(path)


def reach(port: int, **options) -> Finding:
    options = {"purpose": "signing in", **options}
    return hosts.reached(SUBJECT, Endpoint("localhost", port, **options))


@contextmanager
def tunnel() -> Iterator[tuple[str, list[str]]]:
    """A proxy that really tunnels; yields its address, and the heads of what it was asked."""
    asked: list[str] = []

    def serve(client: socket.socket) -> None:
        with client:
            head = client.recv(4096).decode()
            asked.append(head)
            host, _, port = head.split()[1].rpartition(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                threading.Thread(target=copy, args=(server, client), daemon=True).start()
                copy(client, server)

    def copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        listener.shutdown(socket.SHUT_RDWR)


def test_one_that_is_trusted(ca, authority, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    with tls_server(ca.issue_cert("localhost")) as port:
        finding = reach(port)
    assert finding.level is Level.OK
    assert "its certificate is Inspecting Works's" in finding.message


def test_an_authority_that_is_not_trusted(ca):
    with tls_server(ca.issue_cert("localhost")) as port:
        finding = reach(port)
    assert finding.level is Level.FAILURE
    assert (
        f"localhost:{port} is vouched for by Inspecting Works, whom Python's clients do not trust"
        in finding.message
    )
    assert finding.remedy == "export REQUESTS_CA_BUNDLE=/path/to/authority.pem"


def test_an_authority_that_another_file_of_this_computer_knows(ca, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    with tls_server(ca.issue_cert("localhost")) as port:
        finding = reach(port)
    assert finding.level is Level.FAILURE
    assert finding.remedy == f"export REQUESTS_CA_BUNDLE={authority}"


def test_an_mlflow_server_is_judged_by_mlflows_own_file(ca, authority, monkeypatch):
    with tls_server(ca.issue_cert("localhost")) as port:
        finding = reach(port, purpose="MLflow")
        assert finding.remedy == ("export MLFLOW_TRACKING_SERVER_CERT_PATH=/path/to/authority.pem")
        monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", authority)
        assert reach(port, purpose="MLflow").level is Level.OK


@pytest.mark.parametrize(
    ("begin", "end", "shown"),
    [(NOW - 9 * DAY, NOW - DAY, "has expired"), (NOW + DAY, NOW + 9 * DAY, "is not valid yet")],
)
def test_a_certificate_of_another_time(ca, authority, monkeypatch, begin, end, shown):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    with tls_server(ca.issue_cert("localhost", not_before=begin, not_after=end)) as port:
        finding = reach(port)
    assert finding.level is Level.FAILURE
    assert f"The certificate of localhost:{port} {shown}" in finding.message
    assert finding.remedy == "date"


def test_a_certificate_for_another_name(ca, authority, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    with tls_server(ca.issue_cert("elsewhere.example")) as port:
        finding = reach(port)
    assert finding.level is Level.FAILURE
    assert "shows a certificate for another name, vouched for by Inspecting Works" in (
        finding.message
    )


def test_one_that_does_not_speak_tls():
    with http_server(lambda _: None) as url:
        finding = reach(int(url.rpartition(":")[2]))
    assert finding.level is Level.FAILURE
    assert "does not speak TLS as it should" in finding.message


def test_nobody_listens():
    port = closed_port()
    finding = reach(port)
    assert finding.message == f"localhost:{port} cannot be reached: nothing listens there."
    assert finding.remedy == f"curl -v https://localhost:{port}"


def test_one_that_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        subject = Subject(timeout=0.3, commands=TERMINAL)
        finding = hosts.reached(subject, Endpoint("127.0.0.1", listener.getsockname()[1]))
    assert finding.level is Level.FAILURE
    assert "no answer in time" in finding.message


def test_a_name_that_is_not_known():
    finding = hosts.reached(SUBJECT, Endpoint("no-such-host.invalid", purpose="signing in"))
    assert finding.level is Level.FAILURE
    assert finding.message == (
        "no-such-host.invalid cannot be reached: its name is not known here."
    )
    assert finding.remedy == "nslookup no-such-host.invalid"


def test_through_a_proxy(ca, authority, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    with tls_server(ca.issue_cert("localhost")) as port, tunnel() as (proxy, asked):
        scheme, _, rest = proxy.partition("://")
        monkeypatch.setenv("https_proxy", f"{scheme}://me:hunter%402@{rest}")
        finding = reach(port)
    assert finding.level is Level.OK
    assert f"is reached through {proxy}" in finding.message
    given = base64.b64encode(b"me:hunter@2").decode()
    assert f"Proxy-Authorization: Basic {given}" in asked[0]


def refusing(status: int):
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.end_headers()

    return http_server(answer)


def test_a_proxy_that_wants_a_password(monkeypatch):
    with refusing(407) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        finding = hosts.reached(SUBJECT, Endpoint("login.example", purpose="signing in"))
    assert finding.level is Level.FAILURE
    assert "wants a user and password for login.example" in finding.message
    assert finding.remedy == (
        f"export HTTPS_PROXY={proxy.replace('http://', 'http://USER:PASSWORD@')}"
    )


def test_a_proxy_that_does_not_lead_there(monkeypatch):
    with refusing(403) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        monkeypatch.setenv("NO_PROXY", "localhost")
        finding = hosts.reached(SUBJECT, Endpoint("login.example", purpose="signing in"))
    assert finding.level is Level.FAILURE
    assert "does not lead to login.example: it answers with status 403" in finding.message
    assert finding.remedy == "export NO_PROXY=localhost,login.example"


def test_a_proxy_out_of_reach_is_told_once(monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port()}")
    finding = hosts.reached(SUBJECT, Endpoint("login.example", purpose="signing in"))
    assert finding.level is Level.SKIPPED


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://[::1]:5000", "[::1]:5000"),
        ("https://mlflow.example/path", "mlflow.example"),
        ("https://mlflow.example:8443", "mlflow.example:8443"),
        ("http://mlflow.example:80", "mlflow.example"),
    ],
)
def test_names_of_hosts(url, name):
    assert of_url(url, "MLflow").name == name


def test_which_hosts_a_target_needs():
    local = subject_of("local", Path.cwd(), TERMINAL)
    assert only(hosts.check(local)).level is Level.SKIPPED
    with http_server(lambda _: None) as url:
        finding = only(hosts.check(subject_of(url, Path.cwd(), TERMINAL)))
    assert finding.level is Level.OK
    assert f"{url.removeprefix('http://')} (MLflow) takes connections." == finding.message
