import pytest

from amlflow_jupyter.widgets.quantity import count_text, duration_text, tick_text, value_text
from amlflow_jupyter.widgets.ticks import spacing, ticks, widened


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-3.0, "−3"),  # noqa: RUF001
        (12345.0, "12,345"),
        (0.123456, "0.1235"),
        (1e-5, "1e−5"),  # noqa: RUF001
        (1.5e9, "1.5e9"),
        (float("nan"), "NaN"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),  # noqa: RUF001
    ],
)
def test_values(value, text):
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "1 min 00 s"), (7620, "2 h 07 min")],
)
def test_durations(seconds, text):
    assert duration_text(seconds) == text


def test_counts():
    assert count_text(1, "point") == "1 point"
    assert count_text(2000, "point") == "2,000 points"


@pytest.mark.parametrize(
    ("span", "texts"),
    [
        ((0, 1), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((0, 20_000), ["0", "5k", "10k", "15k", "20k"]),
        ((0.9, 0.93), ["0.90", "0.91", "0.92", "0.93"]),
        ((1e-5, 2e-5), ["1e−5", "1.2e−5", "1.4e−5", "1.6e−5", "1.8e−5", "2e−5"]),  # noqa: RUF001
        ((-3e9, 3e9), ["−2G", "0", "2G"]),  # noqa: RUF001
    ],
)
def test_ticks_are_round_and_written_alike(span, texts):
    gap = spacing(*span, 5)
    assert [tick_text(tick, gap) for tick in ticks(*span, gap)] == texts


@pytest.mark.parametrize("value", [0.0, 3.0, -1e12, 1e-310])
def test_a_range_is_never_empty(value):
    low, high = widened(value, value, 0.05)
    assert low < value < high
