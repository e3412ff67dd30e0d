import numpy as np
import pandas as pd

from seqlab.figures.residuals import _correlation_info, plot_by_phase, plot_correlations, plot_histogram, plot_qq, plot_residuals

LAGS = np.arange(1, 5)
ACF = np.array([0.5, 0.3, 0.1, -0.4])


def test_bars_outside_the_band_and_those_that_must_be():
    acf, pacf = _correlation_info(LAGS, ACF, ACF[::-1].copy(), 0.2, overlap=1)
    assert acf.outside.tolist() == [True, True, False, True]
    assert acf.forced.tolist() == [True, False, False, False]
    assert pacf.values.tolist() == [-0.4, 0.1, 0.3, 0.5]


def test_pictures():
    figure = plot_correlations(LAGS, ACF, ACF, 0.2, lag="2 rows", overlap=1, marks=[4, 8])
    assert sum(trace.showlegend for trace in figure.data) == 3
    assert figure.layout.xaxis2.title.text == "lag (1 lag is 2 rows)"
    index = pd.date_range("2024-01-01", periods=9, freq="D")
    line = plot_residuals(index, np.array([3, 4]), np.array([1.0, np.nan]), unit="$").data[0]
    assert str(line.x[0])[:10] == "2024-01-04"
    bars, curve = plot_histogram(np.array([0.0, 1.0, 3.0]), np.array([0.4, 0.3]), np.arange(3.0), np.ones(3)).data
    assert (bars.x.tolist(), bars.width.tolist(), curve.y.tolist()) == ([0.5, 2.0], [1.0, 2.0], [1.0, 1.0, 1.0])
    assert plot_qq(np.array([-1.0, 1.0]), np.array([-3.0, 2.0])).data[0].x == (-3.0, 2.0)
    box, mean = plot_by_phase(["Mon", "Tue"], np.arange(10.0).reshape(2, 5), np.array([2.0, 7.0]), season="weekday").data
    assert (box.median.tolist(), mean.y.tolist()) == ([2.0, 7.0], [2.0, 7.0])


def test_nothing_to_draw_says_so():
    none = np.empty(0)
    for figure in (
        plot_correlations(none.astype(int), none, none, np.nan),
        plot_residuals(pd.RangeIndex(3), np.array([1]), np.array([np.nan])),
        plot_histogram(none, none, none, none),
        plot_qq(none, none),
        plot_by_phase([], none, none, season="hour"),
    ):
        assert figure.layout.annotations[0].text
