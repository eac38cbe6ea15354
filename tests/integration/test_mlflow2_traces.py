"""Traces are kept and found on a server that knows none."""

from __future__ import annotations

import subprocess
import sys

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource
from mlflow.exceptions import MlflowException
from mlflow2_client import in_another_process
from mlflow2_server import Mlflow2Server


@mlflow.trace
def double(x: int) -> int:
    return half(4 * x)


@mlflow.trace(span_type="TOOL")
def half(x: int) -> int:
    return x // 2


def traces(**options) -> list[mlflow.entities.Trace]:
    mlflow.flush_trace_async_logging()
    return list(mlflow.search_traces(return_type="list", **options))


@pytest.fixture
def traced(client: MlflowClient) -> list[str]:
    """Ids of a trace in a run and one outside, the oldest first."""
    with mlflow.start_run() as run:
        double(1)
    double(2)
    mlflow.flush_trace_async_logging()
    found = client.search_traces(locations=[run.info.experiment_id])
    return [trace.info.trace_id for trace in reversed(found)]


def test_traces_in_runs_and_outside(
    client: MlflowClient, mlflow2: Mlflow2Server, traced: list[str]
):
    inside, outside = (mlflow.get_trace(trace_id) for trace_id in traced)
    assert [span.name for span in inside.data.spans] == ["double", "half"]
    assert outside.data.spans[0].outputs == 4
    run_id = inside.info.trace_metadata["mlflow.sourceRun"]
    assert [trace.info.trace_id for trace in traces(run_id=run_id)] == [traced[0]]
    assert len(traces(filter_string="attributes.status = 'OK'", max_results=1)) == 1
    assert traces(filter_string="attributes.name = 'nothing'") == []
    found = in_another_process(
        mlflow2.url,
        """
        trace = client.get_trace(sys.argv[1])
        result = [trace.info.request_preview, [span.name for span in trace.data.spans]]
        """,
        traced[0],
    )
    assert found == ['{"x": 1}', ["double", "half"]]
    experiment = client.get_experiment(inside.info.experiment_id)
    (home,) = client.search_runs([experiment.experiment_id], "attributes.run_name = 'traces'")
    assert home.info.status == "FINISHED"
    paths = [file.path for file in client.list_artifacts(home.info.run_id, f"traces/{traced[1]}")]
    assert paths == [f"traces/{traced[1]}/traces.json"]


def test_tags_of_traces(traced: list[str]):
    mlflow.set_trace_tag(traced[0], "reviewed", "yes")
    mlflow.set_trace_tag(traced[0], "reviewed", "twice")
    mlflow.set_trace_tag(traced[1], "other", "1")
    assert [t.info.trace_id for t in traces(filter_string="tags.reviewed = 'twice'")] == traced[:1]
    mlflow.delete_trace_tag(traced[0], "reviewed")
    assert "reviewed" not in mlflow.get_trace(traced[0]).info.tags
    with pytest.raises(MlflowException, match="No tag with key 'reviewed'"):
        mlflow.delete_trace_tag(traced[0], "reviewed")


def test_feedback_and_expectations(mlflow2: Mlflow2Server, traced: list[str]):
    human = AssessmentSource("HUMAN", "anna@example.org")
    given = mlflow.log_feedback(
        trace_id=traced[0], name="correct", value=False, rationale="No.", source=human
    )
    mlflow.log_expectation(trace_id=traced[0], name="expected", value={"y": 2}, source=human)
    mlflow.update_assessment(
        traced[0],
        given.assessment_id,
        mlflow.entities.Feedback(name="correct", value=True, source=human, rationale="Yes."),
    )
    found = in_another_process(
        mlflow2.url,
        """
        assessments = client.get_trace(sys.argv[1]).info.assessments
        result = {a.name: [a.value, a.rationale, a.source.source_id] for a in assessments}
        """,
        traced[0],
    )
    assert found == {
        "correct": [True, "Yes.", "anna@example.org"],
        "expected": [{"y": 2}, None, "anna@example.org"],
    }
    override = mlflow.override_feedback(
        trace_id=traced[0], assessment_id=given.assessment_id, value=False, source=human
    )
    assert mlflow.get_assessment(traced[0], given.assessment_id).valid is False
    mlflow.delete_assessment(traced[0], override.assessment_id)
    assert mlflow.get_assessment(traced[0], given.assessment_id).valid is True
    with pytest.raises(MlflowException, match="not found"):
        mlflow.get_assessment(traced[0], override.assessment_id)


@pytest.mark.usefixtures("client")
def test_feedback_given_while_a_trace_runs():
    with mlflow.start_span("work") as span:
        mlflow.log_feedback(trace_id=span.trace_id, name="quick", value=1.0)
    (trace,) = traces()
    (feedback,) = trace.info.assessments
    mlflow.update_assessment(
        trace.info.trace_id,
        feedback.assessment_id,
        mlflow.entities.Feedback(name="quick", value=2.0),
    )
    assert mlflow.get_trace(trace.info.trace_id).info.assessments[0].value == 2.0


def test_traces_are_deleted(client: MlflowClient, traced: list[str]):
    experiment_id = mlflow.get_trace(traced[0]).info.experiment_id
    assert client.delete_traces(experiment_id, trace_ids=[traced[0]]) == 1
    assert [trace.info.trace_id for trace in traces()] == traced[1:]
    assert mlflow.get_trace(traced[0]) is None
    assert client.delete_traces(experiment_id, max_timestamp_millis=2**53, max_traces=5) == 1
    assert traces() == []


@pytest.mark.usefixtures("client")
def test_traces_of_a_model():
    with mlflow.set_active_model(name="agent") as model:
        double(3)
    double(4)
    (trace,) = traces(model_id=model.model_id)
    assert trace.data.spans[0].inputs == {"x": 3}


def test_traces_are_linked_to_a_run(client: MlflowClient, traced: list[str]):
    with mlflow.start_run() as run:
        client.link_traces_to_run([traced[1]], run.info.run_id)
    assert [trace.info.trace_id for trace in traces(run_id=run.info.run_id)] == traced[1:]


def test_one_line_says_where_they_are(mlflow2: Mlflow2Server):
    code = f"""
import mlflow
from amlflow_jupyter.tracking import stores
stores.install()
mlflow.set_tracking_uri({mlflow2.url!r})
@mlflow.trace
def f(): pass
f(); f()
mlflow.flush_trace_async_logging()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr.count("This server keeps no traces") == 1
    assert "Failed" not in done.stderr
