"""Run the first demo notebook in a real kernel, and say what it tracked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.demo.notebooks import FIRST
from amlflow_jupyter.errors import AmlflowError

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run


@dataclass(frozen=True)
class Expected:
    """What the notebook must have tracked in one run.

    Attributes
    ----------
    status
        How the run ended.
    metrics
        For each metric, the number of its points.
    params, artifacts
        Names that must be there.
    models
        The number of models.
    """

    status: str
    metrics: dict[str, int]
    params: frozenset[str] = frozenset()
    artifacts: frozenset[str] = frozenset()
    models: int = 0


_CAPTURED: Final = frozenset(
    {"amlflow/cell.py", "amlflow/environment.json", "amlflow/requirements.txt"}
)
_EPOCHS: Final = {"loss": 100, "train/accuracy": 100, "validation/accuracy": 100}
_PARAMS: Final = frozenset({"alpha", "learning_rate", "epochs", "components"})
_TRAINED: Final = _CAPTURED | {"amlflow/stdout.txt", "figures/figure-01.png"}
EXPECTED: Final = {
    "first-try": Expected("FINISHED", _EPOCHS, _PARAMS, _TRAINED, models=1),
    "smaller-steps": Expected("FINISHED", _EPOCHS, _PARAMS, _TRAINED),
    "goes-wrong": Expected("FAILED", {"loss": 3}, artifacts=_CAPTURED | {"amlflow/traceback.txt"}),
}


def run(folder: Path) -> int:
    """Run the notebook in ``folder``, print what was tracked; return 1 if anything is missing."""
    print(f"Running {FIRST} in {folder} …", flush=True)  # noqa: T201 - for the user
    missing = [*_execute(folder), *report(folder)]
    for line in missing:
        print(f"MISSING  {line}")  # noqa: T201 - for the user
    print("Something is missing." if missing else "Everything was tracked.")  # noqa: T201
    return 1 if missing else 0


def report(folder: Path) -> list[str]:
    """Print what the store in ``folder`` holds; return a line for each thing that is missing."""
    from mlflow import MlflowClient

    from amlflow_jupyter.workspaces import local

    client = MlflowClient(local.default_store(folder).uri)
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    runs = {run.info.run_name: run for run in client.search_runs(experiments)}
    missing = [f"run {name}" for name in EXPECTED if name not in runs]
    for name, run in sorted(runs.items()):
        found = _describe(client, run)
        _print(name, found)
        if name in EXPECTED:
            missing += [f"{name}: {lack}" for lack in _compare(EXPECTED[name], found)]
    return missing


def _execute(folder: Path) -> list[str]:
    """Run the notebook and keep its outputs; return the error of a cell that must not fail."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    path = folder / FIRST
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
    try:
        # A path of its own for what the user has configured: the demo must not depend on it.
        client.execute(env=inherited | {"AMLFLOW_HOME": str(folder / ".amlflow")})
    except DeadKernelError as error:
        raise AmlflowError(f"The kernel died while it ran {path}.") from error
    except CellExecutionError as error:
        return [f"the notebook's end: {error.ename}: {error.evalue}"]
    finally:
        nbformat.write(notebook, path)
    return []


def _describe(client: MlflowClient, run: Run) -> Expected:
    run_id = run.info.run_id
    points = {name: len(client.get_metric_history(run_id, name)) for name in run.data.metrics}
    return Expected(
        run.info.status,
        points,
        frozenset(run.data.params),
        frozenset(_artifacts(client, run_id, None)),
        len(run.outputs.model_outputs) if run.outputs else 0,
    )


def _artifacts(client: MlflowClient, run_id: str, path: str | None) -> list[str]:
    found: list[str] = []
    for entry in client.list_artifacts(run_id, path):
        found += _artifacts(client, run_id, entry.path) if entry.is_dir else [entry.path]
    return found


def _compare(expected: Expected, found: Expected) -> list[str]:
    lacks = [] if found.status == expected.status else [f"status is {found.status}"]
    for name, points in expected.metrics.items():
        if found.metrics.get(name) != points:
            lacks.append(f"{found.metrics.get(name, 0)} of {points} points of {name}")
    if found.models != expected.models:
        lacks.append(f"{found.models} of {expected.models} models")
    lacks += [f"param {name}" for name in sorted(expected.params - found.params)]
    lacks += [f"artifact {path}" for path in sorted(expected.artifacts - found.artifacts)]
    return lacks


def _print(name: str, found: Expected) -> None:
    def row(label: str, values: Any) -> None:
        print(f"  {label:<10} {', '.join(values) or '-'}")  # noqa: T201 - for the user

    print(f"\n{name}: {found.status}")  # noqa: T201 - for the user
    row("metrics", [f"{metric} ({points})" for metric, points in found.metrics.items()])
    row("params", sorted(found.params))
    row("artifacts", sorted(found.artifacts))
    row("models", [str(found.models)] if found.models else [])
