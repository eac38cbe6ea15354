"""Installed beside azureml-mlflow, our builders win, whichever package MLflow loads first."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

BEGIN = """
import importlib.metadata
import json
import sys

listed = importlib.metadata.entry_points

def in_order(**options):
    found = list(listed(**options))
    return sorted(found, key=lambda point: point.value, reverse=sys.argv[1] == "theirs first")

importlib.metadata.entry_points = in_order
import mlflow
"""


def run(code: str, *arguments: str) -> list[object]:
    whole = BEGIN + textwrap.dedent(code) + "\nprint(json.dumps(result))"
    done = subprocess.run([sys.executable, "-c", whole, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("order", ["theirs first", "ours first"])
def test_ours_win_in_any_order(order: str):
    ours, others, schemes = run(
        """
        from amlflow_jupyter.tracking import internals, stores
        tables = {kind: internals.store_builders(kind) for kind in internals.KINDS}
        result = [
            [stores.is_ours(table["azureml"]) for table in tables.values()],
            [stores.is_ours(table[name]) for table in tables.values() for name in ("http", "file")],
            [
                mlflow.tracking._tracking_service.utils._get_tracking_scheme(uri)
                for uri in ("azureml://host", "http://host")
            ],
        ]
        """,
        order,
    )
    assert ours == [True] * 3
    assert not any(others)
    assert schemes == ["azure", "http"]


@pytest.mark.parametrize("order", ["theirs first", "ours first"])
def test_registering_is_as_it_was_after_the_first_store(order: str):
    before, after = run(
        """
        from mlflow.tracking._tracking_service import utils
        registry = utils._tracking_store_registry
        before = registry._registry["azureml"]
        try:
            registry.get_store("azureml://host/nothing")
        except Exception:
            pass
        registry.register("azureml", len)
        result = ["register" in vars(registry), registry._registry["azureml"] is len]
        """,
        order,
    )
    assert (before, after) == (False, True)


def test_mlflow_imports_next_to_nothing_of_ours():
    (loaded,) = run(
        """
        import mlflow.tracking, mlflow.artifacts
        mlflow.tracking._model_registry.utils._get_store_registry()
        result = [[name for name in sys.modules if name.startswith("amlflow_jupyter.")]]
        """,
        "theirs first",
    )
    names = {str(name).removeprefix("amlflow_jupyter.tracking.") for name in loaded}
    assert "plugin" in names
    assert names <= {
        *("amlflow_jupyter.tracking", "internals", "plugin", "reclassing", "saying", "stores"),
        *("context", "source", "authorization", "renewing"),
        *(name for name in names if name.startswith("amlflow_jupyter.workspaces")),
        "amlflow_jupyter.errors",
    }
    assert not any("mlflow2" in name for name in names)


def test_without_azureml_mlflow_a_sentence_says_what_is_missing():
    (message,) = run(
        """
        sys.modules["azureml.mlflow.entry_point_loaders"] = None
        try:
            mlflow.MlflowClient("azureml://host/x").search_experiments()
        except mlflow.MlflowException as error:
            result = [str(error)]
        """,
        "ours first",
    )
    assert message.startswith("Azure Machine Learning needs azureml-mlflow")
    assert "pip install 'amlflow-jupyter[azure]'" in message
