"""Azure's clouds: the public one, China's, and the US government's."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Final

# What azureml-core and azureml-mlflow read, too.
_VARIABLE: Final = "AZUREML_CURRENT_CLOUD"
# The names of Azure ML's hosts, in each cloud. The whole name is looked at: what stands before the
# end may be read as another host's, such as ``evil.example\.azureml.ms``.
_SERVICE: Final = re.compile(
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:azureml\.(?:ms|net)|ml\.azure\.(?:com|cn|us))",
    re.IGNORECASE,
)
# The same of storage accounts.
_STORAGE: Final = re.compile(
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\."
    r"(?:core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|storage\.azure\.net)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cloud:
    """Where the services of one cloud are.

    Attributes
    ----------
    name
        As azureml-core names it.
    management
        Address of the resource manager.
    resources
        The names under which tokens for it are asked for.
    login
        Host that signs people in.
    studio
        Address of Azure ML's web interface.
    services
        What the host names of a region's services end with.
    """

    name: str
    management: str
    resources: tuple[str, ...]
    login: str
    studio: str
    services: str

    @property
    def scope(self) -> str:
        """The scope of tokens; the workspace's services take those of the resource manager."""
        return f"{self.management}/.default"


_CLOUDS: Final = (
    Cloud(
        "AzureCloud",
        "https://management.azure.com",
        ("https://management.azure.com", "https://management.core.windows.net"),
        "login.microsoftonline.com",
        "https://ml.azure.com",
        "api.azureml.ms",
    ),
    Cloud(
        "AzureChinaCloud",
        "https://management.chinacloudapi.cn",
        ("https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn"),
        "login.chinacloudapi.cn",
        "https://studio.ml.azure.cn",
        "api.ml.azure.cn",
    ),
    Cloud(
        "AzureUSGovernment",
        "https://management.usgovcloudapi.net",
        ("https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net"),
        "login.microsoftonline.us",
        "https://ml.azure.us",
        "api.ml.azure.us",
    ),
)


def current() -> Cloud:
    """Return the cloud that ``AZUREML_CURRENT_CLOUD`` names; the public one by default."""
    name = os.environ.get(_VARIABLE)
    return next((cloud for cloud in _CLOUDS if cloud.name == name), _CLOUDS[0])


def is_service(host: str) -> bool:
    """Whether a host is one of Azure ML's: tokens are sent to no other."""
    return _SERVICE.fullmatch(host) is not None


def is_storage(host: str) -> bool:
    """Whether a host is a storage account of Azure's."""
    return _STORAGE.fullmatch(host) is not None
