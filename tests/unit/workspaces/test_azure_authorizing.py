"""Requests are authorized, and those whose token is rejected are sent once more, as they were."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from amlflow_jupyter.errors import AuthenticationRequired
from amlflow_jupyter.workspaces.azure.authorizing import Authorized, Bearer


class Tokens:
    """Gives one token after another."""

    number = 1

    def token(self):
        return f"token-{self.number}"

    def renew(self, rejected):
        self.number += 1
        return self.token() != rejected

    def signed_out(self):
        return AuthenticationRequired("Sign in again.")


@pytest.fixture
def server():
    """A server that accepts one token alone, and remembers what it was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            token = self.headers["Authorization"]
            self.server.seen.append((token, body))
            self.send_response(200 if token == f"Bearer {self.server.accepted}" else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as started:
        started.seen = []
        threading.Thread(target=started.serve_forever, daemon=True).start()
        yield started
        started.shutdown()


def address(server):
    return f"http://127.0.0.1:{server.server_port}/"


def post(server, body):
    with requests.Session() as session:
        session.trust_env = False
        session.auth = Authorized(Tokens())
        return session.post(address(server), data=body, timeout=10)


@pytest.mark.parametrize("wrapped", [bytes, io.BytesIO])
def test_a_request_is_sent_once_more_with_its_whole_body(server, wrapped):
    server.accepted = "token-2"
    assert post(server, wrapped(b"all of it")).status_code == 200
    assert server.seen == [("Bearer token-1", b"all of it"), ("Bearer token-2", b"all of it")]


def test_what_is_rejected_twice_is_given_up(server):
    server.accepted = "token-3"
    with pytest.raises(AuthenticationRequired, match=r"Sign in again\."):
        post(server, b"x")
    assert len(server.seen) == 2


def test_a_netrc_does_not_replace_the_token(server, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.accepted = "token"
    answer = requests.post(address(server), data=b"x", auth=Bearer("token"), timeout=10)
    assert answer.status_code == 200
