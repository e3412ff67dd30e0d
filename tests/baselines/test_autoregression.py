"""Autoregression: deviations, following new values, seasons; forecasts are tested beside statsmodels elsewhere."""

import numpy as np
import pytest
from statsmodels.tsa.ar_model import AutoReg, ar_select_order

from seqlab.baselines import autoregression
from seqlab.baselines.autoregression import fit_ar
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy(dtype=float)
GDP = np.diff(load_dataset("macro_us").frame["realgdp"].to_numpy())


@pytest.mark.parametrize(("y", "m", "phases"), [(AIRLINE, 12, {"seasonal": True, "period": 12}), (GDP, 1, {})], ids=["season", "none"])
def test_deviation_and_following_are_those_of_statsmodels(y: np.ndarray, m: int, phases: dict) -> None:
    fitted = ar_select_order(y[:120], 20, ic="aic", **phases).model.fit()
    model = fit_ar(y[:120], m)
    np.testing.assert_allclose(model.deviation(15), fitted.get_prediction(120, 134).se_mean, rtol=1e-8)
    longer = AutoReg(y[:133], fitted.model.ar_lags, **phases)
    model.update(y[120:133])
    np.testing.assert_allclose(model.forecast(9), longer.predict(fitted.params, start=133, end=141), rtol=1e-8)


def test_a_missing_value_becomes_its_forecast() -> None:
    model, told = fit_ar(GDP, 1), fit_ar(GDP, 1)
    forecast, deviation = model.forecast(4), model.deviation(4)
    model.update(np.array([np.nan]))
    told.update(forecast[:1])
    np.testing.assert_allclose(model.forecast(3), forecast[1:])
    np.testing.assert_allclose(told.forecast(3), forecast[1:])
    np.testing.assert_allclose(model.deviation(3), deviation[1:])


def test_seasons_are_said() -> None:
    assert "with a constant for each of 12 phases" in fit_ar(AIRLINE, 12).notes[0]
    hours = np.arange(400)
    y = 10 * np.sin(2 * np.pi * hours / 40) + np.random.default_rng(0).normal(size=400)
    assert "A season of 40 steps is too long for this method" in fit_ar(y, 40).notes[1]


def test_long_histories_are_shortened_and_failures_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoregression, "LONGEST_HISTORY", 60)
    assert "AR was fitted to the last 60 of 144 rows, to stay quick." in fit_ar(AIRLINE, 12).notes

    def failing(*_: object, **__: object) -> object:
        raise np.linalg.LinAlgError("singular")

    monkeypatch.setattr(autoregression, "ar_select_order", failing)
    assert fit_ar(AIRLINE, 12).notes[-1].endswith("statsmodels could not fit it (singular).")
