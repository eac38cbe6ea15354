"""From ``import amlflow`` and ``%aml_connect PROFILE`` to a ready prompt, and where the time goes.

``.venv/bin/python tests/benchmarks/connect.py``

The peer does the same with Microsoft's SDK, as its samples do: ``Workspace.from_config()``,
``mlflow.set_tracking_uri``, ``mlflow.set_experiment``. Both connect to the loopback workspace, in
turn, each time in a process of its own with the same credentials; the peer in an environment
without amlflow. The network takes no time: requests cost what clients, TLS and the emulator need.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "azure"))

from client_calls.bare import bare_python
from loopback import Loopback

RUNS = 5
STOPWATCH = Path(__file__).with_name("stopwatch.py")
OURS = ["import amlflow", "%load_ext amlflow", "%aml_connect benchmark"]
PEERS = [
    "from azureml.core import Workspace\nimport mlflow",
    "workspace = Workspace.from_config()",
    "mlflow.set_tracking_uri(workspace.get_mlflow_tracking_uri())",
    "mlflow.set_experiment('benchmark')",
]
SAVE = "import amlflow; amlflow.connect('config.json', experiment='benchmark', save='benchmark')"


def main() -> None:
    with tempfile.TemporaryDirectory() as name, Loopback(Path(name) / "loopback") as loopback:
        folder = Path(name)
        bare = bare_python(folder / "bare")
        loopback.write_config(folder)
        env = loopback.env(folder / "home") | loopback.service_principal_env()
        env["AMLFLOW_HOME"] = str(folder / "amlflow")
        ours, peers = partial(measure, sys.executable, OURS), partial(measure, bare, PEERS)
        run([sys.executable, "-c", SAVE], folder, env)
        runs = [(ours(folder, env), peers(folder, env)) for _ in range(RUNS)]
    first, second = (medians(list(column)) for column in zip(*runs, strict=True))
    report("import amlflow, %aml_connect PROFILE", first)
    report("the SDK: from_config, set_tracking_uri, set_experiment", second)
    print(f"{'ratio':56}{first['total'] / second['total']:7.2f}")


def measure(
    python: Path | str, cells: list[str], folder: Path, env: dict[str, str]
) -> dict[str, float]:
    """Return seconds by what they went to."""
    document = run([str(python), str(STOPWATCH), *cells], folder, env)
    return dict(json.loads(document.splitlines()[-1]))


def run(command: list[str], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    names = {name for each in runs for name in each}
    return {name: statistics.median(each.get(name, 0.0) for each in runs) for name in names}


def report(title: str, seconds: dict[str, float]) -> None:
    total = seconds["total"]
    parts = sorted((n for n in seconds if n != "total"), key=lambda n: -seconds[n])
    print(f"{title:56}{total:7.2f} s  (median of {RUNS})")
    for name in parts:
        print(f"    {name:52}{seconds[name]:7.2f} s")
    rest = total - sum(seconds[name] for name in parts)
    print(f"    {'all else':52}{rest:7.2f} s")


if __name__ == "__main__":
    main()
