"""Run the calls in child processes: the clients keep too much between two of anything."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from client_calls.report import Report

# The modules of one process; two processes at a time.
PROCESSES = (
    ("models", "registered", "evaluating"),
    ("flavors", "autologging"),
    ("experiments", "runs", "values", "artifacts"),
    ("traces", "sdk_workspace", "sdk_runs", "sdk_models"),
)
_HERE = Path(__file__).parents[1]
_LONGEST = 600
# Keras runs on what is installed; and MLflow would start a process of seconds for each model, to
# see which packages it imports, which is no question to a workspace.
_QUICKLY = {
    "KERAS_BACKEND": "jax",
    "MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT": "1",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class Suite:
    """How and where to run the calls.

    Attributes
    ----------
    python
        What runs them.
    connect, target
        A way of :mod:`client_calls.connecting`, and what to connect to.
    environment
        Returns the variables of a process whose home is the given folder.
    """

    python: Path
    connect: str
    target: str
    environment: Callable[[Path], dict[str, str]]

    def run(self, processes: tuple[tuple[str, ...], ...] = PROCESSES) -> Report:
        """Run the modules' calls; return all outcomes.

        Raises
        ------
        AssertionError
            A process ended otherwise than by itself; the message holds what it wrote.
        """
        with ThreadPoolExecutor(2) as pool:
            reports = list(pool.map(self._run, processes))
        return Report({k: v for report in reports for k, v in report.outcomes.items()})

    def _run(self, modules: tuple[str, ...]) -> Report:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            report = home / "report.json"
            command = [str(self.python), "-m", "client_calls", str(report), *modules]
            done = subprocess.run(
                [*command, "--connect", self.connect, "--target", self.target],
                cwd=home,
                env={**self.environment(home), **_QUICKLY, "PYTHONPATH": str(_HERE)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=_LONGEST,
            )
            print(done.stdout)  # pytest shows it where the test fails
            assert done.returncode == 0, done.stdout
            return Report.read(report)
