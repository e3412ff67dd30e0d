import numpy as np
import pandas as pd
import pytest

from seqlab.evaluation.residual_shape import by_phase, normal_fit
from seqlab.evaluation.residuals import autocorrelation, bias, residuals_of
from seqlab.records import Forecast
from seqlab.ui.compare.residual_text import read_bias, read_correlation, read_season, read_shape
from seqlab.ui.compare.season_phase import season_phases


def residuals(values):
    y_true = np.asarray(values)[:, None, None]
    return residuals_of(Forecast(model="m", targets=("y",), origins=np.arange(len(values)), y_pred=np.zeros_like(y_true), y_true=y_true))


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).normal(size=200)


def test_readings_say_what_is_there(noise):
    calm, low, wave = residuals(noise - noise.mean()), residuals(noise + 1), residuals(noise + 2 * np.sin(np.arange(200)))
    assert "no sign of a bias" in read_bias(bias(calm), calm)
    assert "too low on average" in read_bias(bias(low), low)
    assert "Taken together that is what luck gives" in read_correlation(autocorrelation(calm), calm)
    assert "more than luck" in read_correlation(autocorrelation(wave), wave)
    assert "about as frequent" in read_shape(normal_fit(calm))
    heavy = read_shape(normal_fit(residuals(np.exp(noise))))
    assert "more frequent" in heavy
    assert "forecasts that were too low" in heavy
    spread = by_phase(residuals(noise + 5 * (np.arange(200) % 4 == 2)), np.arange(200) % 4)
    assert "lean most at C: too low by 4.857" in read_season(spread, list("ABCD"), "quarter")


@pytest.mark.parametrize(
    ("index", "season", "ways"),
    [
        (pd.date_range("2024-01-01", periods=200, freq="h"), 24, ["hour", "weekday"]),
        (pd.date_range("2000-01-01", periods=200, freq="MS"), 12, ["month"]),
        (pd.date_range("2024-01-01", periods=200, freq="D"), 7, ["weekday", "month"]),
        (pd.RangeIndex(200), 12, ["step of the season"]),
        (pd.RangeIndex(200), 1, []),
    ],
)
def test_seasons_that_rows_can_have(index, season, ways):
    found = season_phases(index, np.arange(100, 200), season)
    assert [way.name for way in found] == ways
    assert all(set(way.phases) <= set(way.labels) for way in found)
