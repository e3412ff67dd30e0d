"""ARIMA against direct statsmodels calls, and its search."""

import re
import warnings

import numpy as np
import pytest
from statsmodels.tsa.statespace.sarimax import SARIMAX

from seqlab.baselines import arima
from seqlab.baselines.arima import Order, fit_arima
from seqlab.baselines.naive import fit_seasonal_naive
from seqlab.baselines.plan import FitPlan
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()
GDP = load_dataset("macro_us").frame["realgdp"].to_numpy()


@pytest.mark.parametrize(
    ("y", "m", "order"),
    [
        (AIRLINE, 12, Order(p=1, D=1, m=12, constant=True)),
        (AIRLINE, 12, Order(q=1, d=1, Q=1, D=1, m=12)),
        (GDP, 1, Order(p=2, d=1, constant=True)),
        (GDP, 1, Order(p=1, d=1, q=1)),
    ],
    ids=["airline-AR", "airline-MA", "gdp-AR", "gdp-ARMA"],
)
def test_forecasts_and_follows_like_statsmodels(y: np.ndarray, m: int, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """Following new values is statsmodels' append without a new fit, over missing values too."""
    monkeypatch.setattr(arima, "_first_orders", lambda _: [order])
    monkeypatch.setattr(arima, "_neighbours", lambda _: [])
    fitted = SARIMAX(
        y[:120],
        order=(order.p, order.d, order.q),
        seasonal_order=(order.P, order.D, order.Q, order.m if m > 1 else 0),
        trend="c" if order.constant else "n",
    ).fit(disp=False)
    model = fit_arima(y[:120], m)
    np.testing.assert_allclose(model.forecast(20), fitted.forecast(20), rtol=1e-8)
    new = y[120:137].copy()
    new[[2, 9]] = np.nan
    model.update(new[:5])
    model.update(new[5:])
    np.testing.assert_allclose(model.forecast(20), fitted.append(new, refit=False).forecast(20), rtol=1e-8)


def test_missing_values_stay_missing() -> None:
    y = AIRLINE[:120].copy()
    y[[30, 31, 70]] = np.nan
    model = fit_arima(y, 12)
    name = model.notes[0].split(", chosen")[0]
    numbers = [int(digit) for digit in re.findall(r"\d+", name)]
    direct = SARIMAX(y, order=numbers[:3], seasonal_order=numbers[3:], trend="c" if "constant" in name else "n").fit(disp=False)
    np.testing.assert_allclose(model.forecast(12), direct.forecast(12), rtol=1e-8)


def test_search_ends_where_no_neighbour_is_better() -> None:
    y = np.random.default_rng(3).normal(size=200).cumsum()
    results, notes = arima.search_order(y, Order(d=1), FitPlan().start())
    best = Order(p=results.model.order[0], d=1, q=results.model.order[2], constant=results.model.trend == "c")
    aicc = {order: arima._quick_aicc(y, order, FitPlan().start(), [])[0] for order in [best, *arima._neighbours(best)]}
    assert min(aicc, key=lambda order: aicc[order]) == best
    assert notes[0].startswith(f"{best}, chosen by AICc among ")


@pytest.mark.parametrize(
    ("y", "m", "d", "seasonal"),
    [
        (np.random.default_rng(0).normal(size=300), 1, 0, 0),
        (np.random.default_rng(0).normal(size=300).cumsum(), 1, 1, 0),
        (np.tile([1.0, 5.0, 2.0, 8.0], 60) + np.random.default_rng(0).normal(size=240) / 5, 4, 0, 1),
    ],
    ids=["noise", "random walk", "season"],
)
def test_differences_follow_the_tests(y: np.ndarray, m: int, d: int, seasonal: int) -> None:
    texts: list[str] = []
    order = arima.differences(y, m, texts)
    assert (order.d, order.D, texts) == (d, seasonal, [])


def test_grid_is_small() -> None:
    assert not Order(p=3).allowed
    assert not Order(P=1).allowed
    assert Order(P=1, m=12).allowed
    assert not Order(d=1, D=1, m=12, constant=True).allowed
    assert str(Order(p=1, d=1, Q=1, m=4)) == "ARIMA(1,1,0)(0,0,1)[4]"


def test_long_season_is_taken_out_and_history_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arima, "LONGEST_HISTORY", 150)
    steps = np.arange(400)
    y = 10 * np.sin(2 * np.pi * steps / 20) + np.random.default_rng(5).normal(size=400)
    model = fit_arima(y[:-20], 20)
    assert "20 steps is too long" in model.notes[0]
    assert model.notes[1] == "ARIMA was fitted to the last 150 of 380 rows, to stay quick."
    assert np.abs(model.forecast(20) - y[-20:]).mean() < 1.5


def test_warnings_become_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    real = arima._model

    def warning(*args: object, **options: object) -> object:
        warnings.warn("did not converge", RuntimeWarning, stacklevel=1)
        return real(*args, **options)

    monkeypatch.setattr(arima, "_model", warning)
    notes = fit_arima(GDP, 1).notes
    assert any(note.endswith("with constant warned: RuntimeWarning: did not converge") for note in notes)
    assert any(note.startswith("An ARIMA order that was tried warned ") for note in notes)


def test_failures_lead_to_the_seasonal_naive_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> object:
        raise np.linalg.LinAlgError("singular")

    monkeypatch.setattr(arima, "_model", failing)
    model = fit_arima(AIRLINE, 12)
    np.testing.assert_array_equal(model.forecast(12), fit_seasonal_naive(AIRLINE, 12).forecast(12))
    assert any(note.startswith("Could not be fitted: ARIMA(1,") for note in model.notes)
    assert model.notes[-1] == "ARIMA fell back to the seasonal naive forecast: no order could be fitted."


def test_time_budget_ends_the_search_and_is_said() -> None:
    said: list[str] = []
    model = fit_arima(GDP, 1, FitPlan(seconds=0.0, say=said.append))
    assert "The search for an ARIMA order stopped after 0 s and 1 order." in model.notes
    assert any(note.startswith("The time was up before ARIMA(1,1,1) with constant was fitted once more") for note in model.notes)
    assert said == ["1 order tried, the best so far is ARIMA(1,1,1) with constant."]
    assert abs(model.forecast(1)[0] / GDP[-1] - 1) < 0.05


def test_a_season_without_anything_else_is_repeated() -> None:
    model = fit_arima(np.tile(np.arange(30.0), 5), 30)
    np.testing.assert_allclose(model.forecast(30), np.arange(30), atol=0.5)
