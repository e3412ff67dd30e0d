"""Theta against direct statsmodels calls."""

import numpy as np
import pytest
from statsmodels.tsa.forecasting.theta import ThetaModel

from seqlab.baselines import theta
from seqlab.baselines.naive import fit_seasonal_naive
from seqlab.baselines.theta import fit_theta
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()
ELECTRICITY = load_dataset("electricity_taylor").frame["demand_mw"].to_numpy()[:1500]
AAPL = load_dataset("stock_aapl").frame["adj_close"].to_numpy()[:300]


@pytest.mark.parametrize(
    ("y", "m"), [(AIRLINE, 12), (AIRLINE - 250, 12), (ELECTRICITY, 336), (AAPL, 5)], ids=["multiplicative", "additive", "long", "none"]
)
def test_forecast_is_that_of_statsmodels(y: np.ndarray, m: int) -> None:
    expected = ThetaModel(y, period=m).fit().forecast(2 * m)
    np.testing.assert_allclose(fit_theta(y, m).forecast(2 * m), expected, rtol=1e-8)


def test_without_a_season_it_is_statsmodels_without_one() -> None:
    expected = ThetaModel(AAPL, period=1, deseasonalize=False).fit().forecast(10)
    np.testing.assert_allclose(fit_theta(AAPL, 1).forecast(10), expected, rtol=1e-8)


def test_following_smooths_the_level_and_keeps_slope_and_season() -> None:
    fitted = ThetaModel(AIRLINE[:120], period=12).fit()
    slope, alpha = fitted.params
    season = fitted.forecast_components(12)["seasonal"].to_numpy()
    level = float(fitted.forecast_components(1)["ses"].iloc[0])
    for step in range(15):
        level = alpha * AIRLINE[120 + step] / season[step % 12] + (1 - alpha) * level
    steps = np.arange(6) + 1 / alpha - (1 - alpha) ** 135 / alpha
    model = fit_theta(AIRLINE[:120], 12)
    model.update(AIRLINE[120:135])
    np.testing.assert_allclose(model.forecast(6), (level + slope / 2 * steps) * season[(15 + np.arange(6)) % 12], rtol=1e-8)


def test_short_history_has_no_season_and_says_so() -> None:
    assert "shorter than two seasons of 12 steps" in fit_theta(AIRLINE[:20], 12).notes[0]


def test_failure_leads_to_the_seasonal_naive_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> object:
        raise ValueError("no")

    monkeypatch.setattr(theta, "ThetaModel", failing)
    model = fit_theta(AIRLINE, 12)
    np.testing.assert_array_equal(model.forecast(12), fit_seasonal_naive(AIRLINE, 12).forecast(12))
    assert model.notes == ("Theta fell back to the seasonal naive forecast: statsmodels could not fit it (no).",)


def test_deviation_is_that_of_smoothing_with_a_drift() -> None:
    """Every one-step error by a forecast of the same parameters, then Hyndman & Billah (2003)."""
    slope, alpha = ThetaModel(AAPL, period=1, deseasonalize=False).fit().params
    level, errors = AAPL[0], []
    for seen in range(1, AAPL.size):
        errors.append(AAPL[seen] - (level + slope / 2 * (1 / alpha - (1 - alpha) ** seen / alpha)))
        level = alpha * AAPL[seen] + (1 - alpha) * level
    expected = np.sqrt(np.mean(np.square(errors)) * (1 + np.arange(9) * alpha**2))
    np.testing.assert_allclose(fit_theta(AAPL, 1).deviation(9), expected, rtol=1e-8)


def test_deviation_follows_a_multiplying_season() -> None:
    model = fit_theta(AIRLINE, 12)
    season = ThetaModel(AIRLINE, period=12).fit().forecast_components(24)["seasonal"].to_numpy()
    relative = model.deviation(24) / season
    np.testing.assert_allclose(relative[1:] ** 2 - relative[:-1] ** 2, relative[1] ** 2 - relative[0] ** 2)
