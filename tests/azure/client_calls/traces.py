"""Traces of MLflow 3."""

from __future__ import annotations

import mlflow

from client_calls.registry import call
from client_calls.workplace import Workplace


@mlflow.trace
def doubled(number: int) -> int:
    """Return twice the number."""
    return plus(number, number)


@mlflow.trace(span_type="TOOL", attributes={"kind": "sum"})
def plus(left: int, right: int) -> int:
    """Return the sum."""
    return left + right


@call("traces: mlflow.trace in a run, get_trace")
def get_trace(_: Workplace) -> None:
    with mlflow.start_run():
        trace = mlflow.get_trace(_traced(21), flush=True)
    assert [span.name for span in trace.data.spans] == ["doubled", "plus"]
    assert trace.data.spans[0].outputs == 42
    assert trace.data.spans[1].attributes["kind"] == "sum"


@call("traces: mlflow.trace without a run")
def trace_without_run(_: Workplace) -> None:
    trace = mlflow.get_trace(_traced(4), flush=True)
    assert trace.data.spans[0].inputs == {"number": 4}


@call("traces: search_traces of a run")
def search_traces(_: Workplace) -> None:
    with mlflow.start_run() as run:
        expected = {_traced(number) for number in (1, 2)}
        mlflow.flush_trace_async_logging()
    found = mlflow.search_traces(run_id=run.info.run_id, return_type="list")
    assert {trace.info.trace_id for trace in found} == expected
    assert {trace.data.spans[0].outputs for trace in found} == {2, 4}


@call("traces: search_traces by a tag")
def search_traces_by_tag(here: Workplace) -> None:
    mark = here.name("mark")
    with mlflow.start_run() as run:
        for number in (1, 2):
            with mlflow.start_span("step") as span:
                mlflow.update_current_trace(tags={"mark": f"{mark}-{number}"})
        mlflow.flush_trace_async_logging()
    found = mlflow.search_traces(
        locations=[run.info.experiment_id],
        filter_string=f"tags.mark = '{mark}-2'",
        return_type="list",
    )
    assert [trace.info.trace_id for trace in found] == [span.trace_id]


@call("traces: start_span with inputs and outputs")
def start_span(_: Workplace) -> None:
    with mlflow.start_run(), mlflow.start_span("outer") as outer:
        outer.set_inputs({"question": "Grüße?"})
        with mlflow.start_span("inner") as inner:
            inner.set_attribute("depth", 2)
        outer.set_outputs("done")
    trace = mlflow.get_trace(outer.trace_id, flush=True)
    assert [span.name for span in trace.data.spans] == ["outer", "inner"]
    assert trace.data.spans[0].inputs == {"question": "Grüße?"}
    assert str(trace.info.state) == "OK"


@call("traces: set_trace_tag, delete_trace_tag")
def trace_tags(_: Workplace) -> None:
    with mlflow.start_run():
        trace_id = _traced(3)
        mlflow.flush_trace_async_logging()
    mlflow.set_trace_tag(trace_id, "quality", "good")
    assert mlflow.get_trace(trace_id).info.tags["quality"] == "good"
    mlflow.delete_trace_tag(trace_id, "quality")
    assert "quality" not in mlflow.get_trace(trace_id).info.tags


@call("traces: log_feedback")
def log_feedback(_: Workplace) -> None:
    with mlflow.start_run():
        trace_id = _traced(5)
        mlflow.flush_trace_async_logging()
    mlflow.log_feedback(trace_id=trace_id, name="useful", value=True, rationale="It was.")
    (feedback,) = mlflow.get_trace(trace_id).info.assessments
    assert (feedback.name, feedback.value, feedback.rationale) == ("useful", True, "It was.")


def _traced(number: int) -> str:
    doubled(number)
    trace_id = mlflow.get_last_active_trace_id()
    assert trace_id
    return trace_id
