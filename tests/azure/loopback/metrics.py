"""Metrics of SDK v1: numbers go to the MLflow server, where MLflow's client sees them too.

Rows, tables, images and texts, which MLflow has no metrics for, are kept here; of numbers only
their kind. What MLflow logged is shown as scalars.
"""

from __future__ import annotations

import math
from typing import Any

from loopback import clock, run_ids, runs
from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.server import Refused, ask, check
from loopback.state import Document

SCALAR, LIST = "azureml.v1.scalar", "azureml.v1.list"
_NUMBERS = ("int", "float", "double")
_PAGE = 1000


async def batch(call: Call) -> Answer:
    """Keep the values of several metrics; say of which it could not be done."""
    may_write(call, "Microsoft.MachineLearningServices/workspaces/metrics/write")
    run = await runs.find(call, call["run"])
    errors = []
    for metric in (await call.json())["values"]:
        try:
            there = [*run["data"].get("metrics", []), *({"key": k["name"]} for k in _kept(call))]
            added = {"metrics": [{"key": metric["name"]}]}
            check(call, {"data": {"metrics": there}}, added)
            await _log(call, metric)
        except Refused as error:
            errors.append({"metric": metric, "errorResponse": error.body()})
    return {"errors": errors}


async def listing(call: Call) -> Answer:
    """Answer the names of a run's metrics."""
    run = await runs.find(call, call["run"])
    numbers = {each["key"]: {each["key"]: "double"} for each in run["data"].get("metrics", [])}
    columns = numbers | {each["name"]: each["columns"] for each in _kept(call)}
    value = [
        {"metricKey": {"namespace": "", "name": name}, "columns": each}
        for name, each in columns.items()
    ]
    return {"value": value, "continuationToken": None}


async def full(call: Call) -> Answer:
    """Answer all values of a metric."""
    wanted = await call.json()
    name = wanted["metricName"]
    kept = call.documents("metrics").get(f"{call['run']}/{name}") or _unknown(name)
    values = kept["values"] or [_row(kept, point) for point in await _history(call, name)]
    since, until = wanted.get("startTime"), wanted.get("endTime")
    chosen = [each for each in values if _within(each["createdUtc"], since, until)]
    if not chosen:
        raise AzureError(404, "UserError", f"Metric {name} was not found.")
    return {
        "dataContainerId": f"dcid.{call['run']}",
        "name": name,
        "columns": kept["columns"],
        "properties": {"uxMetricType": kept["type"]},
        "value": chosen,
        "continuationToken": None,
    }


async def _log(call: Call, metric: Document) -> None:
    name, rows = metric["name"], metric["value"]
    key = f"{call['run']}/{name}"
    kept = call.documents("metrics").get(key) or _unknown(name)
    kept["columns"] = (
        {**kept["columns"], **metric["columns"]} if kept["count"] else (metric["columns"])
    )
    kept["type"] = metric["properties"]["uxMetricType"]
    first = kept["count"]
    kept["count"] += len(rows)
    if not _is_number(kept):
        kept["values"] += rows
    call.documents("metrics").put(key, kept)
    if _is_number(kept):
        await _send(call, name, rows, first)


async def _send(call: Call, name: str, rows: list[Document], first: int) -> None:
    """Log rows as points of MLflow's; those without a step are counted on."""
    points = [
        {
            "key": name,
            "value": _number(row["data"][name]),
            "timestamp": clock.to_milliseconds(row.get("createdUtc")),
            "step": row["step"] if row.get("step") is not None else first + place,
        }
        for place, row in enumerate(rows)
    ]
    mlflow = run_ids.to_mlflow(call.emulator, call["run"])
    for begin in range(0, len(points), _PAGE):
        chunk = points[begin : begin + _PAGE]
        await ask(call, "POST", "runs/log-batch", {"run_id": mlflow, "metrics": chunk})


async def _history(call: Call, name: str) -> list[Document]:
    mlflow = run_ids.to_mlflow(call.emulator, call["run"])
    asked: Document = {"run_id": mlflow, "metric_key": name, "max_results": _PAGE}
    points: list[Document] = []
    while True:
        answer = await ask(call, "GET", "metrics/get-history", asked)
        points += answer.get("metrics", [])
        if not answer.get("next_page_token"):
            return points
        asked["page_token"] = answer["next_page_token"]


def _row(kept: Document, point: Document) -> Document:
    name, value = kept["name"], point["value"]
    whole = kept["columns"].get(name) == "int"
    return {
        "metricId": f"{name}-{point['timestamp']}-{point.get('step', 0)}",
        "createdUtc": clock.from_milliseconds(point["timestamp"]),
        "step": int(point.get("step", 0)),
        "data": {name: int(value) if whole else value},
    }


def _kept(call: Call) -> list[Document]:
    return call.documents("metrics").all(f"{call['run']}/")


def _unknown(name: str) -> Document:
    return {"name": name, "columns": {name: "double"}, "type": SCALAR, "values": [], "count": 0}


def _is_number(kept: Document) -> bool:
    return (
        kept["type"] in (SCALAR, LIST)
        and kept["columns"].get(kept["name"], "").lower() in _NUMBERS
        and not kept["values"]
    )


def _number(value: Any) -> Any:
    """Return a number as MLflow's JSON spells it: that which is none as text."""
    return (
        value
        if math.isfinite(value)
        else str(value).replace("inf", "Infinity").replace("nan", "NaN")
    )


def _within(moment: str | None, since: str | None, until: str | None) -> bool:
    at = clock.parse(moment) if moment else None
    if at is None:
        return True
    return (not since or at >= clock.parse(since)) and (not until or at <= clock.parse(until))
