"""Each way of signing in to Azure, and what is said where none works, with real credentials."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from loopback import Loopback, world

# Signs in and prints what came of it as JSON; a person is told on the first line.
SIGN_IN = """
import json, sys
from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.workspaces.azure.credentials import sign_in
asked = json.loads(sys.argv[1])
tell = (lambda text: print(text, flush=True)) if asked.pop("asks", False) else None
try:
    found = sign_in(**asked, tell=tell)
    print(json.dumps([found.method, found.title, found.identity, found.tenant]))
except AmlflowError as error:
    print(json.dumps([type(error).__name__, str(error)]))
except KeyboardInterrupt:
    print(json.dumps(["interrupted"]))
"""


@pytest.fixture
def started(loopback: Loopback, tmp_path: Path):
    """Start signing in, in a process of its own."""
    processes = []

    def start(env: dict[str, str] | None = None, **asked) -> subprocess.Popen[str]:
        whole = {**loopback.env(tmp_path / "home"), **(env or {})}
        whole.pop("SSH_CONNECTION", None)
        process = subprocess.Popen(
            [sys.executable, "-c", SIGN_IN, json.dumps(asked)],
            env=whole,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def signed_in(started):
    """Sign in, and return what came of it."""

    def sign_in(env: dict[str, str] | None = None, **asked) -> list[str]:
        out, err = started(env, **asked).communicate(timeout=120)
        assert err == ""  # azure-identity's own paragraphs would stand there
        return json.loads(out.splitlines()[-1])

    return sign_in


PRINCIPAL = f"app {world.SERVICE_PRINCIPAL.name}"


def chosen(env: dict[str, str], prefix: str) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(prefix)}


@pytest.mark.parametrize(
    ("prefix", "method", "used"),
    [
        ("AZURE_", "auto", "environment"),
        ("AZURE_", "environment", "environment"),
        ("AZURE_", "service-principal", "environment"),
        ("AZUREML_", "auto", "service-principal"),
        ("AZUREML_", "service-principal", "service-principal"),
    ],
)
def test_a_service_principal(loopback, signed_in, prefix, method, used):
    env = chosen(loopback.service_principal_env(), prefix)
    found = signed_in(env, method=method)
    assert found[0] == used
    assert found[2] in (PRINCIPAL, f"app {world.SERVICE_PRINCIPAL.client_id}")
    assert found[3] == world.TENANT


def test_the_tenant_that_is_asked_for_is_signed_in_to(loopback, signed_in):
    env = chosen(loopback.service_principal_env(), "AZURE_")
    assert signed_in(env, tenant=world.OTHER_TENANT)[-1] == world.OTHER_TENANT


@pytest.mark.parametrize("style", ["app", "compute"])
def test_a_managed_identity(loopback, signed_in, style):
    env = loopback.managed_identity_env(style)
    for method in ("auto", "managed"):
        assert signed_in(env, method=method)[0] == "managed"


def test_the_azure_cli(loopback, signed_in):
    name, text = signed_in(method="cli")
    assert name == "AuthenticationRequired"
    assert "  cli: Please run 'az login'" in text
    loopback.az_login()
    assert signed_in(method="cli") == [
        "cli",
        "the Azure CLI",
        world.USER.name,
        world.TENANT,
    ]
    assert signed_in(method="auto", tenant=world.OTHER_TENANT)[-1] == world.OTHER_TENANT


def test_a_browser_where_there_is_one(loopback, signed_in):
    env = loopback.browser_env() | {"DISPLAY": ":0"}
    found = signed_in(env, method="auto", asks=True, deadline=60)
    assert found == ["browser", "a browser", world.USER.name, world.TENANT]


def test_a_device_code_where_there_is_no_browser(loopback, started):
    process = started({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, asks=True, deadline=60)
    told = process.stdout.readline()
    (code,) = loopback.control.device_codes()
    assert "https://microsoft.com/devicelogin" in told
    assert code in told
    assert "Waiting for up to 60 s; interrupt the kernel to stop." in told
    loopback.control.approve_device_code(code)
    found = json.loads(process.communicate(timeout=120)[0])
    assert found == ["device", "a device code", world.USER.name, world.TENANT]


def test_a_device_code_that_nobody_enters_or_that_is_declined(loopback, started, signed_in):
    name, text = signed_in(method="device", asks=True, deadline=2)
    assert name == "AuthenticationRequired"
    assert "  device: nobody signed in within 2 s" in text
    process = started(method="device", asks=True, deadline=60)
    process.stdout.readline()
    loopback.control.decline_device_code()
    name, text = json.loads(process.communicate(timeout=120)[0])
    assert name == "AuthenticationRequired"
    assert "\n  device: " in text


def test_waiting_for_a_person_can_be_interrupted(started):
    process = started(method="device", asks=True, deadline=600)
    process.stdout.readline()
    begun = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    assert json.loads(process.communicate(timeout=120)[0]) == ["interrupted"]
    assert time.monotonic() - begun < 60  # not the ten minutes that the person had


def test_nobody_is_asked_where_nobody_can_be(signed_in):
    name, text = signed_in(method="auto")
    assert name == "AuthenticationRequired"
    assert text.splitlines()[-2].endswith(", a browser, a device code.")
    assert "--auth device" not in text
    assert "`az login --tenant TENANT`" in text


def test_when_all_fail_each_reason_is_a_line(loopback, signed_in):
    env = {
        **loopback.service_principal_env(),
        "AZURE_CLIENT_SECRET": "wrong-secret-0123456789",
        "AZUREML_SERVICE_PRINCIPAL_ID": world.TENANT,
    }
    name, text = signed_in(env, tenant=world.TENANT)
    assert name == "AuthenticationRequired"
    assert "  environment: the client secret is wrong (AADSTS7000215)\n" in text
    assert "  service-principal: the tenant has no app with this client id" in text
    assert "  cli: Please run 'az login'" in text
    assert "the job's own token" in text.splitlines()[4]
    assert text.splitlines()[5:] == [
        f"Run `az login --tenant {world.TENANT}` in a terminal and connect again."
    ]
    assert "wrong-secret-0123456789" not in text


def test_a_tenant_that_is_not_there(loopback, signed_in):
    env = chosen(loopback.service_principal_env(), "AZURE_")
    _, text = signed_in(env, method="environment", tenant=world.TENANT[:-1] + "9")
    assert "there is no such tenant" in text


def test_what_never_answers_is_given_up(loopback, signed_in):
    loopback.control.fail("login.microsoftonline.com", delay=30)
    env = chosen(loopback.service_principal_env(), "AZURE_")
    name, text = signed_in(env, method="environment", deadline=2)
    assert name == "Unreachable"
    assert "  environment: no answer" in text


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}, "the proxy"),
        ({"REQUESTS_CA_BUNDLE": "", "SSL_CERT_FILE": "", "CURL_CA_BUNDLE": ""}, "a certificate"),
    ],
)
def test_a_network_that_fails_is_told_from_a_refusal(loopback, signed_in, broken, sentence):
    env = chosen(loopback.service_principal_env(), "AZURE_") | broken
    name, text = signed_in(env, method="environment")
    assert name == "Unreachable"
    assert f"  environment: {sentence}" in text
