"""What is known of traces: small files in one folder of a run, each saying something newer.

A file's name holds when it was written and the trace that it is about, so that one listing of the
folder tells what there is; files never change, so each is read once. Nothing here is undone by two
processes that speak of one trace at the same time.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from amlflow_jupyter.tracking.mlflow2.files import RunFiles, read_all

# A state is JSON with some of these keys:
#   info         the trace's info, as MLflow writes it
#   tags         tags by their names; null takes one away
#   assessments  assessments by their ids, as MLflow writes them; null takes one away
#   run          the id of the run that the trace was linked to
#   deleted      true
State = dict[str, Any]

FOLDER: Final = "traces"
_STATES: Final = f"{FOLDER}/states"
_NAME: Final = re.compile(r"\d+-(?P<trace>.+)-[0-9a-f]{4}\.json")
_SOURCE_RUN: Final = "mlflow.sourceRun"


def add_state(files: RunFiles, trace_id: str, state: State) -> None:
    """Say something newer of a trace."""
    name = f"{time.time_ns() // 1000:017d}-{trace_id}-{secrets.token_hex(2)}.json"
    files.write(f"{_STATES}/{name}", json.dumps(state, separators=(",", ":")))


def read_infos(files: RunFiles, only: Iterable[str] | None = None) -> dict[str, Any]:
    """Return MLflow's ``TraceInfo`` of the traces in a run, by their ids.

    Parameters
    ----------
    only
        Ids of the traces that are wanted; None takes all.

    Raises
    ------
    MlflowException
        A file cannot be read.
    """
    paths = defaultdict(list)
    wanted = None if only is None else set(only)
    for name in files.names(_STATES):
        match = _NAME.fullmatch(name)
        if match and (wanted is None or match["trace"] in wanted):
            paths[match["trace"]].append(f"{_STATES}/{name}")
    texts = dict(read_all((files, path) for several in paths.values() for path in several))
    merged = {
        trace_id: merge(_state(path, texts[path]) for path in several)
        for trace_id, several in paths.items()
    }
    return {trace_id: _info(state) for trace_id, state in merged.items() if _is_there(state)}


def merge(states: Iterable[State]) -> State:
    """Return what several states say together, the oldest given first."""
    result: State = {}
    for state in states:
        if "info" in state:
            result["info"] = state["info"]
        for part in ("tags", "assessments"):
            result[part] = {**result.get(part, {}), **state.get(part, {})}
        result |= {key: state[key] for key in ("run", "deleted") if key in state}
    return result


def _is_there(state: State) -> bool:
    return "info" in state and not state.get("deleted")


def _info(state: State) -> Any:
    from mlflow.entities import TraceInfo

    info = dict(state["info"])
    info["tags"] = _overlaid(info.get("tags", {}), state["tags"])
    first = {each["assessment_id"]: each for each in info.get("assessments", ())}
    info["assessments"] = list(_overlaid(first, state["assessments"]).values())
    if "run" in state:
        info["trace_metadata"] = {**info.get("trace_metadata", {}), _SOURCE_RUN: state["run"]}
    return TraceInfo.from_dict(info)


def _overlaid(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**old, **new}.items() if value is not None}


def _state(path: str, text: str | Exception) -> State:
    from mlflow.exceptions import MlflowException

    reason = text if isinstance(text, Exception) else None
    try:
        state: State = {} if isinstance(text, Exception) else json.loads(text)
    except ValueError as error:
        reason = error
    if reason is not None:
        raise MlflowException(f"What is kept of a trace in {path} cannot be read: {reason}")
    return state
