"""Simple, trended and damped smoothing: following new values, deviations, budgets; forecasts are tested beside statsmodels elsewhere."""

import numpy as np
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from seqlab.baselines import exponential
from seqlab.baselines.exponential import fit_damped, fit_holt, fit_ses
from seqlab.baselines.naive import fit_seasonal_naive
from seqlab.baselines.plan import FitPlan
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy(dtype=float)
GDP = load_dataset("macro_us").frame["realgdp"].to_numpy()
FORMS = {
    fit_ses: {},
    fit_holt: {"trend": "add"},
    fit_damped: {"trend": "add", "damped_trend": True, "bounds": {"damping_trend": (0.8, 0.98)}},
}


@pytest.mark.parametrize("fit", list(FORMS))
def test_following_is_smoothing_the_longer_series_with_the_same_parameters(fit) -> None:
    fitted = ExponentialSmoothing(GDP[:150], initialization_method="estimated", **FORMS[fit]).fit()
    found = fitted.params
    known = {"initial_level": found["initial_level"]}
    known |= {"initial_trend": found["initial_trend"]} if fit is not fit_ses else {}
    longer = ExponentialSmoothing(GDP[:170], initialization_method="known", **{**FORMS[fit], "bounds": None}, **known)
    fixed = {name: found[name] for name in ("smoothing_level", "smoothing_trend", "damping_trend") if np.isfinite(found[name] or np.nan)}
    model = fit(GDP[:150], 1)
    model.update(GDP[150:170])
    np.testing.assert_allclose(model.forecast(9), longer.fit(**fixed, optimized=False).forecast(9), rtol=1e-8)


@pytest.mark.parametrize("fit", list(FORMS))
def test_deviation_is_that_of_the_equivalent_ets(fit) -> None:
    """Of the same variance: statsmodels' smoothing has no formula of its own, its ETS has."""
    model = fit(GDP[:150], 1)
    state = model._method
    damped, trended = fit is fit_damped, fit is not fit_ses
    direct = ETSModel(GDP[:150], trend="add" if trended else None, damped_trend=damped, initialization_method="heuristic")
    weights = [state.alpha, *[state.alpha * state.beta_star] * trended, *[state.phi] * damped]
    relative = direct.smooth([*weights, *direct.start_params[len(weights) :]])._relative_forecast_variance(np.arange(1, 13))
    np.testing.assert_allclose(model.deviation(12) ** 2 / state.variance, relative, rtol=1e-8)


def test_a_season_is_divided_out_and_put_back() -> None:
    assert np.abs(fit_ses(AIRLINE[:-12], 12).forecast(12) - AIRLINE[-12:]).mean() < 60
    shifted = fit_ses(AIRLINE - 200, 12)
    assert shifted.notes == ("Values not above zero: the season was subtracted instead of divided out.",)
    assert "No season was taken out: fewer than three seasons" in fit_ses(AIRLINE[:30], 12).notes[0]


def test_long_histories_are_shortened_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exponential, "LONGEST_HISTORY", 60)
    assert fit_ses(AIRLINE, 1).notes == ("Simple exponential smoothing was fitted to the last 60 of 144 rows, to stay quick.",)


def test_out_of_time_and_failures_lead_to_the_seasonal_naive_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    model = fit_holt(AIRLINE, 12, FitPlan(seconds=0))
    np.testing.assert_array_equal(model.forecast(12), fit_seasonal_naive(AIRLINE, 12).forecast(12))
    assert model.notes == ("Holt's trend fell back to the seasonal naive forecast: its fit was not done after 0 s.",)

    def failing(*_: object, **__: object) -> object:
        raise ValueError("no")

    monkeypatch.setattr(exponential, "ExponentialSmoothing", failing)
    assert fit_damped(AIRLINE, 12).notes[-1].endswith("statsmodels could not fit it (no).")
