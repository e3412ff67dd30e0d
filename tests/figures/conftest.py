"""Small records with values that can be checked by eye."""

import numpy as np
import pandas as pd
import pytest

from seqlab.records import Forecast, GateTrace, SeriesPicture, SplitBounds


@pytest.fixture
def picture():
    index = pd.date_range("2020-01-01", periods=10, freq="MS")
    return SeriesPicture(name="sales", index=index, values=np.arange(10.0), bounds=SplitBounds(train_end=5, validation_end=7, end=10))


@pytest.fixture
def forecast():
    y_true = np.array([[[6.0], [7.0]], [[7.0], [8.0]], [[8.0], [9.0]]])
    return Forecast(model="LSTM 4", targets=("sales",), origins=np.array([6, 7, 8]), y_pred=y_true + 0.5, y_true=y_true)


@pytest.fixture
def trace():
    """Two windows, six steps, three units; unit u forgets with gate value (0.5, 0.9, 0.7)[u] at every step."""
    steps = np.arange(6.0)[None, :, None]
    gates = {(0, "forward", "f"): np.broadcast_to(np.array([0.5, 0.9, 0.7]), (2, 6, 3)).astype(np.float32)}
    for name, factor in (("i", 0.1), ("o", 0.15), ("g", -0.1), ("h", 0.1), ("c", 1.0)):
        gates[(0, "forward", name)] = (factor * steps * np.array([1.0, 2.0, -3.0]) / 3 * np.array([1.0, 2.0])[:, None, None]).astype(
            np.float32
        )
    return GateTrace(
        cell="lstm", gate_names=("i", "f", "g", "o", "c", "h"), num_layers=1, directions=("forward",), gates=gates, max_error=0.0
    )
