"""Variables that name authorities which are not there, are none, or differ."""

from __future__ import annotations

import shutil

import pytest
import trustme
from doctor_parts import SUBJECT, only

from amlflow_jupyter.doctor import Level
from amlflow_jupyter.doctor.checks import certificates


@pytest.fixture
def authority(tmp_path) -> str:
    path = tmp_path / "authority.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def other(tmp_path) -> str:
    path = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return str(path)


def test_nothing_is_set():
    finding = only(certificates.check(SUBJECT))
    assert finding.level is Level.OK
    assert "come with Python's packages" in finding.message


def test_all_clients_trust_the_same(monkeypatch, authority):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    finding = only(certificates.check(SUBJECT))
    assert finding.level is Level.OK
    assert f"REQUESTS_CA_BUNDLE={authority}" in finding.message


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_only_requests_trusts_it(monkeypatch, authority, name):
    monkeypatch.setenv(name, authority)
    finding = only(certificates.check(SUBJECT))
    assert finding.level is Level.WARNING
    assert "SSL_CERT_FILE is not set" in finding.message
    assert finding.remedy == f"export SSL_CERT_FILE={authority}"


def test_only_ssl_trusts_it(monkeypatch, authority):
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    finding = only(certificates.check(SUBJECT))
    assert finding.level is Level.WARNING
    assert finding.remedy == f"export REQUESTS_CA_BUNDLE={authority}"


def test_they_trust_different_ones(monkeypatch, authority, other):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    monkeypatch.setenv("SSL_CERT_FILE", other)
    finding = only(certificates.check(SUBJECT))
    assert finding.level is Level.WARNING
    assert f"SSL_CERT_FILE={other}" in finding.message
    assert finding.remedy == f"export SSL_CERT_FILE={authority}"


def test_a_copy_is_the_same(monkeypatch, authority, other):
    shutil.copy(authority, other)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    monkeypatch.setenv("SSL_CERT_FILE", other)
    assert only(certificates.check(SUBJECT)).level is Level.OK


@pytest.mark.parametrize(
    "name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "MLFLOW_TRACKING_SERVER_CERT_PATH"]
)
def test_a_file_that_is_not_there(monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, str(tmp_path / "none.pem"))
    finding = next(iter(certificates.check(SUBJECT)))
    assert finding.level is Level.FAILURE
    assert "it is not there" in finding.message
    assert finding.remedy == f"unset {name}"


def test_a_file_that_holds_none(monkeypatch, tmp_path):
    path = tmp_path / "rubbish.pem"
    path.write_text("rubbish")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    finding = next(iter(certificates.check(SUBJECT)))
    assert finding.level is Level.FAILURE
    assert f"REQUESTS_CA_BUNDLE names {path}, which cannot be used" in finding.message


@pytest.mark.parametrize(
    "name", ["MLFLOW_TRACKING_INSECURE_TLS", "AZURE_CLI_DISABLE_CONNECTION_VERIFICATION"]
)
def test_everyone_is_trusted(monkeypatch, name):
    monkeypatch.setenv(name, "true")
    finding = only(certificates.check(SUBJECT))
    assert finding.level is Level.WARNING
    assert finding.remedy == f"unset {name}"
