"""The models that a run logged, which MLflow 3 keeps outside the run's artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel, Run

# Each is a request of its own, and the tab asks again while the run goes on.
MOST: Final = 20
_GONE: Final = "RESOURCE_DOES_NOT_EXIST"


def logged_models(client: MlflowClient, run: Run) -> list[LoggedModel]:
    """Return up to 20 models of a run, those of its last steps first.

    Never raises: without its models a run is still worth showing.  Deleted ones are left out, and
    a store that cannot say what they are has none.
    """
    outputs = run.outputs.model_outputs if run.outputs else []
    latest = sorted(outputs, key=lambda output: -output.step)
    found: list[LoggedModel] = []
    for model_id in list(dict.fromkeys(output.model_id for output in latest))[:MOST]:
        try:
            found.append(client.get_logged_model(model_id))
        # A store's plugin may raise anything.
        except Exception as error:
            if getattr(error, "error_code", None) != _GONE:
                break  # The others would fail, or hang, alike.
    return found


def summary(model: LoggedModel) -> dict[str, Any]:
    """Return what the tab shows of a model."""
    return {
        "id": model.model_id,
        "name": model.name,
        "status": str(model.status),
        "type": model.model_type or None,
    }
