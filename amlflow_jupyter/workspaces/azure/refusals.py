"""What Azure's refusals mean, each in a sentence that says what to do."""

from __future__ import annotations

import re
from typing import Final

from amlflow_jupyter.errors import (
    AmlflowError,
    AuthenticationRequired,
    ConnectionFailed,
    NotAllowed,
)
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.asking import Answer
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.azure.signed_in import SignedIn

_GUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# Where Azure names the tenant that it wants a token of: a header, or a sentence.
_OTHER_TENANT: Final = re.compile(rf"(?:login\.[\w.]+|sts\.windows\.net)/({_GUID})")
_UNKNOWN: Final = 401
_FORBIDDEN: Final = 403


def of_workspace(answer: Answer, address: Address, signed_in: SignedIn) -> AmlflowError:
    """Return the error for the resource manager's refusal to show a workspace."""
    if answer.status == _UNKNOWN:
        return unknown(answer, signed_in)
    if answer.status == _FORBIDDEN:
        return forbidden(signed_in, f"read the workspace {address.name!r}")
    return _failed("Azure", answer)


def of_mlflow(answer: Answer, title: str, signed_in: SignedIn) -> AmlflowError:
    """Return the error for the refusal of a workspace's MLflow."""
    if answer.status == _UNKNOWN:
        return unknown(answer, signed_in)
    if answer.status == _FORBIDDEN:
        return forbidden(signed_in, f"use the {title}")
    if answer.status == 404:  # noqa: PLR2004 - not there
        return ConnectionFailed(
            f"The {title} is not there any more (status 404): check its name in the studio, "
            "https://ml.azure.com."
        )
    return _failed(title, answer)


def of_list(answer: Answer, credential: SharedCredential) -> AmlflowError:
    """Return the error for the resource manager's refusal to list something."""
    if answer.status == _UNKNOWN:
        return credential.signed_out()
    if answer.status == _FORBIDDEN:
        return NotAllowed(
            "What is in the subscription may not be listed (status 403): name the workspace by "
            "its resource id, or ask for the role “Reader” on the subscription."
        )
    return _failed("Azure", answer)


def what_is_missing(answer: Answer, address: Address) -> str:
    """Return what is not there, where a workspace is not: itself, its group, its subscription."""
    if answer.code == "SubscriptionNotFound":
        return f"There is no subscription {address.subscription_id} that you can see."
    if answer.code == "ResourceGroupNotFound":
        return f"There is no resource group {address.resource_group!r} in this subscription."
    return (
        f"There is no workspace {address.name!r} in the resource group {address.resource_group!r}."
    )


def unknown(answer: Answer, signed_in: SignedIn) -> AuthenticationRequired:
    """Return the error for a token that is not accepted; it may be another tenant's."""
    told = f"{answer.headers.get('WWW-Authenticate', '')} {answer.message}"
    others = [one for one in _OTHER_TENANT.findall(told) if one != signed_in.tenant]
    if not others:
        return signed_in.credential.signed_out()
    return AuthenticationRequired(
        f"The workspace belongs to the tenant {others[0]}, and {signed_in.identity} is signed in "
        f"to {signed_in.tenant or 'another'}: connect again with --tenant {others[0]} (with the "
        f"Azure CLI, run `az login --tenant {others[0]}` first)."
    )


def forbidden(signed_in: SignedIn, what: str) -> NotAllowed:
    """Return the error for an identity that lacks a permission."""
    return NotAllowed(
        f"{signed_in.identity} may not {what} (status 403): ask the workspace's owner for the "
        "role “AzureML Data Scientist” on it."
    )


def _failed(who: str, answer: Answer) -> ConnectionFailed:
    said = f" ({answer.message})" if answer.message else ""
    return ConnectionFailed(
        f"{who} answered with an error of its own (status {answer.status}){said}: try again later."
    )
