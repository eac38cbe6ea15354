"""Assessments of traces: feedback and expectations, by people and by code."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from amlflow_jupyter.tracking.mlflow2.traces import Traces, new_assessment_id


class Feedback:
    """The assessments of one server's traces."""

    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    def create(self, assessment: Any) -> Any:
        """Keep a new assessment; one that it overrides is valid no longer."""
        now = _now()
        assessment.assessment_id = new_assessment_id()
        assessment.create_time_ms = assessment.last_update_time_ms = now
        assessment.valid = True
        changes = [assessment]
        if assessment.overrides:
            overridden = self.get(assessment.trace_id, assessment.overrides)
            overridden.valid = False
            changes.append(overridden)
        self._keep(assessment.trace_id, changes)
        return assessment

    def get(self, trace_id: str, assessment_id: str) -> Any:
        """Return an assessment.

        Raises
        ------
        MlflowException
            The trace, or the assessment, is not there.
        """
        from mlflow.exceptions import MlflowException
        from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

        for assessment in self._traces.info(trace_id).assessments:
            if assessment.assessment_id == assessment_id:
                assessment.trace_id = trace_id
                return assessment
        raise MlflowException(
            f"Assessment with ID '{assessment_id}' not found for trace '{trace_id}'",
            RESOURCE_DOES_NOT_EXIST,
        )

    def update(
        self,
        trace_id: str,
        assessment_id: str,
        name: str | None = None,
        expectation: Any = None,
        feedback: Any = None,
        rationale: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Any:
        """Change what is given of an assessment; its source and its span stay.

        Raises
        ------
        MlflowException
            It is not there, or is no expectation where one is given, or no feedback.
        """
        assessment = self.get(trace_id, assessment_id)
        for kind, value in (("expectation", expectation), ("feedback", feedback)):
            if value is not None:
                _replace_value(assessment, kind, value)
        assessment.name = name or assessment.name
        if rationale is not None:
            assessment.rationale = rationale
        if metadata:
            assessment.metadata = {**(assessment.metadata or {}), **metadata}
        assessment.last_update_time_ms = _now()
        self._keep(trace_id, [assessment])
        return assessment

    def delete(self, trace_id: str, assessment_id: str) -> None:
        """Take an assessment away; one that it overrode is valid again."""
        known = {each.assessment_id: each for each in self._traces.info(trace_id).assessments}
        gone = known.get(assessment_id)
        if gone is None:
            return
        state: dict[str, Any] = {assessment_id: None}
        if overridden := known.get(gone.overrides):
            overridden.valid = True
            state[gone.overrides] = overridden.to_dictionary()
        self._traces.add(trace_id, {"assessments": state})

    def _keep(self, trace_id: str, assessments: list[Any]) -> None:
        state = {each.assessment_id: each.to_dictionary() for each in assessments}
        self._traces.add(trace_id, {"assessments": state})


def _replace_value(assessment: Any, kind: str, value: Any) -> None:
    from mlflow.exceptions import MlflowException

    if getattr(assessment, kind) is None:
        raise MlflowException.invalid_parameter_value(
            f"The assessment {assessment.assessment_id} is no {kind}."
        )
    setattr(assessment, kind, value)


def _now() -> int:
    return time.time_ns() // 1_000_000
