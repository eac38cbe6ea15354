"""Which Azure ML workspace is meant: its address, in each form that people paste."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from amlflow_jupyter.errors import BadTarget

_ARM_ID: Final = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<name>[^/]+)",
    re.IGNORECASE,
)
# Dots alone would lead to another folder of the URL.
_PART: Final = re.compile(r"(?!\.+$)[\w.()-]+")
_FORM: Final = (
    "/subscriptions/…/resourceGroups/…/providers/Microsoft.MachineLearningServices/workspaces/NAME"
)
# Studio addresses end so in the public cloud, in China and in the US government's.
_STUDIO_HOSTS: Final = ("ml.azure.com", "ml.azure.cn", "studio.ml.azure.cn", "ml.azure.us")


@dataclass(frozen=True)
class Address:
    """The address of a workspace, as Azure's resource manager knows it.

    Attributes
    ----------
    subscription_id, resource_group, name
        Together they name one workspace. Azure tells their letters' case apart nowhere.
    """

    subscription_id: str
    resource_group: str
    name: str

    def __post_init__(self) -> None:
        """Refuse what cannot be a part of an address: it would lead elsewhere."""
        for part in (self.subscription_id, self.resource_group, self.name):
            if not _PART.fullmatch(part):
                raise BadTarget(
                    f"{part!r} cannot be the name of a subscription, a resource group or a "
                    "workspace: they hold letters, digits, and . _ - ( )."
                )

    @property
    def arm_id(self) -> str:
        """The resource id."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.name}"
        )

    @classmethod
    def from_arm_id(cls, text: str) -> Self:
        """Read a resource id.

        Raises
        ------
        BadTarget
            It is none of a workspace.
        """
        if not (match := _ARM_ID.fullmatch(text.rstrip("/"))):
            raise BadTarget(f"{text!r} is no workspace's resource id. It has the form {_FORM}.")
        return cls._of(match)

    @classmethod
    def from_uri(cls, uri: str) -> Self:
        """Read the tracking URI of a workspace: ``azureml://`` or the older ``adbazureml://``.

        Raises
        ------
        BadTarget
            It names no workspace.
        """
        parts = urlsplit(uri)
        if not (match := _ARM_ID.search(unquote(parts.path))):
            where = parts.hostname or "no host"
            raise BadTarget(
                f"The address at {where} names no workspace of Azure ML: its path ends in {_FORM}."
            )
        return cls._of(match)

    @classmethod
    def from_studio_url(cls, url: str) -> tuple[Self, str | None]:
        """Read the address of a page of the studio; return the workspace and the tenant.

        Raises
        ------
        BadTarget
            The address names no workspace.
        """
        query = parse_qs(urlsplit(url).query)
        match = _ARM_ID.search(query.get("wsid", [""])[0] or unquote(urlsplit(url).path))
        if not match:
            raise BadTarget(
                "This address of the studio names no workspace: open the workspace there and copy "
                "the address again, with what follows wsid=."
            )
        return cls._of(match), query.get("tid", [""])[0] or None

    @classmethod
    def _of(cls, match: re.Match[str]) -> Self:
        return cls(match["subscription"], match["group"], match["name"])

    def is_same(self, other: Address) -> bool:
        """Whether both name the same workspace."""
        return self.arm_id.casefold() == other.arm_id.casefold()


def is_arm_id(text: str) -> bool:
    """Whether ``text`` begins like a resource id."""
    return text.lower().startswith("/subscriptions/")


def is_studio_url(text: str) -> bool:
    """Whether ``text`` is the address of a page of Azure ML's studio."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme.lower() == "https" and parts.hostname in _STUDIO_HOSTS
