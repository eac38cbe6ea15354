"""A table of runs shows the metrics and params that say most."""

from __future__ import annotations

from amlflow_jupyter.magics.run_columns import common, telling


def test_what_most_runs_have_goes_first():
    rows = [{"loss": 1, "rare": 1}, {"loss": 2}, {"loss": 3, "accuracy": 1}, {"accuracy": 1}]
    assert common(rows, 2) == ["accuracy", "loss"]


def test_one_run_with_many_metrics_does_not_hide_the_others():
    rows = [{f"training_{i}": 1 for i in range(10)}, {"mse": 1, "r2": 1}]
    assert common(rows, 4) == ["mse", "r2", "training_0", "training_1"]


def test_the_machines_load_goes_last():
    rows = [{"system/cpu": 1, "system/gpu": 1, "loss": 1}] * 3
    assert common(rows, 1) == ["loss"]
    assert common(rows, 5) == ["loss", "system/cpu", "system/gpu"]


def test_params_that_differ_go_first():
    rows = [{"a": "1", "lr": "0.1", "seed": "7"}, {"a": "1", "lr": "0.2", "seed": "7"}]
    assert telling(rows, 2) == ["lr", "a"]
