"""A test authority, and the certificate with Azure's names that it signs."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

# Every name that the emulator answers for. The proxy refuses all others.
NAMES = (
    "management.azure.com",
    "login.microsoftonline.com",
    "login.windows.net",
    "graph.microsoft.com",
    "ml.azure.com",
    "*.api.azureml.ms",
    "*.workspace.westeurope.api.azureml.ms",
    "*.experiments.azureml.net",
    "*.modelmanagement.azureml.net",
    "*.blob.core.windows.net",
    "*.dfs.core.windows.net",
    "*.file.core.windows.net",
)


@dataclass(frozen=True)
class Certificates:
    """The files: of the authority (for clients), and of the server."""

    authority: Path
    server: Path

    def context(self) -> ssl.SSLContext:
        """Return what a server over TLS needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server)
        return context


def certificates(folder: Path) -> Certificates:
    """Return the certificates of a folder, made when they are not there yet."""
    import trustme

    made = Certificates(folder / "authority.pem", folder / "server.pem")
    if not made.server.exists():
        authority = trustme.CA(organization_name="Loopback workspace")
        leaf = authority.issue_cert(*NAMES, "localhost", "127.0.0.1")
        authority.cert_pem.write_to_path(str(made.authority))
        leaf.private_key_and_cert_chain_pem.write_to_path(str(made.server))
        made.server.chmod(0o600)
    return made
