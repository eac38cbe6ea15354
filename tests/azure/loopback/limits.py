"""The service's documented limits, and how MLflow's endpoints say that one is passed.

See https://aka.ms/azure-machine-learning-limits.
"""

from __future__ import annotations

from typing import Any

from loopback.errors import MlflowError

TAGS = 50
TAG_KEY = 100
TAG_VALUE = 1000
METRIC_NAMES = 50
PARAMS = 200
METRICS_A_BATCH = 250
HISTORY_PAGE = 1000

Body = dict[str, Any]


def too_large(field: str, limit: int, size: int) -> MlflowError:
    """Return the answer to what is over a limit."""
    message = (
        f"A field of the entity is over the size limit. FieldName={field}, Limit={limit}, "
        f"Size={size}. See https://aka.ms/azure-machine-learning-limits for service limits "
        "documentation."
    )
    return wrapped("ValidationError", message, "INVALID_PARAMETER_VALUE")


def wrapped(code: str, message: str, mlflow_code: str, status: int = 400) -> MlflowError:
    """Return an error as the MLflow endpoints wrap those of the services behind them."""
    error: Body = {
        "Code": code,
        "Severity": None,
        "Message": message,
        "MessageFormat": None,
        "MessageParameters": None,
        "ReferenceCode": None,
        "DetailsUri": None,
        "Target": None,
        "Details": [],
        "InnerError": None,
        "DebugInfo": None,
        "AdditionalInfo": None,
    }
    body = {
        "Error": error,
        "Correlation": {"operation": "0" * 32, "request": "0" * 16},
        "Environment": "westeurope",
        "Location": "westeurope",
        "ComponentName": "mlflow",
        "statusCode": status,
        "error_code": mlflow_code,
    }
    return MlflowError(status, mlflow_code, message, body)


def check_tags(tags: list[Body]) -> None:
    """Refuse tags whose key or value is too long."""
    for tag in tags:
        for field, limit in (("key", TAG_KEY), ("value", TAG_VALUE)):
            size = len(str(tag.get(field) or ""))
            if size > limit:
                raise too_large(f"Tags.{field.capitalize()}", limit, size)


def check_growth(run: Body, sent: Body) -> None:
    """Refuse what would give a run more tags, params or metrics than it may have."""
    data = run["data"]
    for field, name, limit in (
        ("tags", "Tags", TAGS),
        ("params", "Parameters", PARAMS),
        ("metrics", "Metrics", METRIC_NAMES),
    ):
        there = {each["key"] for each in data.get(field) or []}
        together = there | {each["key"] for each in sent.get(field) or []}
        if len(together) > limit and len(together) > len(there):
            raise too_large(name, limit, len(together))


def check_batch(sent: Body) -> None:
    """Refuse a batch with too many metrics."""
    size = len(sent.get("metrics") or [])
    if size > METRICS_A_BATCH:
        raise too_large("MetricV2Dto.Value/Count", METRICS_A_BATCH, size)


def check_page(asked: str | int | None) -> None:
    """Refuse a page of a metric's history that is too long."""
    if asked is not None and int(asked) >= HISTORY_PAGE:
        message = f"MaxResults = {asked} is invalid: MaxResults must be less than {HISTORY_PAGE}."
        raise wrapped("UserError", message, "BAD_REQUEST")


def check_experiment(name: str) -> None:
    """Refuse a name that the service cannot find again."""
    if "/" in name:
        message = f"Experiment name '{name}' must not contain '/'."
        raise wrapped("UserError", message, "INVALID_PARAMETER_VALUE")
