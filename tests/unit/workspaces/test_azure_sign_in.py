"""Which ways of signing in are tried, and what is said where none works. No network here."""

import time

import pytest

from amlflow_jupyter.errors import AuthenticationRequired, BadTarget
from amlflow_jupyter.workspaces.azure.credentials import AUTH, attempts, sign_in
from amlflow_jupyter.workspaces.azure.reasons import condensed, is_network, without_secrets
from amlflow_jupyter.workspaces.azure.tokens import claims, identity, tenant
from amlflow_jupyter.workspaces.azure.waiting import TooLong, within


@pytest.fixture(autouse=True)
def nothing_to_sign_in_with(monkeypatch, tmp_path):
    import os

    for name in list(os.environ):
        if name.startswith(("AZURE", "MSI_", "IDENTITY_", "MLFLOW_", "DATABRICKS")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


def test_without_anything_each_way_says_why_it_is_not_tried():
    tried = {attempt.method: attempt for attempt in attempts()}
    first, *_, browser, device = tried
    assert (first, browser, device) == ("job", "browser", "device")
    assert {attempt.outcome for attempt in tried.values()} == {"absent"}
    assert all("\n" not in attempt.reason and attempt.reason for attempt in tried.values())
    assert "az is not installed" in tried["cli"].reason


def test_the_failure_begins_with_what_is_set_up_and_ends_with_the_next_step(monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "hunter2secret")
    with pytest.raises(AuthenticationRequired) as caught:
        sign_in("auto", tenant="contoso.example")
    first, theirs, absent, last = str(caught.value).split("\n")
    assert first == "Nothing signs you in to Azure:"
    assert theirs == "  environment: AZURE_TENANT_ID and AZURE_CLIENT_ID are not set"
    assert absent.startswith("  Not there to try: the job's own token, ")
    assert absent.endswith(", a browser, a device code.")
    assert "AZURE_* variables" not in absent
    assert last.startswith("Install the Azure CLI (https://aka.ms/installazurecli), run `az login ")
    assert last.endswith("`az login --tenant contoso.example` in a terminal and connect again.")


def test_a_way_that_is_asked_for_says_why_it_is_not_there():
    with pytest.raises(AuthenticationRequired, match="\n  cli: az is not installed"):
        sign_in("cli")


def test_an_incomplete_environment_names_what_is_missing(monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_ID", "x")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "hunter2secret")
    (attempt,) = attempts("environment")
    assert attempt.reason == "AZURE_TENANT_ID is not set"


def test_an_unknown_method_is_refused():
    with pytest.raises(BadTarget, match=r"--auth magic: choose from auto, cli"):
        sign_in("magic")


@pytest.mark.parametrize("method", [method for method in AUTH if method != "managed"])
def test_a_method_that_is_named_is_the_only_one_tried(method):
    tried = [attempt.method for attempt in attempts(method)]
    assert method == "auto" or method in tried
    assert len(tried) <= 2 or method == "auto"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Authentication failed: AADSTS7000215: Invalid client secret provided. Trace ID: 1",
            "the client secret is wrong (AADSTS7000215)",
        ),
        (
            "AADSTS90002: Tenant 'x' not found. Check to make sure you have the correct tenant ID",
            "there is no such tenant (AADSTS90002)",
        ),
        ("ERROR: Please run 'az login' to setup account.\nMore", "Please run 'az login' to setup"),
        ("first line. \nTo mitigate this issue, see https://aka.ms/x", "first line"),
        ("HTTPSConnectionPool: Tunnel connection failed: 403", "the proxy refuses"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed", "a certificate that this computer does"),
        ("Failed to resolve 'login.microsoftonline.com'", "its name is not known here"),
    ],
)
def test_long_texts_become_a_line(text, line):
    said = condensed(Exception(text))
    assert said.startswith(line)
    assert "\n" not in said


def test_secrets_are_never_shown(monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "hunter2secret")
    token = "eyJhbGciOiJIUzI1NiJ9.eyJ0aWQiOiJ4In0.c2lnbmF0dXJl"
    said = without_secrets(f"secret hunter2secret and token {token}")
    assert said == "secret ••• and token •••"


def test_what_does_not_answer_is_given_up_and_said():
    begun = time.monotonic()
    with pytest.raises(TooLong) as caught:
        within(0.3, lambda: time.sleep(60))
    assert time.monotonic() - begun < 30  # a deadline, not a speed
    assert condensed(caught.value, 0.3) == "no answer within 0.3 s"
    assert is_network(caught.value)


def test_what_a_task_raises_is_raised_where_it_is_waited_for():
    with pytest.raises(ZeroDivisionError):
        within(30, lambda: 1 / 0)
    assert within(30, lambda: "x") == "x"


@pytest.mark.parametrize(
    ("payload", "who"),
    [
        ('{"upn": "ada@contoso.example", "tid": "t-1"}', "ada@contoso.example"),
        ('{"app_displayname": "pipeline", "appid": "c-1", "tid": "t-1"}', "app pipeline"),
        ('{"appid": "c-1", "idtyp": "app", "tid": "t-1"}', "app c-1"),
        ('{"tid": "t-1"}', "an identity without a name"),
    ],
)
def test_a_token_says_who_is_signed_in(payload, who):
    import base64

    token = f"e30.{base64.urlsafe_b64encode(payload.encode()).decode().rstrip('=')}.x"
    assert (identity(token), tenant(token)) == (who, "t-1")


@pytest.mark.parametrize("token", ["", "no token", "a.b.c", "e30.W10.x"])
def test_what_is_no_token_says_nothing(token):
    assert claims(token) == {}
