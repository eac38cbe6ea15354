"""The MLflow server behind, as run history and model management ask it.

It keeps the runs and models, but its refusals are answered in these services' own shape.
"""

from __future__ import annotations

from loopback import limits, mlflow_rest
from loopback.calls import Call
from loopback.errors import AzureError, MlflowError
from loopback.state import Document


class Refused(AzureError):
    """A refusal of the MLflow server, in the shape of the services in front.

    Attributes
    ----------
    reason
        MLflow's own word for it, such as ``RESOURCE_ALREADY_EXISTS``.
    """

    def __init__(self, error: MlflowError) -> None:
        super().__init__(error.status, "UserError", error.message)
        self.reason = error.code


async def ask(call: Call, method: str, endpoint: str, body: Document) -> Document:
    """Ask the server, in the workspace of a request; return the JSON of its answer."""
    try:
        _, answer = await mlflow_rest.ask(call, method, endpoint, body)
    except MlflowError as error:
        raise Refused(error) from error
    return answer


def check(call: Call, run: Document, added: Document) -> None:
    """Refuse what would grow a run of the server over the limits, while they hold."""
    if not call.emulator.limits:
        return
    try:
        limits.check_tags(added.get("tags") or [])
        limits.check_batch(added)
        limits.check_growth(run, added)
    except MlflowError as error:
        raise Refused(error) from error
