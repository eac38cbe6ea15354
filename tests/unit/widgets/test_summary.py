from dataclasses import replace

from amlflow_jupyter.widgets.summary import one_line


def test_it_tells_state_name_duration_values_and_place(state, metrics):
    metrics.log("loss", [1.0, 0.25])
    assert one_line(state, metrics) == (
        "✓ Finished brave-otter in 1 min 15 s | loss=0.25 | digits · sqlite:///mlflow.db"
    )


def test_more_than_four_metrics_are_counted(state, metrics):
    for index in range(6):
        metrics.log(f"m{index}", index)
    assert "m0=0, m1=1, m2=2, m3=3 (+2)" in one_line(state, metrics)


def test_it_is_one_line_whatever_the_names(state, metrics):
    metrics.log("a\nb\x1b[2J", float("nan"))
    line = one_line(replace(state, name="x\r\ny", status="FAILED"), metrics)
    assert line.isprintable()
    assert line.startswith("✕ Failed x")
    assert "=NaN" in line
