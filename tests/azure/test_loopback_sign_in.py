"""Real credentials sign in to the loopback workspace, and fail as they do at Azure."""

from __future__ import annotations

import pytest
from loopback import world

# What each snippet starts with: a sign-in's outcome in one line.
SHOW = """
import os, threading, time
from azure import identity
from loopback import Control

control = Control(os.environ["LOOPBACK_CONTROL"])
tenant = {tenant!r}
scope = "https://management.azure.com/.default"

def show(credential):
    try:
        token = credential.get_token(scope)
        print("signed in")
        return token.token
    except Exception as error:
        print(type(error).__name__, " ".join(str(error).split()))

def answering(answer):
    def wait():
        while not control.device_codes():
            time.sleep(0.05)
        answer()
    threading.Thread(target=wait).start()
"""


@pytest.fixture
def signing_in(loopback, run_bare_python, request):
    """Run a snippet after ``SHOW``, and return the lines it printed."""

    def run(code: str, **options) -> list[str]:
        start = SHOW.format(tenant=loopback.tenant_id)
        path = {"PYTHONPATH": str(request.path.parent)}
        env = {**path, **options.pop("env", {})}
        return run_bare_python(start + code, env=env, **options).out.splitlines()

    return run


def test_a_service_principal(signing_in):
    out = signing_in("""
show(identity.EnvironmentCredential())
client, secret = os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
show(identity.ClientSecretCredential(tenant, client, secret))
show(identity.ClientSecretCredential(tenant, client, "wrong"))
show(identity.ClientSecretCredential(tenant, tenant, secret))
show(identity.ClientSecretCredential("no-such-tenant", client, secret))
""")
    assert out[:2] == ["signed in"] * 2
    assert "AADSTS7000215: Invalid client secret" in out[2]
    assert "AADSTS700016: Application with identifier" in out[3]
    assert "ClientAuthenticationError" in out[4]


def test_the_azure_cli(loopback, signing_in):
    code = "\nshow(identity.AzureCliCredential())\n"
    (out,) = signing_in(code, signed_in=False)
    assert out.startswith("CredentialUnavailableError Please run 'az login'")
    loopback.az_login()
    assert signing_in(code, signed_in=False) == ["signed in"]
    (out,) = signing_in(
        f"\nshow(identity.AzureCliCredential(tenant_id={world.TENANT[:-1] + '9'!r}))\n"
    )
    assert "AADSTS90002" in out


def test_a_managed_identity_of_either_kind(loopback, signing_in):
    code = "\nshow(identity.ManagedIdentityCredential())\n"
    for style in ("app", "compute"):
        env = loopback.managed_identity_env(style)
        assert signing_in(code, env=env, signed_in=False) == ["signed in"]
        secret = {name: "wrong" for name in env if not name.endswith("ENDPOINT")}
        (out,) = signing_in(code, env={**env, **secret}, signed_in=False)
        assert "Error" in out


def test_a_device_code_is_approved_declined_or_too_late(signing_in):
    out = signing_in(
        """
said = lambda uri, code, end: None
control.token_lifetime = 2
answering(control.approve_device_code)
credential = identity.DeviceCodeCredential(tenant_id=tenant, prompt_callback=said)
first = show(credential)
time.sleep(2)
print("refreshed", show(credential) != first)
answering(control.decline_device_code)
show(identity.DeviceCodeCredential(tenant_id=tenant, prompt_callback=said))
control.device_code_lifetime = 1
show(identity.DeviceCodeCredential(tenant_id=tenant, prompt_callback=said))
""",
        signed_in=False,
    )
    assert out[:3] == ["signed in", "signed in", "refreshed True"]
    assert "AADSTS70018" in out[3]
    assert out[4].startswith("ClientAuthenticationError")


def test_a_browser(loopback, signing_in):
    code = "\nshow(identity.InteractiveBrowserCredential(tenant_id=tenant, timeout=20))\n"
    assert signing_in(code, env=loopback.browser_env(), signed_in=False) == ["signed in"]


def test_azureml_cores_own_ways(loopback, run_bare_python):
    out = run_bare_python(
        """
        import os
        from azureml.core import Workspace
        from azureml.core.authentication import MsiAuthentication, ServicePrincipalAuthentication
        names = "TENANT_ID", "ID", "PASSWORD"
        given = [os.environ["AZUREML_SERVICE_PRINCIPAL_" + name] for name in names]
        for auth in (ServicePrincipalAuthentication(*given), MsiAuthentication()):
            workspace = Workspace.from_config(auth=auth)
            print(workspace.name, workspace.location, workspace.get_mlflow_tracking_uri())
            print(sorted(Workspace.list(workspace.subscription_id, auth=auth)))
            print(sorted(Workspace.list(None, auth=auth)))
        """,
        env=loopback.managed_identity_env("compute"),
    ).out.splitlines()
    assert out[:3] == out[3:]
    assert out[0] == f"loopback westeurope {loopback.tracking_uri}?"
    assert out[1] == "['course', 'loopback', 'vision']"
    assert out[2] == "['course', 'forecasts', 'loopback', 'vision']"


def test_another_tenants_token_finds_no_subscription(run_bare_python):
    done = run_bare_python(
        f"""
        import os
        from azureml.core import Workspace
        from azureml.core.authentication import ServicePrincipalAuthentication
        client, secret = os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
        auth = ServicePrincipalAuthentication({world.OTHER_TENANT!r}, client, secret)
        Workspace.from_config(auth=auth)
        """,
        check=False,
    )
    assert f"You are currently logged-in to {world.OTHER_TENANT} tenant" in done.err
