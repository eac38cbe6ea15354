"""The ways of signing in to Azure, each with what it needs and how it is done.

Each makes a credential of azure-identity. Nothing here asks the network before it is used.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from amlflow_jupyter.workspaces.azure import cloud
from amlflow_jupyter.workspaces.azure.surroundings import job_run

#: Shows a person what to do: an address and a code, or that a browser opens.
Tell = Callable[[str], None]

_SECRET: Final = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
_CERTIFICATE: Final = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH")
_USER: Final = ("AZURE_CLIENT_ID", "AZURE_USERNAME", "AZURE_PASSWORD")
# azureml-core's names for the same.
_AZUREML: Final = (
    "AZUREML_SERVICE_PRINCIPAL_TENANT_ID",
    "AZUREML_SERVICE_PRINCIPAL_ID",
    "AZUREML_SERVICE_PRINCIPAL_PASSWORD",
)
_WORKLOAD: Final = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE")
_TEXT_BROWSERS: Final = frozenset({"w3m", "www-browser", "lynx", "links", "elinks"})


@dataclass(frozen=True)
class Method:
    """A way of signing in.

    Attributes
    ----------
    name
        As ``--auth`` takes it; several methods may share one.
    title
        As people are told which one was used.
    absent
        Says why it cannot be tried here, without the network; None where it can.
    build
        Makes the credential, for a tenant, with seconds to wait and a way to tell a person.
    asks
        Whether it needs a person.
    keeps
        Whether the credential itself holds what later tokens are got with.
    begun
        Variables each of which shows that someone set it up, if only in part.
    """

    name: str
    title: str
    absent: Callable[[], str | None]
    build: Callable[[str | None, float, Tell], Any]
    asks: bool = False
    keeps: bool = False
    begun: tuple[str, ...] = ()


def _missing(*names: str) -> Callable[[], str | None]:
    def reason() -> str | None:
        missing = [name for name in names if not os.environ.get(name)]
        if not missing:
            return None
        listed = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        return f"{listed} {'is' if len(missing) == 1 else 'are'} not set"

    return reason


def _no_environment() -> str | None:
    if any(all(os.environ.get(name) for name in names) for names in (_SECRET, _CERTIFICATE, _USER)):
        return None
    if any(os.environ.get(name) for name in ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_ID")):
        return _missing(*_SECRET)()
    return "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not set"


def _no_job() -> str | None:
    return None if job_run() else "this is no job of Azure ML"


def _job(_tenant: str | None, _seconds: float, _tell: Tell) -> Any:
    from amlflow_jupyter.workspaces.azure.job import JobCredential

    run = job_run()
    assert run is not None  # noqa: S101 - it is asked for where there is one
    return JobCredential(run)


def _environment(tenant: str | None, seconds: float, _tell: Tell) -> Any:
    from azure.identity import CertificateCredential, EnvironmentCredential

    if all(os.environ.get(name) for name in _SECRET):
        return _secret(_SECRET)(tenant, seconds, _tell)
    if all(os.environ.get(name) for name in _CERTIFICATE):
        own, client, path = (os.environ[name] for name in _CERTIFICATE)
        password = os.environ.get("AZURE_CLIENT_CERTIFICATE_PASSWORD")
        return CertificateCredential(
            tenant or own, client, path, password=password, **_network(seconds)
        )
    return EnvironmentCredential(**_network(seconds))


def _secret(names: tuple[str, str, str]) -> Callable[[str | None, float, Tell], Any]:
    def build(tenant: str | None, seconds: float, _tell: Tell) -> Any:
        from azure.identity import ClientSecretCredential

        own, client, secret = (os.environ[name] for name in names)
        return ClientSecretCredential(tenant or own, client, secret, **_network(seconds))

    return build


def _workload(tenant: str | None, seconds: float, _tell: Tell) -> Any:
    from azure.identity import WorkloadIdentityCredential

    return WorkloadIdentityCredential(tenant_id=tenant, **_network(seconds))


def _no_managed_identity() -> str | None:
    if os.environ.get("IDENTITY_ENDPOINT") or os.environ.get("MSI_ENDPOINT"):
        return None
    return "this computer offers none (IDENTITY_ENDPOINT and MSI_ENDPOINT are not set)"


def _managed(_tenant: str | None, seconds: float, _tell: Tell) -> Any:
    from azure.identity import ManagedIdentityCredential

    # A compute of Azure ML names the identity that was assigned to it.
    client = os.environ.get("DEFAULT_IDENTITY_CLIENT_ID") or os.environ.get("AZURE_CLIENT_ID")
    return ManagedIdentityCredential(client_id=client, **_network(seconds))


def _no_command(command: str, install: str) -> Callable[[], str | None]:
    def reason() -> str | None:
        return None if shutil.which(command) else f"{command} is not installed ({install})"

    return reason


def _cli(tenant: str | None, seconds: float, _tell: Tell) -> Any:
    from azure.identity import AzureCliCredential

    return AzureCliCredential(tenant_id=tenant or "", process_timeout=_whole(seconds))


def _developer_cli(tenant: str | None, seconds: float, _tell: Tell) -> Any:
    from azure.identity import AzureDeveloperCliCredential

    return AzureDeveloperCliCredential(tenant_id=tenant or "", process_timeout=_whole(seconds))


def _powershell(tenant: str | None, seconds: float, _tell: Tell) -> Any:
    from azure.identity import AzurePowerShellCredential

    return AzurePowerShellCredential(tenant_id=tenant or "", process_timeout=_whole(seconds))


def _no_databricks() -> str | None:
    if "DATABRICKS_RUNTIME_VERSION" not in os.environ:
        return "this is no Databricks cluster"
    return None if _dbutils() is not None else "the notebook has no dbutils"


def _dbutils() -> Any:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns.get("dbutils") if shell else None


def _databricks(_tenant: str | None, _seconds: float, _tell: Tell) -> Any:
    from amlflow_jupyter.workspaces.azure.cluster import ClusterCredential

    return ClusterCredential(_dbutils())


def _no_browser() -> str | None:
    """Say why no browser can be opened that this process would hear from."""
    import webbrowser

    if os.environ.get("SSH_CONNECTION") or os.environ.get("KUBERNETES_SERVICE_HOST"):
        return "this is a remote computer"
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not display:
        return "this computer has no display"
    try:
        name = getattr(webbrowser.get(), "name", "")
    except webbrowser.Error:
        return "no browser is installed"
    return f"{name} shows text only" if name in _TEXT_BROWSERS else None


def _browser(tenant: str | None, seconds: float, tell: Tell) -> Any:
    from azure.identity import InteractiveBrowserCredential

    tell(f"Sign in to Azure in the browser window that opens. {_waiting(seconds)}")
    return InteractiveBrowserCredential(
        timeout=_whole(seconds), disable_automatic_authentication=True, **_person(tenant)
    )


def _device(tenant: str | None, seconds: float, tell: Tell) -> Any:
    from azure.identity import DeviceCodeCredential

    def prompt(address: str, code: str, _expires: object) -> None:
        tell(f"To sign in to Azure, open {address} and enter the code {code}. {_waiting(seconds)}")

    return DeviceCodeCredential(
        timeout=_whole(seconds),
        prompt_callback=prompt,
        disable_automatic_authentication=True,
        **_person(tenant),
    )


def _waiting(seconds: float) -> str:
    return f"Waiting for up to {seconds:.0f} s; interrupt the kernel to stop."


def _always() -> None:
    return None


def _network(seconds: float) -> Mapping[str, Any]:
    """Return what keeps azure-identity from trying for minutes."""
    return {
        "authority": cloud.current().login,
        "connection_timeout": seconds,
        "read_timeout": seconds,
        "retry_total": 1,
    }


def _tenants(tenant: str | None) -> Mapping[str, Any]:
    return {"tenant_id": tenant} if tenant else {}


def _person(tenant: str | None) -> Mapping[str, Any]:
    return {"authority": cloud.current().login, "retry_total": 1, **_tenants(tenant)}


def _whole(seconds: float) -> int:
    return max(1, round(seconds))


#: In the order in which they are tried: what cannot hang first, what needs a person last.
METHODS: Final = (
    Method("job", "the job's own token", _no_job, _job, keeps=True),
    Method(
        "environment",
        "the AZURE_* variables",
        _no_environment,
        _environment,
        begun=("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_PASSWORD"),
    ),
    Method(
        "service-principal",
        "the AZUREML_SERVICE_PRINCIPAL_* variables",
        _missing(*_AZUREML),
        _secret(_AZUREML),
        begun=_AZUREML,
    ),
    Method("workload", "workload identity", _missing(*_WORKLOAD), _workload),
    Method("managed", "managed identity", _no_managed_identity, _managed),
    Method("databricks", "the Databricks cluster", _no_databricks, _databricks),
    Method(
        "cli",
        "the Azure CLI",
        _no_command("az", "https://aka.ms/installazurecli"),
        _cli,
    ),
    Method("azd", "azd", _no_command("azd", "https://aka.ms/azure-dev"), _developer_cli),
    Method("powershell", "Azure PowerShell", _no_command("pwsh", "PowerShell 7"), _powershell),
    Method("browser", "a browser", _no_browser, _browser, asks=True, keeps=True),
    Method("device", "a device code", _always, _device, asks=True, keeps=True),
)
