"""What is known of an Azure ML workspace beyond its tracking URI."""

from __future__ import annotations

from dataclasses import dataclass

from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.signed_in import SignedIn


@dataclass(frozen=True)
class AzureFacts:
    """What is known of a workspace; what is not yet is found out when it is opened.

    Attributes
    ----------
    address
        Which one it is.
    host
        The host of its services; empty before it is known.
    region
        Where it is.
    auth
        How to sign in: one of ``credentials.AUTH``.
    tenant
        The tenant to sign in to; once signed in, the one that was signed in to.
    signed_in
        Who is signed in, once it is opened.
    """

    address: Address
    host: str = ""
    region: str = ""
    auth: str = "auto"
    tenant: str | None = None
    signed_in: SignedIn | None = None
