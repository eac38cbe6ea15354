"""MLflow servers: a real one, and those that are down, hang or are something else."""

import asyncio
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from made_store import Store

STARTS_WITHIN = 90


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A store, and the address of a real MLflow server in front of it."""
    store = Store(tmp_path_factory.mktemp("served"))
    port = _free_port()
    command = ["-m", "mlflow", "server", "--backend-store-uri", store.uri, "--workers", "1"]
    process = subprocess.Popen([sys.executable, *command, "--host", "127.0.0.1", "--port", port])
    try:
        yield store, _started(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)


def _started(process, address):
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return address
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"mlflow server did not start within {STARTS_WITHIN} s")


def _free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return str(found.getsockname()[1])


async def test_real_server(ask, save, served):
    store, address = served
    save("team", address)
    (found,) = (await ask("connections"))["connections"]
    assert (found["kind"], found["ui_url"]) == ("server", address)
    experiments = (await ask("connections", "team", "experiments"))["experiments"]
    assert experiments[0]["name"] == "training"
    page = await ask("connections", "team", "runs", experiment=store.experiment, search="adamw")
    assert [run["id"] for run in page["runs"]] == [store.parent]
    assert page["runs"][0]["metrics"][1]["text"] == "NaN"
    run = (await ask("connections", "team", "runs", store.parent))["run"]
    assert run["metrics"][2]["text"] == "Infinity"
    assert run["ui_url"] == f"{address}/#/experiments/{store.experiment}/runs/{store.parent}"
    route = ("connections", "team", "runs", store.parent, "artifacts")
    listed = (await ask(*route, path="figures"))["artifacts"]
    assert [entry["path"] for entry in listed] == ["figures/figure-01.svg"]
    await ask("connections", "team", "runs", "0" * 32, expect=404)


async def test_server_that_is_down(ask, save):
    save("team", f"http://127.0.0.1:{_free_port()}")
    refusal = await ask("connections", "team", "experiments", expect=502)
    assert "nothing listens there" in refusal["message"]


@contextmanager
def _answering(status, body):
    """Serve ``body`` whatever is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>hello</html>", "not as an MLflow server does"),
        (401, b"who are you?", "where JupyterLab is started"),
        (500, b"oh no", "http://127.0.0.1"),
    ],
)
async def test_server_that_answers_otherwise(ask, save, status, body, said):
    with _answering(status, body) as address:
        save("team", address)
        refusal = await ask("connections", "team", "experiments", expect=502)
    assert said in refusal["message"]


class Hanging:
    """A server that takes every connection and never says a word."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.taken = []
        self.asked = threading.Event()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        while True:
            try:
                self.taken.append(self._listener.accept()[0])
            except OSError:
                return
            self.asked.set()

    def close(self):
        with suppress(OSError):
            # shutdown() wakes accept(), where close() alone would not.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.taken:
            connection.close()


@pytest.fixture
def hanging(save):
    with closing(Hanging()) as server:
        save("hangs", server.address)
        yield server


async def test_others_are_answered_while_a_server_hangs(ask, save, store, hanging):
    save("mine", store.uri)
    waiting = asyncio.create_task(ask("connections", "hangs", "experiments", expect=502))
    assert await asyncio.to_thread(hanging.asked.wait, 30)
    assert len((await ask("connections"))["connections"]) == 2
    assert (await ask("connections", "mine", "experiments"))["experiments"]
    assert not waiting.done()
    hanging.close()
    assert "cannot be reached" in (await waiting)["message"]


@pytest.fixture
def hurried(jp_server_config):
    jp_server_config["AmlflowApp"] = {"deadline": 0.5}


@pytest.mark.usefixtures("hurried")
async def test_hanging_server_holds_one_thread_however_often_it_is_asked(ask, hanging):
    questions = [ask("connections", "hangs", "experiments", expect=504) for _ in range(6)]
    for refusal in await asyncio.gather(*questions):
        assert "did not answer within 0.5 s" in refusal["message"]
    await ask("connections", "hangs", "experiments", expect=504)
    assert len(hanging.taken) == 1


@pytest.mark.usefixtures("hanging")
async def test_hanging_server_is_named_before_the_deadline(ask):
    refusal = await ask("connections", "hangs", "experiments", expect=502)
    assert refusal["message"].startswith("http://127.0.0.1")
    assert "did not answer within" in refusal["message"]
