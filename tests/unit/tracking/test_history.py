import threading

import numpy as np
import pytest

from amlflow_jupyter.tracking.history import MetricHistory


def test_points_come_back_in_order():
    history = MetricHistory()
    for step in range(1000):
        history.append("loss", step, step / 10, float(step) ** 2)
    series = history.series("loss")
    assert series.name == "loss"
    assert series.steps.tolist() == list(range(1000))
    assert series.times[-1] == pytest.approx(99.9)
    assert series.values[-1] == 999.0**2


def test_a_series_stays_as_it_was_when_more_is_appended():
    history = MetricHistory()
    history.append("loss", 0, 0.0, 1.0)
    before = history.series("loss")
    for step in range(1, 2000):
        history.append("loss", step, 0.0, 2.0)
    assert before.values.tolist() == [1.0]


def test_the_version_grows_with_every_point():
    history = MetricHistory()
    versions = [history.version()]
    for _ in range(3):
        history.append("loss", 0, 0.0, 1.0)
        versions.append(history.version())
    assert versions == sorted(set(versions))


def test_system_metrics_come_last():
    history = MetricHistory()
    for name in ("system/cpu", "loss", "accuracy"):
        history.append(name, 0, 0.0, 1.0)
    assert history.names() == ["loss", "accuracy", "system/cpu"]


def test_earlier_points_go_before_later_ones():
    history = MetricHistory()
    history.append("loss", 10, 10.0, 0.1)
    history.prepend("loss", [(step, float(step), 1.0) for step in range(10)])
    history.prepend("new", [(0, 0.0, 5.0)])
    assert history.series("loss").steps.tolist() == list(range(11))
    assert history.series("new").values.tolist() == [5.0]
    history.append("loss", 11, 11.0, 0.1)
    assert history.series("loss").steps.tolist() == list(range(12))


def test_values_that_are_no_numbers_are_kept():
    history = MetricHistory()
    for value in (np.nan, np.inf, -np.inf):
        history.append("loss", 0, 0.0, value)
    assert np.isnan(history.series("loss").values[0])
    assert np.isinf(history.series("loss").values[1:]).all()


def test_it_knows_a_point_that_it_holds():
    history = MetricHistory()
    history.append("loss", 1, 2.0, 3.0)
    assert history.holds("loss", 1, 2.0, 3.0)
    assert not history.holds("loss", 1, 2.0, 4.0)
    assert not history.holds("other", 1, 2.0, 3.0)


def test_an_unknown_metric_is_a_key_error():
    with pytest.raises(KeyError):
        MetricHistory().series("loss")


def test_threads_lose_no_point():
    history = MetricHistory()

    def work() -> None:
        for step in range(5000):
            history.append("loss", step, 0.0, 1.0)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(history.series("loss").values) == 20_000
