"""The hosts that a target needs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from amlflow_jupyter.workspaces.azure import cloud
from amlflow_jupyter.workspaces.workspace import Workspace


@dataclass(frozen=True)
class Endpoint:
    """A host and its port.

    Attributes
    ----------
    host, port
        Where it listens.
    purpose
        What it is asked for.
    tls
        Whether it speaks TLS.
    """

    host: str
    port: int = 443
    purpose: str = ""
    tls: bool = True

    @property
    def name(self) -> str:
        """The host, with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Its address for HTTP."""
        return f"{'https' if self.tls else 'http'}://{self.name}"


def endpoints(workspace: Workspace | None) -> list[Endpoint]:
    """Return the hosts that a workspace needs, as far as they are known without asking."""
    if workspace is None:
        return []
    if workspace.kind == "azure":
        return _of_azure(workspace)
    if workspace.uri.startswith(("http:", "https:")):
        return [of_url(workspace.uri, "MLflow")]
    return []


def of_url(url: str, purpose: str) -> Endpoint:
    """Return the host of an http(s) address."""
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    return Endpoint(parts.hostname or "", parts.port or (443 if tls else 80), purpose, tls)


def _of_azure(workspace: Workspace) -> list[Endpoint]:
    current = cloud.current()
    found = [
        Endpoint(current.login, purpose="signing in"),
        of_url(current.management, "Azure's resource manager"),
    ]
    if workspace.azure is not None and workspace.azure.host:
        found.append(of_url(f"https://{workspace.azure.host}", "the workspace's services"))
    return found
