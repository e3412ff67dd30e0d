"""Small records with values that can be checked by eye."""

import numpy as np
import pandas as pd
import pytest

from seqlab.records import Forecast, SeriesPicture, SplitBounds


@pytest.fixture
def picture():
    index = pd.date_range("2020-01-01", periods=10, freq="MS")
    return SeriesPicture(name="sales", index=index, values=np.arange(10.0), bounds=SplitBounds(train_end=5, validation_end=7, end=10))


@pytest.fixture
def forecast():
    y_true = np.array([[[6.0], [7.0]], [[7.0], [8.0]], [[8.0], [9.0]]])
    return Forecast(model="LSTM 4", targets=("sales",), origins=np.array([6, 7, 8]), y_pred=y_true + 0.5, y_true=y_true)
