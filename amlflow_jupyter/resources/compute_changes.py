"""Make, start, stop and delete compute targets, and watch until they have."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from amlflow_jupyter.errors import ConnectionFailed
from amlflow_jupyter.resources.asking import ask
from amlflow_jupyter.resources.compute import Compute, compute, computes, sizes
from amlflow_jupyter.resources.failures import ResourceFailed

# Seconds between two questions: the first come soon, because much is done soon.
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 5.0
# Questions in a row that may go unanswered before watching is given up.
_MOST_FAILURES: Final = 5


@dataclass(frozen=True)
class Scale:
    """How a cluster grows and shrinks.

    Attributes
    ----------
    min_nodes, max_nodes
        Its bounds.
    idle_seconds
        How long a node idles before it is given back.
    low_priority
        Whether its nodes are cheaper ones, which Azure may take away at any time.
    """

    min_nodes: int = 0
    max_nodes: int = 1
    idle_seconds: int = 120
    low_priority: bool = False


def create_cluster(core: Any, name: str, size: str, scale: Scale) -> None:
    """Begin to make a cluster.

    Raises
    ------
    AmlflowError
        There is one of this name, there is no such size, or Azure refuses.
    """
    from azureml.core.compute import AmlCompute, ComputeTarget

    size = _checked(core, name, size)

    def make() -> None:
        wanted = AmlCompute.provisioning_configuration(
            vm_size=size,
            vm_priority="lowpriority" if scale.low_priority else "dedicated",
            min_nodes=scale.min_nodes,
            max_nodes=scale.max_nodes,
            idle_seconds_before_scaledown=scale.idle_seconds,
        )
        ComputeTarget.create(core, name, wanted)

    ask(core, f"The cluster {name!r} cannot be made", make)


def create_instance(core: Any, name: str, size: str) -> None:
    """Begin to make a compute instance, which then runs until it is stopped.

    Raises
    ------
    AmlflowError
        As of :func:`create_cluster`.
    """
    from azureml.core.compute import ComputeInstance, ComputeTarget

    size = _checked(core, name, size)

    def make() -> None:
        wanted = ComputeInstance.provisioning_configuration(vm_size=size)
        ComputeTarget.create(core, name, wanted)

    ask(core, f"The compute instance {name!r} cannot be made", make)


def start(core: Any, name: str) -> bool:
    """Begin to start an instance; return False if it runs already.

    Raises
    ------
    AmlflowError
        There is no such instance, or Azure refuses.
    """
    return _turn(core, name, "start", "Running")


def stop(core: Any, name: str) -> bool:
    """Begin to stop an instance; return False if it has stopped already.

    Raises
    ------
    AmlflowError
        As of :func:`start`.
    """
    return _turn(core, name, "stop", "Stopped")


def delete(core: Any, name: str) -> None:
    """Begin to delete a target; one that was made elsewhere is only detached.

    Raises
    ------
    AmlflowError
        There is no such target, or Azure refuses.
    """
    known = existing(core, name)

    def remove() -> None:
        target = _target(core, name)
        (target.detach if known.attached else target.delete)()

    ask(core, f"The compute target {name!r} cannot be deleted", remove)


def existing(core: Any, name: str) -> Compute:
    """Return a compute target.

    Raises
    ------
    AmlflowError
        There is none of this name.
    """
    if found := compute(core, name):
        return found
    known = ", ".join(one.name for one in computes(core))
    raise ResourceFailed(
        f"There is no compute target {name!r} in this workspace: it has {known or 'none'}."
    )


def watch(
    core: Any,
    name: str,
    done: Callable[[Compute | None], bool],
    tell: Callable[[Compute | None], None],
) -> Compute | None:
    """Ask for a target again and again until it is ``done``; return it as it then is.

    Parameters
    ----------
    done
        Whether what is waited for has come; None stands for a target that is gone.
    tell
        Called with each answer.

    Raises
    ------
    AmlflowError
        It failed, or Azure does not answer.
    """
    pause, failures = _FIRST_PAUSE, 0
    while True:
        try:
            found = compute(core, name)
            failures = 0
        except ConnectionFailed:
            failures += 1
            if failures > _MOST_FAILURES:
                raise
        else:
            tell(found)
            if found is not None and found.state.endswith("Failed"):
                raise ResourceFailed(f"{name!r}: {found.state}. {found.problem}".rstrip())
            if done(found):
                return found
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def is_made(found: Compute | None) -> bool:
    """Whether a target is ready to be used."""
    if found is None:
        return False
    if found.kind == "cluster":
        return found.state in ("Steady", "Resizing", "Succeeded")
    return found.state in ("Running", "Succeeded")


def is_running(found: Compute | None) -> bool:
    """Whether an instance runs; it may run a job."""
    return found is not None and found.state.endswith("Running")


def has_stopped(found: Compute | None) -> bool:
    """Whether an instance has stopped."""
    return found is not None and found.state == "Stopped"


def is_gone(found: Compute | None) -> bool:
    """Whether a target is there no more."""
    return found is None


def _turn(core: Any, name: str, verb: str, wanted: str) -> bool:
    known = existing(core, name)
    if known.kind != "instance":
        raise ResourceFailed(
            f"{name!r} is a {known.kind}: only instances start and stop. A cluster takes and gives "
            "back its nodes by itself."
        )
    if known.state.endswith(wanted):
        return False

    def turn() -> None:
        getattr(_target(core, name), verb)()

    ask(core, f"The compute instance {name!r} does not {verb}", turn)
    return True


def _target(core: Any, name: str) -> Any:
    from azureml.core.compute import ComputeTarget

    return ComputeTarget(core, name)


def _checked(core: Any, name: str, size: str) -> str:
    """Return the size as Azure writes it, once nothing of this name is there to be changed."""
    if found := compute(core, name):
        raise ResourceFailed(
            f"There is a compute target {name!r} already, a {found.kind} that is {found.state}: "
            f"use it, choose another name, or delete it with %aml_compute delete {name}."
        )
    known = {one.name.casefold(): one.name for one in sizes(core)}
    if exact := known.get(size.casefold()):
        return exact
    close = difflib.get_close_matches(size.casefold(), known, n=5, cutoff=0.4)
    hint = f": it has {', '.join(known[one] for one in close)}" if close else ""
    raise ResourceFailed(f"The region {core.location} has no size {size!r}{hint}.")
