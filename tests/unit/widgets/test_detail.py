"""What a browser that zooms is sent."""

import numpy as np
import pytest

from amlflow_jupyter.widgets.detail import ZOOM_BYTES, Request, part
from amlflow_jupyter.widgets.offsets import Offsets


def read(head, buffer):
    """Return values, places and times of each curve, by name."""
    curves = {}
    for chart in head["charts"]:
        n = chart["drawn"]
        values = np.frombuffer(buffer[: 8 * n])
        whole = np.frombuffer(buffer[8 * n : 16 * n], np.uint32)
        place, step, time, tick = chart["offsets"]
        curves[chart["name"]] = (values, place + step * whole[:n], time + tick * whole[n:])
        buffer = buffer[16 * n :]
    assert not buffer
    return curves


def test_a_part_has_all_its_points_and_one_on_either_side(metrics):
    metrics.log("loss", np.arange(100_000))
    values, places, _ = read(*part(metrics, Request(("loss",), "place", 500, 600)))["loss"]
    np.testing.assert_array_equal(places, np.arange(499, 602))
    np.testing.assert_array_equal(values, places)


def test_times_are_asked_for_in_seconds(metrics):
    metrics.log("loss", np.arange(1000), times=1.7e9 + np.arange(1000) / 4)
    request = Request(("loss",), "time", 1.7e9 + 10, 1.7e9 + 11)
    _, places, times = read(*part(metrics, request))["loss"]
    np.testing.assert_allclose(times - 1.7e9, np.arange(39, 46) / 4, atol=0.001)
    np.testing.assert_array_equal(places, np.arange(39, 46))


def test_a_large_part_is_small_and_keeps_its_spike(metrics):
    noise = np.random.default_rng(0).normal(size=1_000_000)
    noise[765_432] = 99
    metrics.log("loss", noise)
    head, buffer = part(metrics, Request(("loss",), "place", 100_000, 900_000))
    assert len(buffer) <= ZOOM_BYTES
    assert read(head, buffer)["loss"][0].max() == 99


def test_disorder_is_put_in_order(metrics):
    metrics.log("loss", [3.0, 1.0, 2.0, 4.0], [30, 10, 20, 40])
    values, places, _ = read(*part(metrics, Request(("loss",), "place", 10, 20)))["loss"]
    assert (places.tolist(), values.tolist()) == ([10, 20, 30], [1, 2, 3])


def test_everything_can_be_asked_for(metrics):
    metrics.log("loss", np.arange(50_000))
    metrics.log("gaps", [np.nan, np.inf, -np.inf, 1e308])
    asked = Request.read({"names": ["loss", "nowhere", "gaps"]})
    curves = read(*part(metrics, asked))
    assert list(curves) == ["loss", "gaps"]
    assert len(curves["loss"][0]) == 50_000
    np.testing.assert_array_equal(curves["gaps"][0], [np.nan, np.inf, -np.inf, np.inf])


@pytest.mark.parametrize("values", [[0, 1e6], [-5, -5], [0, 2.0**60], [1.7e9, 1.7e9 + 5e6], []])
def test_offsets_write_any_span_in_four_bytes(values):
    values = np.array(values, float)
    offsets = Offsets.over(values, 1.0)
    assert offsets.fits(values)
    written = offsets.base + offsets.unit * np.frombuffer(offsets.pack(values), np.uint32)
    np.testing.assert_allclose(written, values, rtol=1e-9, atol=0)


def test_what_does_not_fit_is_told():
    offsets = Offsets.over(np.array([10.0, 20.0]), 1.0)
    assert not offsets.fits(np.array([9.0]))
    assert not offsets.fits(np.array([2.0**33]))
