"""The doctor in front of a workspace: signing in, rights, hosts, and what each fault looks like."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Loopback, world

from amlflow_jupyter.doctor import Level, examine
from amlflow_jupyter.doctor.checks.catalogue import CHECKS
from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.subject import Subject, subject_of
from amlflow_jupyter.workspaces.azure.naming import signing_in
from amlflow_jupyter.workspaces.azure.opening import open_workspace

TERMINAL = Commands(python="/env/bin/python", on_windows=False, has_pip=True)
WORKSPACES = "Microsoft.MachineLearningServices/workspaces"

Look = Callable[..., list[Finding]]


class Nobody:
    """Is told and shows nothing."""

    def begins(self, check: object) -> None:
        pass

    def found(self, check: object, findings: object) -> None:
        pass


@pytest.fixture
def signed_in(
    loopback: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """Lead this process to the loopback workspace, as a service principal; azure-identity's way."""
    env = loopback.env(tmp_path / "home")
    kept = {name: value for name, value in os.environ.items() if name.startswith("AMLFLOW_")}
    for name in [name for name in os.environ if name not in env and name not in kept]:
        monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    for name, value in loopback.service_principal_env().items():
        if name.startswith("AZURE_"):
            monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
def nobody(signed_in: pytest.MonkeyPatch) -> None:
    """Sign nobody in."""
    signed_in.delenv("AZURE_CLIENT_SECRET")


@pytest.fixture
def look(signed_in: object, loopback: Loopback, tmp_path: Path) -> Look:  # noqa: ARG001 - it acts
    """Run some checks on the workspace, or on another target."""

    def run(*names: str, target: str = loopback.arm_id) -> list[Finding]:
        return checked(subject_of(target, tmp_path, TERMINAL), *names)

    return run


def checked(subject: Subject, *names: str) -> list[Finding]:
    """Run the checks of these names; none of them may fail itself or be too slow."""
    report = examine(subject, [check for check in CHECKS if check.name in names], Nobody())
    for finding in report.findings:
        assert "This check" not in finding.message
    return list(report.findings)


def at(level: Level, findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is level]


def failure(findings: list[Finding]) -> Finding:
    (found,) = at(Level.FAILURE, findings)
    return found


def test_all_is_well(look, loopback):
    found = look("proxies", "hosts", "clock", "credentials", "workspace")
    assert at(Level.FAILURE, found) == at(Level.WARNING, found) == []
    said = "\n".join(finding.message for finding in found)
    who = world.SERVICE_PRINCIPAL.client_id
    assert f"Signed in by the AZURE_* variables: app {who}" in said
    assert f"in the tenant {loopback.tenant_id}" in said
    assert "Its token holds for 60 minutes and is renewed by itself." in said
    assert "sees the workspace loopback in westeurope" in said
    assert "may do in it all that amlflow does" in said
    assert f"{world.STORAGE_ACCOUNT}.blob.core.windows.net (artifacts) is reached" in said
    assert "The MLflow of the workspace answers at westeurope.api.azureml.ms" in said
    assert "speaks MLflow 2: amlflow keeps MLflow 3's models in their runs" in said
    assert "The clock agrees with that of login.microsoftonline.com." in said
    assert world.SERVICE_PRINCIPAL.secret not in said
    assert "eyJ" not in said


def test_nothing_is_written(look, loopback):
    look("credentials", "workspace")
    written = [
        asked
        for asked in loopback.control.requests()
        if asked["method"] not in ("GET", "HEAD")
        and asked["host"] != "127.0.0.1"  # the stand-in for the Azure CLI
        and "/search" not in asked["path"]
        and "/token" not in asked["path"]
    ]
    assert written == []


@pytest.mark.usefixtures("nobody")
def test_nobody_is_signed_in(look):
    found = look("credentials", "workspace")
    assert failure(found).message == "Nothing signs you in to Azure."
    assert failure(found).remedy == "az login"
    reasons = [finding.message for finding in found if "Not signed in by" in finding.message]
    assert len(reasons) > 5
    assert any("AZURE_CLIENT_SECRET" in reason for reason in reasons)
    assert found[-1].message == "The workspace is not asked, because nobody is signed in."


@pytest.mark.usefixtures("nobody")
def test_the_azure_cli_is_signed_in(look, loopback):
    loopback.control.az_signed_in = True
    found = look("credentials")
    assert at(Level.FAILURE, found) == at(Level.WARNING, found) == []
    assert any("Signed in by the Azure CLI: " in finding.message for finding in found)


def test_a_wrong_secret(signed_in, look):
    signed_in.setenv("AZURE_CLIENT_SECRET", "not-the-right-secret-at-all")
    found = look("credentials")
    wrong = next(one for one in found if "the client secret is wrong" in one.message)
    assert wrong.level is Level.WARNING
    assert wrong.remedy == "export AZURE_CLIENT_SECRET=SECRET"
    assert failure(found).message == "Nothing signs you in to Azure."
    assert not any("not-the-right" in finding.message for finding in found)


def test_what_fails_after_something_worked_does_not_matter(look):
    found = look("credentials")
    cli = next(one for one in found if "the Azure CLI" in one.message)
    assert cli.level is Level.SKIPPED
    assert cli.remedy is None


def test_another_tenant(signed_in, look, loopback):
    other = next(tenant for tenant in world.TENANTS if tenant != loopback.tenant_id)
    signed_in.setenv("AZURE_TENANT_ID", other)
    found = failure(look("workspace"))
    assert f"The workspace belongs to the tenant {loopback.tenant_id}" in found.message
    assert found.remedy == f"az login --tenant {loopback.tenant_id}"


def test_a_reader(look, loopback):
    loopback.control.role = "Reader"
    found = look("workspace")
    assert "may not write runs" in failure(found).message
    (less,) = at(Level.WARNING, found)
    assert "may not make experiments, write artifacts, register models" in less.message
    assert failure(found).remedy == less.remedy
    who = world.SERVICE_PRINCIPAL.object_id
    assert less.remedy == (
        f"az role assignment create --assignee {who} --role 'AzureML Data Scientist' "
        f"--scope {loopback.arm_id}"
    )


def test_no_role_at_all(look, loopback):
    loopback.control.fail(r"GET management\.azure\.com/subscriptions/.*/workspaces/", 403)
    found = failure(look("workspace"))
    assert "may not read the workspace 'loopback' (status 403)" in found.message
    assert found.remedy
    assert found.remedy.startswith("az role assignment create --assignee ")


def test_roles_on_several_pages_and_what_they_leave_out(look, loopback):
    scope = f"https://management.azure.com{loopback.arm_id}/providers/Microsoft.Authorization"
    limited = {"actions": ["*"], "notActions": [f"{WORKSPACES}/experiments/RUNS/*"]}
    pages = [
        {"value": [{"actions": ["*/read"]}], "nextLink": f"{scope}/permissions?page=2"},
        {"value": [limited]},
    ]
    loopback.control.fail("page=2", 200, body=pages[1])
    loopback.control.fail("permissions.api-version", 200, body=pages[0])
    found = look("workspace")
    # Runs may be written as jobs, by the newer interface.
    assert at(Level.FAILURE, found) == at(Level.WARNING, found) == []
    limited["notActions"].append(f"{WORKSPACES}/jobs/write")
    loopback.control.clear()
    loopback.control.fail("page=2", 200, body=pages[1])
    loopback.control.fail("permissions.api-version", 200, body=pages[0])
    assert "may not write runs" in failure(look("workspace")).message


def test_a_page_elsewhere_is_not_asked_for(look, loopback):
    answer = {"value": [{"actions": ["*"]}], "nextLink": "https://evil.example/permissions"}
    loopback.control.fail("permissions.api-version", 200, body=answer)
    found = look("workspace")
    assert at(Level.FAILURE, found) == []
    assert not [one for one in loopback.control.requests() if "evil" in one["host"]]


def test_rights_that_cannot_be_asked(look, loopback):
    loopback.control.fail("Microsoft.Authorization/permissions", 500)
    found = look("workspace")
    assert at(Level.FAILURE, found) == []
    assert any("could not be asked" in one.message for one in at(Level.SKIPPED, found))


def test_a_workspace_that_is_not_there(look, loopback):
    found = failure(look("workspace", target=loopback.arm_id.replace("loopback", "nowhere")))
    assert found.remedy == "%aml_connect azure"


def test_a_token_that_soon_ends(look, loopback):
    loopback.control.token_lifetime = 100
    (short,) = at(Level.WARNING, look("credentials"))
    assert "only, and must be renewed that often" in short.message


def test_a_token_that_has_ended_by_this_clock(look, loopback):
    loopback.control.token_lifetime = -7_200
    found = failure(look("credentials"))
    assert "Its token expired 120 minutes ago, by the clock of this computer" in found.message
    assert found.remedy


@pytest.mark.usefixtures("signed_in")
def test_a_connected_notebook_whose_tokens_were_revoked(loopback, tmp_path):
    named = subject_of(loopback.arm_id, tmp_path, TERMINAL).workspace
    assert named
    workspace = open_workspace(named, 5, 20)
    loopback.control.revoke_tokens()
    found = checked(
        subject_of(None, tmp_path, TERMINAL, workspace), "credentials", "hosts", "workspace"
    )
    assert at(Level.FAILURE, found) == []
    assert "The notebook is signed in by the AZURE_* variables" in "\n".join(
        finding.message for finding in found
    )
    assert sum("westeurope.api.azureml.ms (the workspace's" in one.message for one in found) == 1


def test_a_workspace_whose_mlflow_fails(look, loopback):
    loopback.control.fail("/mlflow/v2.0/", 503)
    assert "an error of its own (status 503)" in failure(look("workspace")).message


@pytest.mark.usefixtures("signed_in")
def test_an_azure_that_is_too_slow(loopback, tmp_path):
    loopback.control.fail(r"GET management\.azure\.com", delay=3)
    named = subject_of(loopback.arm_id, tmp_path, TERMINAL)
    subject = Subject(named.workspace, None, 0.5, TERMINAL, named.access)
    found = failure(checked(subject, "workspace"))
    assert "management.azure.com cannot be reached" in found.message
    assert found.remedy == "curl -v https://management.azure.com"


def test_an_authority_that_is_not_trusted(signed_in, look, loopback):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        signed_in.delenv(name)
    found = look("hosts", "credentials")
    hosts = [one for one in at(Level.FAILURE, found) if one.check == "hosts"]
    assert len(hosts) == 2
    for one in hosts:
        assert "is vouched for by Loopback workspace, whom Python's clients do not" in one.message
        assert one.remedy == f"export REQUESTS_CA_BUNDLE={loopback.folder / 'authority.pem'}"
    used = next(one for one in found if "the AZURE_* variables" in one.message)
    assert "a certificate that this computer does not trust" in used.message
    assert used.remedy == "curl -v https://login.microsoftonline.com"


def test_an_azure_that_does_not_answer(signed_in, loopback, tmp_path):
    for name in ("HTTPS_PROXY", "https_proxy"):
        signed_in.setenv(name, "http://127.0.0.1:9")
    named = subject_of(loopback.arm_id, tmp_path, TERMINAL).workspace
    assert named
    chosen = signing_in(named, "environment", None)
    subject = subject_of(None, tmp_path, TERMINAL, chosen)
    assert "Azure does not answer" in failure(checked(subject, "credentials")).message


def test_a_proxy_that_is_gone(signed_in, look):
    for name in ("HTTPS_PROXY", "https_proxy"):
        signed_in.setenv(name, "http://127.0.0.1:9")
    found = look("proxies", "hosts", "clock", "workspace")
    assert failure(found).check == "proxies"
    assert failure(found).remedy == "unset HTTPS_PROXY https_proxy"


def test_any_workspace(look):
    found = look("target", "credentials", "workspace", target="azure")
    assert at(Level.FAILURE, found) == []
    for workspace in world.WORKSPACES:
        assert workspace.name in found[-1].message


def test_without_workspaces(look, loopback):
    loopback.control.fail(r"GET management\.azure\.com/subscriptions\?", 200, body={"value": []})
    found = failure(look("workspace", target="azure"))
    assert "sees no workspace" in found.message


def test_the_command(run_python):
    code = "from amlflow_jupyter.cli import main; raise SystemExit(main({}))"
    done = run_python(code.format(["doctor", "config.json", "--json"]), check=False)
    document = json.loads(done.out)
    assert document["target"] == "Azure ML workspace loopback"
    assert document["summary"]["failure"] == done.code == 0, done.out
    assert world.SERVICE_PRINCIPAL.secret not in done.out + done.err
    refused = run_python(code.format(["doctor", "config.json"]), signed_in=False, check=False)
    assert refused.code == 1
    assert "FAILURE  Sign-in: Nothing signs you in to Azure." in refused.out
    assert refused.out.rstrip().splitlines()[-1].startswith("1 failure, ")
