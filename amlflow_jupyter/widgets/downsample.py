"""Fewer points that draw the same picture.

Extremes are kept, so that a spike of one point in a million is seen, and so are gaps.  The method
is MinMaxLTTB (Van Der Donckt et al. 2023, https://arxiv.org/abs/2305.00332): the lowest and the
highest point of each of many bins, of which largest-triangle-three-buckets then chooses.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from tsdownsample import LTTBDownsampler, MinMaxDownsampler

FEWEST: Final = 8
# Beyond this, the distance of two values is no number any more: drawn as infinite.
LARGEST: Final = 1e300
_CANDIDATES_EACH: Final = 4
_BINS: Final = MinMaxDownsampler()  # type: ignore[no-untyped-call]
_BUCKETS: Final = LTTBDownsampler()  # type: ignore[no-untyped-call]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


def downsample(x: NDArray[np.generic], y: Floats, n: int) -> tuple[Floats, Floats]:
    """Choose at most ``n`` points of a curve.

    Parameters
    ----------
    x, y
        The curve, shape (m,) each, in the order in which it is drawn.
    n
        The largest number of points to return, at least 8.

    Returns
    -------
    x, y
        float64, shape (k,), k <= n. The first and the last drawable point, the lowest and the
        highest are among them; a gap (NaN, infinite) is one NaN.
    """
    chosen = choose(y, n)
    return x[chosen].astype(np.float64), drawable(y[chosen])


def choose(y: Floats, n: int) -> Indices:
    """Return the increasing indices of what :func:`downsample` keeps."""
    if n < FEWEST:
        raise ValueError(f"a curve needs room for {FEWEST} points, not {n}")
    if len(y) <= n:
        return np.arange(len(y))
    y = np.ascontiguousarray(y)
    if y.max() < LARGEST and y.min() > -LARGEST:
        return _pick(y, _candidates(y, n), n)
    visible = np.abs(y) < LARGEST
    gaps = _gaps(visible, n // 4)
    shown = _candidates(np.where(visible, y, np.nan), n)
    kept = _pick(y, shown[visible[shown]], n - len(gaps))
    return np.sort(np.concatenate((kept, gaps)))


def sendable(y: Floats) -> Floats:
    """Return ``y`` with infinities for what is too large to be drawn: where it is, is marked."""
    return np.where(np.abs(y) >= LARGEST, np.copysign(np.inf, y), y)


def drawable(y: Floats) -> Floats:
    """Return ``y`` with NaN for everything that has no place on an axis."""
    return np.where(np.abs(y) < LARGEST, y, np.nan)


def _candidates(y: Floats, n: int) -> Indices:
    """Return the extremes of each of many bins, and both ends where they are numbers."""
    if len(y) <= _CANDIDATES_EACH * n:
        return np.arange(len(y))
    extremes = _BINS.downsample(y, n_out=_CANDIDATES_EACH * n // 2 * 2)
    seen = np.flatnonzero(~np.isnan(y[[0, -1]])) * (len(y) - 1)
    return np.union1d(extremes, seen).astype(np.intp)


def _pick(y: Floats, candidates: Indices, n: int) -> Indices:
    """Choose ``n`` of the candidates, all of them drawable; the lowest and highest among them."""
    if len(candidates) <= n:
        return candidates
    heights = y[candidates]
    chosen = _BUCKETS.downsample(candidates.astype(np.float64), heights, n_out=n - 2)
    return candidates[np.union1d(chosen, [heights.argmin(), heights.argmax()]).astype(np.intp)]


def _gaps(visible: NDArray[np.bool_], most: int) -> Indices:
    """Return where each gap begins; of too many, the longest ones."""
    edges = np.flatnonzero(np.diff(visible, prepend=True, append=True))
    begins, ends = edges[::2], edges[1::2]
    if len(begins) > most:
        longest = np.argpartition(begins - ends, most)[:most]
        begins = begins[longest]
    return begins
