import numpy as np
import pytest

from amlflow_jupyter.widgets.downsample import choose, downsample

MILLION = 1_000_000


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).normal(size=MILLION)


@pytest.mark.parametrize("spike", [100.0, -100.0])
@pytest.mark.parametrize("at", [0, 1, 123_457, MILLION // 2, MILLION - 1])
def test_a_spike_of_one_point_in_a_million_is_kept(noise, spike, at):
    y = noise.copy()
    y[at] = spike
    kept = choose(y, 300)
    assert at in kept
    assert len(kept) <= 300


def test_both_ends_are_kept_and_the_order_too(noise):
    x, y = downsample(np.arange(MILLION), noise, 2000)
    assert (x[0], x[-1]) == (0, MILLION - 1)
    assert (y[0], y[-1]) == (noise[0], noise[-1])
    assert (np.diff(x) > 0).all()
    assert 1500 <= len(x) <= 2000


def test_a_spike_between_gaps_is_kept(noise):
    y = noise.copy()
    y[::1000] = np.nan
    y[600_001] = 100
    x, kept = downsample(np.arange(MILLION), y, 500)
    assert np.nanmax(kept) == 100
    assert x[np.nanargmax(kept)] == 600_001
    assert len(x) <= 500


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf, 1e308])
def test_what_has_no_place_on_an_axis_is_a_gap(hole):
    y = np.sin(np.arange(10_000) / 500)
    y[4000:5000] = hole
    x, kept = downsample(np.arange(10_000), y, 200)
    assert np.isnan(kept[(x >= 4000) & (x < 5000)]).all()
    assert np.isnan(kept).sum() == 1
    assert np.isfinite(kept[~np.isnan(kept)]).all()


def test_of_many_gaps_the_longest_is_kept_and_the_curve_stays(noise):
    y = noise.copy()
    y[::2] = np.nan
    y[500_000:600_000] = np.nan
    x, kept = downsample(np.arange(MILLION), y, 400)
    assert np.isfinite(kept).sum() >= 250
    assert np.isnan(kept[np.searchsorted(x, 500_000, "right") - 1 :][:2]).any()
    assert not np.isfinite(kept[(x >= 500_000) & (x < 600_000)]).any()


def test_few_points_stay_as_they_are():
    y = np.array([1.0, np.nan, np.inf, 2.0])
    x, kept = downsample(np.array([0, 10, 20, 30]), y, 8)
    np.testing.assert_array_equal(x, [0, 10, 20, 30])
    np.testing.assert_array_equal(kept, [1, np.nan, np.nan, 2])


@pytest.mark.parametrize("count", [0, 1, 8, 9, 31, 33, 1000])
@pytest.mark.parametrize("value", [3.0, np.nan, -np.inf])
def test_every_length_of_constants_and_of_nothing(count, value):
    x, y = downsample(np.arange(count), np.full(count, value), 8)
    assert len(x) == len(y) <= 8
    assert bool(len(x)) == bool(count)


def test_infinite_ends_do_not_hide_the_curve(noise):
    y = noise.copy()
    y[:10] = np.inf
    y[-10:] = -np.inf
    _, kept = downsample(np.arange(MILLION), y, 100)
    assert np.isfinite(kept).sum() >= 90


def test_an_array_with_strides_is_welcome(noise):
    y = np.column_stack((noise, noise))[:, 0]
    np.testing.assert_array_equal(choose(y, 100), choose(noise, 100))


def test_too_little_room_is_refused():
    with pytest.raises(ValueError, match="room for 8"):
        choose(np.zeros(100), 7)
