"""Run ids: those that Azure shows, and those of the MLflow server behind.

A run that MLflow's client made has as its Azure id the dashed form of the server's id. A run that
azureml-core made has the id that its client chose, and a pair of documents joins the two.
"""

from __future__ import annotations

import uuid

from loopback.emulator import Emulator


def join(emulator: Emulator, azure: str, mlflow: str) -> None:
    """Give a run of the MLflow server an id of the client's choice."""
    emulator.state.documents("run_ids").put(azure, {"id": mlflow})
    emulator.state.documents("chosen_run_ids").put(mlflow, {"id": azure})


def to_mlflow(emulator: Emulator, azure: str) -> str:
    """Return the MLflow server's id of a run."""
    kept = emulator.state.documents("run_ids").get(azure)
    return str(kept["id"]) if kept else azure.replace("-", "")


def to_azure(emulator: Emulator, mlflow: str) -> str:
    """Return the id that clients see of a run of the MLflow server."""
    kept = emulator.state.documents("chosen_run_ids").get(mlflow)
    if kept:
        return str(kept["id"])
    try:
        return str(uuid.UUID(hex=mlflow))
    except ValueError:
        return mlflow
