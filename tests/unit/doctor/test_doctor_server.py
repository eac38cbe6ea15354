"""What answers where an MLflow server should: real servers that are none, or of another MLflow."""

from __future__ import annotations

import json
import os
import socket
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from doctor_parts import TERMINAL, closed_port, http_server, levels, only

from amlflow_jupyter.doctor import Level, Subject
from amlflow_jupyter.doctor.checks import mlflow_server
from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.subject import subject_of
from amlflow_jupyter.doctor.visitor import as_visitor


def ask(url: str) -> list[Finding]:
    found = subject_of(url, Path.cwd(), TERMINAL)
    return list(mlflow_server.check(Subject(found.workspace, None, 1.0, TERMINAL)))


def like_mlflow(version: str | None, logged_models: int = 200):
    """A server that answers as MLflow's does, as far as the doctor asks."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        status, body = 200, "{}"
        if request.path == "/version":
            status, body = (200, version) if version else (404, "")
        elif "logged-models" in request.path:
            status = logged_models
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body.encode())

    return http_server(answer)


def with_status(status: int, body: str = "no"):
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body.encode())

    return http_server(answer)


def test_an_mlflow_3():
    with like_mlflow("3.15.0") as url:
        found = ask(url)
    assert levels(found) == [Level.OK] * 3
    assert "The server is of MLflow 3.15.0" in found[1].message
    assert "keeps MLflow 3's models itself" in found[2].message


def test_an_mlflow_2():
    with like_mlflow("2.22.4", logged_models=404) as url:
        found = ask(url)
    assert levels(found) == [Level.OK] * 3
    assert "speaks MLflow 2: amlflow keeps MLflow 3's models in their runs" in found[2].message


def test_an_mlflow_of_the_future():
    with like_mlflow("9.0.0") as url:
        _, finding, _ = ask(url)
    assert finding.level is Level.WARNING
    assert finding.remedy == '/env/bin/python -m pip install "mlflow==9.0.0"'


@pytest.mark.parametrize("version", [None, "<html>", "unknown"])
def test_one_that_does_not_say_its_version(version):
    with like_mlflow(version) as url:
        _, finding, _ = ask(url)
    assert finding.level is Level.SKIPPED


@pytest.mark.parametrize(
    ("status", "shown", "remedy"),
    [
        (401, "asks who you are", "export MLFLOW_TRACKING_TOKEN=TOKEN"),
        (403, "asks who you are", "export MLFLOW_TRACKING_TOKEN=TOKEN"),
        (404, "not as an MLflow server does", "%aml_connect http://HOST:PORT"),
        (200, "not as an MLflow server does", "%aml_connect http://HOST:PORT"),
        (503, "an error of its own", "curl -v URL/health"),
    ],
)
def test_what_is_none(status, shown, remedy):
    with with_status(status) as url:
        finding = only(ask(url))
        assert finding.level is Level.FAILURE
        assert shown in finding.message
        assert finding.remedy == remedy.replace("URL", url)


def test_nobody_listens():
    url = f"http://127.0.0.1:{closed_port()}"
    finding = only(ask(url))
    assert finding.level is Level.FAILURE
    assert "nothing listens there" in finding.message
    assert finding.remedy == f"curl -v {url}/health"


def test_one_that_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        finding = only(ask(f"http://127.0.0.1:{listener.getsockname()[1]}"))
    assert finding.level is Level.FAILURE
    assert "did not answer within 1 s" in finding.message


def test_a_user_and_password_of_the_address_are_sent_and_forgotten(monkeypatch):
    asked: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers.get("Authorization"))
        body = json.dumps({}).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "before")
    with http_server(answer) as url:
        target = url.replace("http://", "http://me:hunter2@")
        with as_visitor(target):
            found = ask(target)
    assert asked[0] == "Basic bWU6aHVudGVyMg=="
    assert not any("hunter2" in finding.message for finding in found)
    assert os.environ["MLFLOW_TRACKING_PASSWORD"] == "before"
    assert "MLFLOW_TRACKING_USERNAME" not in os.environ


@pytest.mark.parametrize("target", ["local", "postgresql://db.example/mlflow"])
def test_targets_that_are_no_servers(target):
    assert only(ask(target)).level is Level.SKIPPED


def test_databricks_without_credentials(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("DATABRICKS_HOST", raising=False)
    finding = only(ask("databricks://nobody"))
    assert finding.level is Level.FAILURE
    assert finding.remedy == "databricks auth login --profile nobody"
