import dataclasses

import numpy as np
import pytest

from seqlab.figures.intervals import _chance_info, _coverage_info, plot_band_forecast, plot_coverage_by_step
from seqlab.records import Interval


@pytest.fixture
def band(forecast):
    return Interval(lower=forecast.y_pred - 1, upper=forecast.y_pred + 1, level=0.9, method="split")


def test_coverage_counts_observed_values_with_a_band_only(forecast, band):
    y_true = forecast.y_true.copy()
    y_true[0, 0] = np.nan
    y_true[1, 0] += 9
    upper = band.upper.copy()
    upper[:, 1] = np.nan
    (curve,) = _coverage_info([(dataclasses.replace(forecast, y_true=y_true), dataclasses.replace(band, upper=upper))], 0)
    np.testing.assert_array_equal(curve.share, [0.5, np.nan])
    assert curve.count.tolist() == [2, 0]


def test_chance_counts_origins_that_share_no_step():
    low, high = _chance_info(np.arange(100, 200), 0.9, 4)
    np.testing.assert_allclose(0.9 - low, 1.96 * np.sqrt(0.09 / np.array([100, 50, 34, 25])))
    assert (high <= 1).all()


def test_picture_of_one_origin(picture, forecast, band):
    other = dataclasses.replace(forecast, model="$naive$")
    figure = plot_band_forecast([(forecast, band), (other, band)], series=picture, origin=8, context_length=3, hidden=["$naive$"])
    assert [line.name for line in figure.data] == ["band of LSTM 4", "band of &#36;naive&#36;", "truth", "LSTM 4", "&#36;naive&#36;"]
    assert figure.data[0].y.tolist() == [9.5, 10.5, 8.5, 7.5]
    assert [line.visible for line in figure.data] == [True, "legendonly", None, True, "legendonly"]
    assert figure.data[0].legendgroup == figure.data[3].legendgroup


def test_without_bounds_there_is_no_band_and_without_forecast_a_sentence(picture, forecast, band):
    missing = dataclasses.replace(band, lower=np.full_like(band.lower, np.nan))
    assert [line.name for line in plot_band_forecast([(forecast, missing)], series=picture, origin=8, context_length=3).data] == [
        "truth",
        "LSTM 4",
    ]
    assert "no model has a forecast" in plot_band_forecast([], series=picture, origin=8, context_length=3).layout.annotations[0].text
    assert "no model has a band" in plot_coverage_by_step([(forecast, missing)], level=0.9).layout.annotations[0].text


def test_picture_by_step(forecast, band):
    figure = plot_coverage_by_step([(forecast, band)], level=0.9)
    assert [line.name for line in figure.data] == ["within chance", "promised: 90 %", "LSTM 4"]
    assert figure.data[2].y.tolist() == [1.0, 1.0]
