"""Who is signed in to Azure."""

from __future__ import annotations

from dataclasses import dataclass, field

from amlflow_jupyter.workspaces.azure.credential import SharedCredential


@dataclass(frozen=True)
class SignedIn:
    """An identity that is signed in to Azure.

    Attributes
    ----------
    credential
        Gives tokens, and renews them.
    method
        How it was signed in, as ``--auth`` names it, or a way that ``auto`` alone tries.
    title
        The same for people, such as ``"the Azure CLI"``.
    identity
        The user's name, or the app's.
    tenant
        Id of the tenant, where the token names one.
    """

    credential: SharedCredential = field(repr=False, compare=False)
    method: str
    title: str
    identity: str
    tenant: str | None
