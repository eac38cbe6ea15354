"""Proxies that do not listen, cannot be read, differ, or stand in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from doctor_parts import SUBJECT, TERMINAL, closed_port, http_server, levels, only

from amlflow_jupyter.doctor import Level
from amlflow_jupyter.doctor.checks import proxies
from amlflow_jupyter.doctor.network.proxies import parse
from amlflow_jupyter.doctor.subject import subject_of


def test_none_is_named():
    assert only(proxies.check(SUBJECT)).message == "No proxy is named in the environment."


def test_one_that_listens(monkeypatch):
    with http_server(lambda _: None) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.setenv("https_proxy", url)
        finding = only(proxies.check(SUBJECT))
    assert finding.message == f"The proxy {url} of HTTPS_PROXY and https_proxy takes connections."


def test_one_that_does_not_listen(monkeypatch):
    port = closed_port()
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:hunter2@127.0.0.1:{port}")
    finding = only(proxies.check(SUBJECT))
    assert finding.level is Level.FAILURE
    assert finding.message == (
        f"The proxy http://127.0.0.1:{port} of HTTPS_PROXY is out of reach: nothing listens there."
    )
    assert finding.remedy == "unset HTTPS_PROXY"


def test_a_name_that_is_not_known(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "http://no-such-proxy.invalid:3128")
    finding = only(proxies.check(SUBJECT))
    assert finding.level is Level.FAILURE
    assert "its name is not known here" in finding.message


@pytest.mark.parametrize("address", ["http://", "http://host:port", "://"])
def test_one_that_cannot_be_read(monkeypatch, address):
    monkeypatch.setenv("HTTP_PROXY", address)
    finding = only(proxies.check(subject_of("http://localhost:5000", Path.cwd(), TERMINAL)))
    assert finding.level is Level.FAILURE
    assert "cannot be read as the address of a proxy" in finding.message


def test_capitals_and_small_letters_differ(monkeypatch):
    port = closed_port()
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    found = list(proxies.check(SUBJECT))
    assert levels(found) == [Level.WARNING, Level.FAILURE, Level.FAILURE]
    assert found[0].remedy == f"export HTTPS_PROXY=http://127.0.0.1:{port}"


def test_a_server_on_this_computer_behind_a_proxy(monkeypatch):
    subject = subject_of("http://localhost:5000", Path.cwd(), TERMINAL)
    with http_server(lambda _: None) as url:
        monkeypatch.setenv("http_proxy", url)
        finding, _ = proxies.check(subject)
        assert finding.level is Level.WARNING
        assert finding.remedy == "export NO_PROXY=localhost,127.0.0.1"
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        assert levels(proxies.check(subject)) == [Level.OK]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("proxy", "http://proxy:80"),
        ("https://proxy", "https://proxy:443"),
        ("socks5h://proxy", "socks5h://proxy:1080"),
        ("HTTP://me:secret@proxy:3128/", "http://proxy:3128"),
    ],
)
def test_addresses(address, name):
    assert parse(address).name == name  # without what is secret
