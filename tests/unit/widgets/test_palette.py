import pytest

from amlflow_jupyter.widgets.palette import CURVES, GREY, badge

STATES = ("RUNNING", "FINISHED", "FAILED", "KILLED")


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("background", ["#ffffff", "#111111", "#1e1e1e"])
@pytest.mark.parametrize("colour", [*CURVES, GREY, *(badge(state).colour for state in STATES)])
def test_every_colour_is_seen_on_light_and_on_dark(colour, background):
    dark, light = sorted((luminance(colour), luminance(background)))
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_states_differ_in_shape_word_and_colour():
    for part in zip(*(badge(state) for state in STATES), strict=True):
        assert len(set(part)) == len(STATES)
