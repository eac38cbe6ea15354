"""``%aml_experiments`` and ``%aml_runs`` where runs are kept beside the notebook."""

from __future__ import annotations

import json

import pytest
from kernel import Kernel

RUNS = """
_ = mlflow.set_experiment("lists")
for lr in (0.1, 0.2, 0.4):
    with mlflow.start_run(run_name=f"lr-{lr}"):
        mlflow.log_params({"lr": lr, "model": "tree"})
        mlflow.log_metrics({"acc": lr, "worst": float("nan"), "far": float("inf")})
"""


@pytest.fixture(scope="module")
def filled(connected: Kernel) -> Kernel:
    assert connected.run(RUNS).ok
    return connected


def shown(kernel: Kernel, line: str) -> dict[str, str]:
    ran = kernel.run(line)
    assert ran.ok, ran.text()
    assert ran.stdout + ran.stderr == ""
    return dict(ran.outputs[-1]["data"])


def printed(kernel: Kernel, line: str) -> list[dict]:
    ran = kernel.run(line)
    assert ran.ok, ran.text()
    return json.loads(ran.stdout)


def test_experiments(filled: Kernel):
    table = shown(filled, "%aml_experiments")
    first = table["text/plain"].splitlines()[2].split()
    assert first[:3] == ["●", "lists", "3"]
    assert "<table" in table["text/html"]
    found = printed(filled, "%aml_experiments --json")
    assert [(one["name"], one["runs"], one["active"]) for one in found] == [
        ("lists", 3, True),
        ("Default", 0, False),
    ]
    assert [one["name"] for one in printed(filled, "%aml_experiments --max 1 --json")] == ["lists"]


def test_runs(filled: Kernel):
    lines = shown(filled, "%aml_runs")["text/plain"].splitlines()
    assert lines[0] == "Runs of lists"
    assert lines[1].split() == [
        *("run", "state", "start", "duration", "acc", "far", "worst", "lr", "model"),
    ]
    assert [line.split()[0] for line in lines[2:]] == ["lr-0.4", "lr-0.2", "lr-0.1"]
    for fact in ("✓ Finished", "0.4", "∞", "NaN", "tree"):
        assert fact in lines[2]


def test_runs_that_a_filter_finds(filled: Kernel):
    found = printed(filled, "%aml_runs metrics.acc > 0.15 and params.lr = '0.2' --json")
    assert [one["name"] for one in found] == ["lr-0.2"]
    assert found[0]["metrics"] == {"acc": 0.2, "far": "Infinity", "worst": "NaN"}
    assert len(printed(filled, "%aml_runs --max 2 --json")) == 2
    assert "There are none" in shown(filled, "%aml_runs metrics.acc > 9")["text/plain"]
    assert "There are none" in shown(filled, "%aml_runs -e Default")["text/plain"]


def test_runs_as_a_data_frame(filled: Kernel):
    code = "frame = %aml_runs --df\nprint(frame['params.lr'].tolist(), frame.start.dtype.kind)"
    assert filled.run(code).stdout == "['0.4', '0.2', '0.1'] M\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("%aml_runs nonsense", "The filter 'nonsense' is not understood"),
        ("%aml_runs -e nowhere", "There is no experiment 'nowhere': %aml_experiments lists them."),
        ("%aml_runs --max many", "invalid int value: 'many'"),
        ("%aml_runs --json --df", "give one"),
        ("%aml_workspace", "is no Azure ML workspace: connect to one with %aml_connect azure."),
        ("%aml_compute", "is no Azure ML workspace"),
        ("%aml_datastores upload x", "is no Azure ML workspace"),
        ("%aml_workspace create x --resource-group g --region r", "Name the subscription"),
    ],
)
def test_what_cannot_be_listed(filled: Kernel, line: str, sentence: str):
    ran = filled.run(line)
    assert not ran.ok
    assert ran.tracebacks == 0
    assert ran.stderr.startswith("UsageError: ")
    assert sentence in ran.stderr


def test_hostile_names_are_shown_as_text(filled: Kernel):
    code = """
_ = mlflow.set_experiment("<script>alert(1)</script>")
with mlflow.start_run(run_name="<img src=x onerror=alert(1)>"):
    mlflow.log_param("html", "<i>")
"""
    assert filled.run(code).ok
    for line in ("%aml_experiments", "%aml_runs"):
        html = shown(filled, line)["text/html"]
        assert not [bad for bad in ("<script", "<img", "<i>") if bad in html]
    assert filled.run("_ = mlflow.set_experiment('lists')").ok
