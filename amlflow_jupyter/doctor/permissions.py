"""What an identity may do, by the rules of Azure's roles.

Resource Manager tells for each role that somebody has which actions it allows and which of these
it leaves out again. What is left of any of them is allowed. ``*`` stands for any text, slashes
included, and the case of letters does not matter.
(https://learn.microsoft.com/azure/role-based-access-control/role-definitions)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_PREFIX: Final = "Microsoft.MachineLearningServices/workspaces"


@dataclass(frozen=True)
class Need:
    """Something that amlflow does in a workspace.

    Attributes
    ----------
    purpose
        What it is, as what one "may not" do.
    actions
        Azure's actions for it, any of which is enough: the older and the newer interface of the
        service have different ones.
    essential
        Whether nothing can be tracked without it.
    """

    purpose: str
    actions: tuple[str, ...]
    essential: bool = False


# The service's documentation, "Manage access to Azure Machine Learning workspaces", names the
# actions of experiments, runs, artifacts, models and datastores.
NEEDS: Final = (
    Need("read the workspace", (f"{_PREFIX}/read",), essential=True),
    Need(
        "read experiments and runs",
        (f"{_PREFIX}/experiments/runs/read", f"{_PREFIX}/jobs/read"),
        essential=True,
    ),
    Need(
        "write runs",
        (f"{_PREFIX}/experiments/runs/write", f"{_PREFIX}/jobs/write"),
        essential=True,
    ),
    Need("make experiments", (f"{_PREFIX}/experiments/write", f"{_PREFIX}/jobs/write")),
    Need("write artifacts", (f"{_PREFIX}/metadata/artifacts/write", f"{_PREFIX}/artifacts/write")),
    Need("register models", (f"{_PREFIX}/models/write", f"{_PREFIX}/models/versions/write")),
    Need("read datastores", (f"{_PREFIX}/datastores/read",)),
)


def is_allowed(action: str, permissions: Iterable[Mapping[str, Any]]) -> bool:
    """Whether any role allows ``action``.

    Parameters
    ----------
    action
        Such as ``"Microsoft.MachineLearningServices/workspaces/read"``.
    permissions
        One for each role, as Resource Manager answers them: ``actions`` and ``notActions``, lists
        of patterns.
    """
    return any(
        _matches(action, _patterns(role, "actions"))
        and not _matches(action, _patterns(role, "notActions"))
        for role in permissions
    )


def missing(permissions: Sequence[Mapping[str, Any]]) -> list[Need]:
    """Return what amlflow needs and no role allows."""
    return [
        need
        for need in NEEDS
        if not any(is_allowed(action, permissions) for action in need.actions)
    ]


def _patterns(role: Mapping[str, Any], kind: str) -> list[str]:
    found = role.get(kind) or ()
    return [pattern for pattern in found if isinstance(pattern, str)]


def _matches(action: str, patterns: Iterable[str]) -> bool:
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), action, re.IGNORECASE)
        for pattern in patterns
    )
