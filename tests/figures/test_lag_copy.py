import numpy as np
import pandas as pd

from seqlab.figures.lag_copy import _path_info, _shift_info, plot_late_path, plot_shifts
from seqlab.records import Forecast


def forecast(horizon=3, origins=(5, 6, 7)):
    rows = np.asarray(origins)[:, None] + np.arange(horizon)
    return Forecast(
        model="<b>net</b>", targets=("y",), origins=np.asarray(origins), y_pred=rows[..., None] * 10.0, y_true=rows[..., None] * 1.0
    )


def test_bars_are_named_by_what_the_shift_means():
    bars = _shift_info([0, 1, 2, 3, 12], np.array([5.0, 4.0, 1.0, np.nan, 3.0]), 2, 12)
    assert [(bar.name, bar.shifts, bar.lengths) for bar in bars] == [
        ("the truth of that time", (0,), (5.0,)),
        ("the last value known", (2,), (1.0,)),
        ("one season earlier", (12,), (3.0,)),
        ("other values", (1,), (4.0,)),
    ]
    assert [bar.name for bar in _shift_info([0, 12], np.ones(2), 12, 12)] == ["the truth of that time", "the last value known"]
    assert len(plot_shifts([0, 1, 2, 3, 12], np.arange(5.0), step=2, season_length=12, unit="y").data) == 4
    assert not plot_shifts([0], [np.nan], step=1).data


def test_a_path_has_the_value_that_was_known_beside_the_truth():
    rows, made, truth, known = _path_info(forecast(), 2, 0, np.arange(20.0) * 100, 2, 2)
    assert (rows.tolist(), made.tolist(), truth.tolist(), known.tolist()) == ([7, 8], [70.0, 80.0], [7.0, 8.0], [500.0, 600.0])
    figure = plot_late_path(forecast(), np.arange(20.0), pd.RangeIndex(20), step=2)
    assert [line.name for line in figure.data] == ["truth", "truth, 2 steps late", "&lt;b&gt;net&lt;/b&gt;"]
    assert _path_info(forecast(), 2, 0, np.arange(20.0), 7, 3)[3].tolist()[1:] == [0.0, 1.0]
    nothing = forecast()
    assert not plot_late_path(
        Forecast(model="m", targets=("y",), origins=nothing.origins, y_pred=nothing.y_pred, y_true=nothing.y_true * np.nan),
        np.arange(20.0),
        pd.RangeIndex(20),
        step=1,
    ).data
