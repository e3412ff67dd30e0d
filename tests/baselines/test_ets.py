"""ETS against direct statsmodels calls, and its guards."""

import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from seqlab.baselines import ets
from seqlab.baselines.ets import Form, fit_ets
from seqlab.baselines.naive import fit_naive, fit_seasonal_naive
from seqlab.baselines.plan import Budget, FitPlan, OutOfTimeError
from seqlab.data.catalog import DATASETS, load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()
GDP = load_dataset("macro_us").frame["realgdp"].to_numpy()

FORMS = [Form(trend, damped, season) for trend, damped in ((None, False), ("add", False), ("add", True)) for season in (None, "add", "mul")]


def direct(y: np.ndarray, form: Form, **options: object) -> ETSModel:
    return ETSModel(
        y,
        error="add",
        trend=form.trend,
        damped_trend=form.damped,
        seasonal=form.seasonal,
        seasonal_periods=12 if form.seasonal else None,
        **options,
    )


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("y", [AIRLINE, GDP], ids=["airline", "gdp"])
def test_every_form_forecasts_and_follows_like_statsmodels(y: np.ndarray, form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """Following new values with fixed parameters is re-smoothing the longer history with statsmodels."""
    monkeypatch.setattr(ets, "_forms", lambda *_: iter([form]))
    monkeypatch.setattr(ets, "WORST_RATIO", 9.0)
    fitted = direct(y[:120], form, initialization_method="heuristic").fit(disp=False)
    model = fit_ets(y[:120], 12)
    np.testing.assert_allclose(model.forecast(20), fitted.forecast(20), rtol=1e-8)
    known = {"initial_level": fitted.initial_level}
    known |= {"initial_trend": fitted.initial_trend} if form.trend else {}
    known |= {"initial_seasonal": fitted.initial_seasonal} if form.seasonal else {}
    longer = direct(y[:137], form, initialization_method="known", **known)
    model.update(y[120:137])
    np.testing.assert_allclose(model.forecast(20), longer.smooth(fitted.params).forecast(20), rtol=1e-8)


@pytest.mark.parametrize("y", [AIRLINE, GDP], ids=["airline", "gdp"])
def test_form_with_the_best_aicc_is_taken(y: np.ndarray) -> None:
    fits = {str(form): direct(y[:120], form, initialization_method="heuristic").fit(disp=False) for form in FORMS}
    naive = np.sqrt(np.mean(np.diff(y[:120]) ** 2))
    best = min((name for name, fit in fits.items() if np.sqrt(np.mean(fit.resid**2)) <= 1.05 * naive), key=lambda name: fits[name].aicc)
    model = fit_ets(y[:120], 12)
    assert model.notes[0] == f"{best}, chosen by AICc."
    np.testing.assert_allclose(model.forecast(12), fits[best].forecast(12), rtol=1e-8)


@pytest.mark.parametrize("key", [key for key, entry in DATASETS.items() if entry.task == "forecast"])
def test_ets_never_explodes_on_a_series_we_ship(key: str) -> None:
    data = load_dataset(key)
    for target in data.targets:
        y = data.frame[target].to_numpy()
        start = int(len(y) * 0.85)
        model, naive = fit_ets(y[:start], data.season_length), fit_naive(y[:start], 1)
        errors, naive_errors, reached = [], [], start
        for origin in np.unique(np.linspace(start, len(y) - 12, 60).astype(int)):
            for one in (model, naive):
                one.update(y[reached:origin])
            reached = origin
            errors.append(np.abs(model.forecast(12) - y[origin : origin + 12]))
            naive_errors.append(np.abs(naive.forecast(12) - y[origin : origin + 12]))
        assert np.nanmean(errors) < 1.3 * np.nanmean(naive_errors)
        assert np.nanmax(errors) < 5 * np.nanmax(naive_errors)


def test_multiplicative_season_needs_values_above_zero() -> None:
    assert {form.seasonal for form in ets._forms(AIRLINE, 12)} == {"mul", "add", None}
    assert {form.seasonal for form in ets._forms(AIRLINE - 200, 12)} == {"add", None}
    assert {form.seasonal for form in ets._forms(AIRLINE[:23], 12)} == {None}


def test_long_season_is_taken_out_and_said() -> None:
    hours = np.arange(24 * 7 * 5)
    y = 100 + 30 * np.sin(2 * np.pi * hours / 24) + 10 * np.cos(2 * np.pi * hours / 168) + np.random.default_rng(0).normal(size=hours.size)
    model = fit_ets(y[:-24], 168)
    assert "168 steps is too long" in model.notes[0]
    assert np.abs(model.forecast(24) - y[-24:]).mean() < 3


def test_long_history_is_shortened_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ets, "LONGEST_HISTORY", 60)
    model = fit_ets(AIRLINE, 12)
    assert "ETS was fitted to the last 60 of 144 rows, to stay quick." in model.notes


def test_warnings_become_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ets._fit_form

    def warning(history: np.ndarray, form: Form, season_length: int, budget: Budget) -> object:
        warnings.warn(f"{form} did not converge", RuntimeWarning, stacklevel=1)
        return real(history, form, season_length, budget)

    monkeypatch.setattr(ets, "_fit_form", warning)
    notes = " ".join(fit_ets(AIRLINE, 12).notes)
    assert all(f"RuntimeWarning: {form} did not converge" in notes for form in FORMS)


def test_forms_that_cannot_be_fitted_lead_to_the_seasonal_naive_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> object:
        raise np.linalg.LinAlgError("singular")

    monkeypatch.setattr(ets, "_fit_form", failing)
    model = fit_ets(AIRLINE, 12)
    np.testing.assert_array_equal(model.forecast(12), fit_seasonal_naive(AIRLINE, 12).forecast(12))
    assert "Could not be fitted: ETS(A,Ad,M) (singular)" in model.notes[0]
    assert "fell back" in model.notes[-1]


def test_forms_worse_than_naive_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ets, "WORST_RATIO", 0.0)
    assert "at least as good as the naive forecast" in fit_ets(AIRLINE, 12).notes[-1]


def test_time_budget_ends_the_search_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found so far is kept, also when the time ends inside a fit."""
    real = ets._fit_form

    def slow(history: np.ndarray, form: Form, season_length: int, budget: Budget) -> object:
        if form.trend is None:
            raise OutOfTimeError
        return real(history, form, season_length, budget)

    monkeypatch.setattr(ets, "_fit_form", slow)
    notes = fit_ets(AIRLINE, 12, FitPlan(seconds=50)).notes
    assert notes == ("ETS(A,A,M), chosen by AICc.", "The search for an ETS form stopped after 50 s and 2 of 9 forms.")
    assert "fell back to the seasonal naive forecast: no form could be fitted in time" in fit_ets(AIRLINE, 12, FitPlan(seconds=0)).notes[-1]


@pytest.mark.parametrize("form", [form for form in FORMS if form.seasonal != "mul"], ids=str)
def test_deviation_is_that_of_statsmodels(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ets, "_forms", lambda *_: iter([form]))
    monkeypatch.setattr(ets, "WORST_RATIO", 9.0)
    fitted = direct(pd.Series(AIRLINE[:120]), form, initialization_method="heuristic").fit(disp=False)
    model = fit_ets(AIRLINE[:120], 12)
    variance = fitted.get_prediction(start=120, end=149).forecast_variance
    np.testing.assert_allclose(model.deviation(30), np.sqrt(variance), rtol=1e-8)
    model.update(np.array([np.nan, np.nan]))  # two steps unseen: everything ahead is two steps further away
    np.testing.assert_allclose(model.deviation(28), np.sqrt(variance[2:]), rtol=1e-8)


def test_zeros_after_a_positive_history_do_not_break_a_multiplying_season() -> None:
    model = fit_ets(AIRLINE, 12)
    assert model.notes == ("ETS(A,A,M), chosen by AICc.",)
    model.update(np.zeros(40))
    model.update(AIRLINE[4:16])
    assert np.isfinite(model.forecast(24)).all()
    assert "40 values not above zero were stepped over: the season of this form multiplies." in model.notes
