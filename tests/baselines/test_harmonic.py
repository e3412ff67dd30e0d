"""Harmonic regression: several seasons, following, time. Equality with statsmodels is in test_against_statsmodels.py."""

import numpy as np
import pytest
from statsmodels.tsa.arima.model import ARIMA

from seqlab.baselines import arima, harmonic
from seqlab.baselines.arima import Order
from seqlab.baselines.harmonic import fit_harmonic
from seqlab.baselines.plan import FitPlan

STEPS = np.arange(700)
NOISE = np.convolve(np.random.default_rng(2).normal(size=701), [1.0, 0.6], mode="valid")
HOURS = 50 + 9 * np.sin(2 * np.pi * STEPS / 24) + 5 * np.cos(2 * np.pi * STEPS / 168) + NOISE


@pytest.fixture(autouse=True)
def _one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arima, "_first_orders", lambda start: [Order(p=1)])
    monkeypatch.setattr(arima, "_neighbours", lambda best: [])


def test_carries_two_seasons_and_follows_like_statsmodels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harmonic, "MOST_HARMONICS", 1)
    model = fit_harmonic(HOURS[:600], 168, FitPlan(seasons=(24, 168)))
    assert model.notes[0] == "Harmonics chosen by AICc: 1 of a season of 24 steps, 1 of a season of 168 steps."
    waves = [wave(2 * np.pi * (STEPS % m) / m) for m in (24, 168) for wave in (np.sin, np.cos)]
    exog = np.column_stack([np.ones(STEPS.size), *waves])
    fitted = ARIMA(HOURS[:600], exog=exog[:600], order=(1, 0, 0), trend="n").fit(method="innovations_mle")
    new = HOURS[600:650].copy()
    new[[3, 30]] = np.nan
    model.update(new)
    expected = fitted.append(new, exog=exog[600:650]).get_forecast(24, exog=exog[650:674])
    np.testing.assert_allclose(model.forecast(24), expected.predicted_mean, rtol=1e-6)
    np.testing.assert_allclose(model.deviation(24), expected.se_mean, rtol=1e-6)


def test_without_time_for_both_weights_and_errors_are_estimated_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harmonic.ARIMA, "fit", lambda *_, **options: options["method_kwargs"]["minimize_kwargs"]["callback"]())
    said: list[str] = []

    class Late(harmonic.Budget):
        def check(self, *_: object) -> None:
            if said:
                raise harmonic.OutOfTimeError

    monkeypatch.setattr(FitPlan, "start", lambda plan: Late(5, said.append))
    model = fit_harmonic(HOURS[:600], 24)
    assert "Weights and errors were estimated one after the other: the 5 s were over." in model.notes
    assert np.abs(model.forecast(24) - HOURS[600:624]).mean() < 6


def test_long_history_is_shortened_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harmonic, "LONGEST_HISTORY", 300)
    assert "It was fitted to the last 300 of 600 rows, to stay quick." in fit_harmonic(HOURS[:600], 24).notes


def test_no_season_leaves_an_arima() -> None:
    model = fit_harmonic(NOISE[:200], 1)
    assert model.notes[0] == "No harmonic improves the AICc: what remains is an ARIMA without a season."
    assert model.notes[1].startswith("Errors: ARIMA(1,0,0), chosen by AICc among 1 order")
