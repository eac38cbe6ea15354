"""Models to log, small and quick to fit, and what they must predict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def points() -> tuple[pd.DataFrame, pd.Series]:
    """Return forty points of two columns, and what of which of two kinds each is."""
    random = np.random.default_rng(7)
    frame = pd.DataFrame({"a": random.normal(size=40), "b": random.normal(size=40)})
    return frame, (frame["a"] > frame["b"]).astype(int)


def classifier() -> Any:
    """Return a fitted classifier of scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=3.0).fit(*points())


def regressor() -> Any:
    """Return a fitted regressor of scikit-learn."""
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit(*points())


def network() -> Any:
    """Return a small network of Keras, compiled."""
    import keras

    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def same(found: Any, expected: Any) -> bool:
    """Whether two predictions are alike; shape (n,) or (n, 1)."""
    return np.allclose(np.asarray(found).ravel(), np.asarray(expected).ravel(), atol=1e-5)
