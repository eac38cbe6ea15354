"""Traces, kept among the artifacts of the run that they belong to, and searched there."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from amlflow_jupyter.tracking.mlflow2.files import RunFiles
from amlflow_jupyter.tracking.mlflow2.memory import Memory
from amlflow_jupyter.tracking.mlflow2.search import marked_runs
from amlflow_jupyter.tracking.mlflow2.trace_states import FOLDER, State, add_state, read_infos
from amlflow_jupyter.tracking.saying import say_once

_MARKER: Final = "amlflow_traces"
# Traces outside of runs have one run of their own in each experiment.
_HOME: Final = "amlflow_traces_home"
_SOURCE_RUN: Final = "mlflow.sourceRun"
_LOCATION: Final = "mlflow.artifactLocation"
_SPANS_LOCATION: Final = "mlflow.trace.spansLocation"
_MOST_REMEMBERED: Final = 10_000
_WORKERS: Final = 8
_NOTE: Final = (
    "This server keeps no traces: they are kept among the artifacts of their runs, in traces/, "
    "where mlflow.search_traces() finds them."
)


class Traces:
    """The traces of the runs of one server.

    Parameters
    ----------
    server
        What answers with MLflow 2's methods.
    tracking_uri
        The server's address; None takes MLflow's current one.
    """

    def __init__(self, server: Any, tracking_uri: str | None) -> None:
        self._server = server
        self._tracking_uri = tracking_uri

    def start(self, info: Any) -> Any:
        """Keep a trace's info; MLflow puts its spans beside it then."""
        from mlflow.utils.uri import append_to_uri_path

        say_once(_NOTE)
        run_id = info.trace_metadata.get(_SOURCE_RUN) or self._home(info.experiment_id)
        files = self._files(run_id)
        location = append_to_uri_path(files.uri, FOLDER, info.trace_id)
        info.tags |= {_LOCATION: location, _SPANS_LOCATION: "ARTIFACT_REPO"}
        for assessment in info.assessments:
            assessment.assessment_id = assessment.assessment_id or new_assessment_id()
        add_state(files, info.trace_id, {"info": info.to_dict()})
        _homes.put(info.trace_id, run_id)
        return info

    def info(self, trace_id: str) -> Any:
        """Return a trace's info.

        Raises
        ------
        MlflowException
            There is no such trace.
        """
        return read_infos(self._find(trace_id), [trace_id])[trace_id]

    def trace(self, trace_id: str) -> Any:
        """Return a trace with its spans."""
        from mlflow.entities import Trace, TraceData

        files = self._find(trace_id)
        info = read_infos(files, [trace_id])[trace_id]
        data = files.repository(f"{FOLDER}/{trace_id}").download_trace_data()
        return Trace(info, TraceData.from_dict(data))

    def add(self, trace_id: str, state: State) -> None:
        """Say something newer of a trace that is there."""
        add_state(self._find(trace_id), trace_id, state)

    def delete_tag(self, trace_id: str, key: str) -> None:
        """Take a tag away.

        Raises
        ------
        MlflowException
            The trace is not there, or has no such tag.
        """
        if key not in self.info(trace_id).tags:
            raise _not_found(trace_id, f"No tag with key '{key}' for trace with ID '{trace_id}'.")
        self.add(trace_id, {"tags": {key: None}})

    def search(
        self,
        experiment_ids: Iterable[str],
        filter_string: str | None = None,
        max_results: int = 100,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> tuple[list[Any], str | None]:
        """Return the infos that match, and the token of the next page."""
        from mlflow.utils.search_utils import SearchTraceUtils as Search

        infos = list(self._infos(marked_runs(self._server, experiment_ids, _MARKER)))
        found = Search.sort(Search.filter(infos, filter_string), order_by)
        page, token = Search.paginate(found, page_token, max_results)
        return page, token

    def delete(
        self,
        experiment_id: str,
        max_timestamp_millis: int | None = None,
        max_traces: int | None = None,
        trace_ids: list[str] | None = None,
    ) -> int:
        """Mark traces as deleted, the oldest first; return how many these are."""
        infos = self._infos(marked_runs(self._server, [experiment_id], _MARKER))
        found = sorted(infos, key=lambda info: int(info.request_time))
        if trace_ids is not None:
            found = [info for info in found if info.trace_id in trace_ids]
        if max_timestamp_millis is not None:
            found = [info for info in found if info.request_time <= max_timestamp_millis]
        for info in found[:max_traces]:
            self.add(info.trace_id, {"deleted": True})
        return len(found[:max_traces])

    def _infos(self, runs: Iterable[Any]) -> Iterator[Any]:
        """Yield the infos of all traces in runs, several runs at a time."""
        runs = list(runs)
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="amlflow-traces") as pool:
            for run, infos in zip(runs, pool.map(self._infos_of, runs), strict=True):
                for trace_id in infos:
                    _homes.put(trace_id, run.info.run_id)
                yield from infos.values()

    def _infos_of(self, run: Any) -> dict[str, Any]:
        return read_infos(RunFiles(run.info.artifact_uri, self._tracking_uri))

    def _find(self, trace_id: str) -> RunFiles:
        """Return the files among which a trace is kept."""
        run_id = _homes.get(trace_id)
        if run_id is None:
            everywhere = [each.experiment_id for each in self._experiments()]
            list(self._infos(marked_runs(self._server, everywhere, _MARKER)))
            run_id = _homes.get(trace_id)
        files = self._files(run_id) if run_id else None
        if files is None or trace_id not in read_infos(files, [trace_id]):
            raise _not_found(trace_id)
        return files

    def _experiments(self) -> Iterator[Any]:
        token = None
        while True:
            experiments = self._server.search_experiments(max_results=1000, page_token=token)
            yield from experiments
            token = experiments.token
            if not token:
                return

    def _files(self, run_id: str) -> RunFiles:
        """Return the files of a run, which is marked as one that has traces."""
        from mlflow.entities import RunTag

        uri = _marked.get(run_id)
        if uri is None:
            run = self._server.get_run(run_id)
            if _MARKER not in run.data.tags:
                self._server.set_tag(run_id, RunTag(_MARKER, "1"))
            uri = str(run.info.artifact_uri)
            _marked.put(run_id, uri)
        return RunFiles(uri, self._tracking_uri)

    def _home(self, experiment_id: str) -> str:
        """Return the run that holds an experiment's traces outside of runs."""
        key = (self._tracking_uri, str(experiment_id))
        with _making_home:
            run_id = _home_runs.get(key)
            if run_id is None:
                run = next(marked_runs(self._server, [experiment_id], _HOME), None)
                run_id = run.info.run_id if run else self._new_home(experiment_id)
                _home_runs.put(key, run_id)
            return run_id

    def _new_home(self, experiment_id: str) -> str:
        from mlflow.entities import RunStatus, RunTag

        now = time.time_ns() // 1_000_000
        tags = [RunTag("mlflow.runName", FOLDER), RunTag(_HOME, "1")]
        run = self._server.create_run(experiment_id, "unknown", now, tags, FOLDER)
        self._server.update_run_info(run.info.run_id, RunStatus.FINISHED, now, None)
        return str(run.info.run_id)


def new_assessment_id() -> str:
    """Return an id for an assessment, of MLflow's form."""
    return f"a-{uuid.uuid4().hex}"


def _not_found(trace_id: str, what: str | None = None) -> Exception:
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

    what = what or f"Trace with ID '{trace_id}' not found."
    error: Exception = MlflowException(what, RESOURCE_DOES_NOT_EXIST)
    return error


# Runs, by the traces that they hold; artifact URIs, by the runs that are marked; runs that hold the
# traces outside of runs, by the server and the experiment.
_homes: Final[Memory[str, str]] = Memory(_MOST_REMEMBERED)
_marked: Final[Memory[str, str]] = Memory(_MOST_REMEMBERED)
_home_runs: Final[Memory[tuple[str | None, str], str]] = Memory(_MOST_REMEMBERED)
_making_home: Final = threading.Lock()
