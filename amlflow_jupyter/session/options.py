"""What can be asked of a tracked run; the magic's flags and the Python API both become this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from amlflow_jupyter.capture import Parts
from amlflow_jupyter.errors import BadTarget


@dataclass(frozen=True)
class TrackOptions:
    """What can be asked of a tracked run.

    Attributes
    ----------
    name, experiment, description
        Of the run; None leaves them to MLflow.
    params, tags
        Recorded when the run starts.
    record
        Names of variables to record as params when the run ends; ``"all"`` means every plain
        scalar that the cell assigns at its top level.
    nested
        Make it a child of the run that is active already.
    resume
        Id or name of a run to continue, or ``"last"``.
    rerun
        ``"replace"`` deletes the earlier run of the same cell, restorably.
    autolog
        An MLflow flavor, or ``"all"``.
    parts
        What is captured.
    system_metrics
        Record CPU, memory and GPU while it runs.
    quiet
        Show nothing, unless something was not recorded.
    total
        How many steps the run will have, for a progress bar.
    """

    name: str | None = None
    experiment: str | None = None
    description: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    record: Literal["all"] | tuple[str, ...] = ()
    nested: bool = False
    resume: str | None = None
    rerun: Literal["new", "replace"] = "new"
    autolog: str | None = None
    parts: Parts = field(default_factory=Parts)
    system_metrics: bool = False
    quiet: bool = False
    total: int | None = None


def steps(total: int) -> int:
    """Return ``total`` as a number of steps.

    Raises
    ------
    BadTarget
        It is less than 1.
    """
    if total < 1:
        raise BadTarget(f"A run cannot have {total} steps: give 1 or more, or leave the total out.")
    return int(total)


@dataclass(frozen=True)
class Code:
    """The code that a run is about.

    Attributes
    ----------
    source
        Its text, where it is known.
    cell_id
        The front end's id of its cell, where there is one.
    namespace
        Where its variables live.
    """

    source: str | None = None
    cell_id: str | None = None
    namespace: Mapping[str, Any] = field(default_factory=dict)
