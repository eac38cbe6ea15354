"""The compute targets of a workspace: what they are, what they do, and whether that costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.resources import internals
from amlflow_jupyter.resources.asking import ask

# Azure's words for the kinds; others stay as they are.
_KINDS: Final = {"AmlCompute": "cluster", "ComputeInstance": "instance"}
# States in which an instance's virtual machine is not paid for.
_FREE: Final = {"stopped", "creating", "createfailed", "deleting", "deleted", "unknown", ""}
_PERIOD: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True)
class Size:
    """A size of virtual machines.

    Attributes
    ----------
    name
        Such as ``"Standard_DS3_v2"``.
    cores, gpus
        How many.
    memory_gb
        In GB.
    """

    name: str
    cores: int
    gpus: int
    memory_gb: float


@dataclass(frozen=True)
class Compute:
    """A compute target as it is now.

    Attributes
    ----------
    name, kind, state, region
        ``kind`` is ``"cluster"``, ``"instance"`` or Azure's own word for another.
    size, cores, gpus, memory_gb
        Of each of its machines, where the service tells.
    nodes, busy_nodes, min_nodes, max_nodes
        Of a cluster.
    idle_seconds
        How long it may idle before it shrinks, or stops.
    priority
        ``"dedicated"`` or ``"low priority"``.
    created_by, created
        Who made it, and when (ISO 8601).
    costs
        Why it costs money though nobody may use it; empty where it does not.
    problem
        What went wrong with it; empty where nothing did.
    attached
        Whether it was made elsewhere and only attached to the workspace.
    """

    name: str
    kind: str
    state: str
    region: str
    size: str | None = None
    cores: int | None = None
    gpus: int | None = None
    memory_gb: float | None = None
    nodes: int | None = None
    busy_nodes: int | None = None
    min_nodes: int | None = None
    max_nodes: int | None = None
    idle_seconds: int | None = None
    priority: str | None = None
    created_by: str | None = None
    created: str | None = None
    costs: str = ""
    problem: str = ""
    attached: bool = field(default=False)

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """Read a compute target as the service describes it; whatever is missing is not known."""
        outer = _mapping(answer.get("properties"))
        inner = _mapping(outer.get("properties"))
        kind = str(outer.get("computeType") or "unknown")
        read = {"AmlCompute": _cluster, "ComputeInstance": _instance}.get(kind, _other)
        created_by = _mapping(inner.get("createdBy")).get("userName")
        return cls(
            name=str(answer.get("name")),
            kind=_KINDS.get(kind, kind),
            region=str(outer.get("computeLocation") or answer.get("location") or ""),
            size=inner.get("vmSize"),
            created_by=created_by or _mapping(answer.get("systemData")).get("createdBy"),
            created=outer.get("createdOn"),
            problem=_problem(outer.get("provisioningErrors")) or _problem(inner.get("errors")),
            attached=bool(outer.get("isAttachedCompute")),
            **read(str(outer.get("provisioningState") or ""), inner),
        )


def computes(core: Any) -> list[Compute]:
    """Return the compute targets of an azureml-core workspace, by name.

    Raises
    ------
    AmlflowError
        They cannot be read.
    """
    doing = "The compute targets cannot be listed"
    answers = ask(core, doing, lambda: internals.computes(core))
    found = [Compute.of(answer) for answer in answers]
    known = {size.name.casefold(): size for size in _known_sizes(core)} if found else {}
    return sorted((_sized(one, known) for one in found), key=lambda one: one.name.casefold())


def compute(core: Any, name: str) -> Compute | None:
    """Return one compute target, or None where there is none of that name.

    Raises
    ------
    AmlflowError
        It cannot be read.
    """
    doing = f"The compute target {name!r} cannot be read"
    found = ask(core, doing, lambda: internals.computes(core, name))
    return Compute.of(found[0]) if found else None


def sizes(core: Any) -> list[Size]:
    """Return the sizes of virtual machines that the workspace's region has.

    Raises
    ------
    AmlflowError
        They cannot be read.
    """
    from azureml.core.compute import AmlCompute

    doing = "The sizes of virtual machines cannot be listed"
    return [
        Size(one["name"], int(one["vCPUs"]), int(one["gpus"]), float(one["memoryGB"]))
        for one in ask(core, doing, lambda: AmlCompute.supported_vmsizes(core))
    ]


_sizes: dict[tuple[str, str], list[Size]] = {}


def _known_sizes(core: Any) -> list[Size]:
    """Return the sizes, or none: a list of targets without their cores is a list all the same."""
    region = (str(core.subscription_id), str(core.location))
    if region not in _sizes:
        try:
            _sizes[region] = sizes(core)
        except AmlflowError:
            return []
    return _sizes[region]


def _sized(one: Compute, known: Mapping[str, Size]) -> Compute:
    size = known.get((one.size or "").casefold())
    if size is None:
        return one
    return replace(one, size=size.name, cores=size.cores, gpus=size.gpus, memory_gb=size.memory_gb)


def _cluster(provisioning: str, inner: Mapping[str, Any]) -> dict[str, Any]:
    scale = _mapping(inner.get("scaleSettings"))
    least, nodes = scale.get("minNodeCount"), inner.get("currentNodeCount")
    settled = provisioning == "Succeeded"
    idle = scale.get("nodeIdleTimeBeforeScaleDown") or scale.get("idleSecondsBeforeScaledown")
    return {
        "state": str(inner.get("allocationState") or provisioning) if settled else provisioning,
        "nodes": nodes,
        "busy_nodes": _mapping(inner.get("nodeStateCounts")).get("runningNodeCount"),
        "min_nodes": least,
        "max_nodes": scale.get("maxNodeCount"),
        "idle_seconds": _seconds(idle),
        "priority": _priority(inner.get("vmPriority")),
        "costs": f"keeps {least} {'node' if least == 1 else 'nodes'} also while idle"
        if least
        else "",
    }


def _instance(provisioning: str, inner: Mapping[str, Any]) -> dict[str, Any]:
    state = str(inner.get("state") or provisioning)
    return {
        "state": state,
        "idle_seconds": _seconds(inner.get("idleTimeBeforeShutdown")),
        "costs": "" if state.casefold() in _FREE else "runs until it is stopped",
    }


def _other(provisioning: str, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": provisioning}


def _priority(value: Any) -> str | None:
    if not value:
        return None
    return "low priority" if "low" in str(value).casefold() else str(value).casefold()


def _seconds(value: Any) -> int | None:
    """Read a duration as seconds: a number, or ISO 8601 such as ``"PT30M"``."""
    if isinstance(value, int | float):
        return int(value)
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _problem(errors: Any) -> str:
    """Return the first message among Azure's errors, however deep it stands."""
    if isinstance(errors, list | tuple):
        return next((found for one in errors if (found := _problem(one))), "")
    if isinstance(errors, Mapping):
        return str(errors.get("message") or "") or _problem(errors.get("error"))
    return errors if isinstance(errors, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
