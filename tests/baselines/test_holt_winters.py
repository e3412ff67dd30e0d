"""Holt–Winters: which form, following new values, long seasons, budgets; forecasts are tested beside statsmodels elsewhere."""

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from seqlab.baselines import holt_winters
from seqlab.baselines.holt_winters import fit_holt_winters
from seqlab.baselines.plan import Budget, FitPlan, OutOfTimeError
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy(dtype=float)


@pytest.mark.parametrize("form", ["add", "mul"])
def test_following_is_smoothing_the_longer_series_with_the_same_parameters(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holt_winters, "_forms", lambda *_: (form,))
    shape = {"trend": "add", "seasonal": form, "seasonal_periods": 12}
    found = ExponentialSmoothing(AIRLINE[:120], initialization_method="heuristic", **shape).fit().params
    longer = ExponentialSmoothing(
        AIRLINE,
        initialization_method="known",
        initial_level=found["initial_level"],
        initial_trend=found["initial_trend"],
        initial_seasonal=found["initial_seasons"],
        **shape,
    ).fit(**{name: found[name] for name in ("smoothing_level", "smoothing_trend", "smoothing_seasonal")}, optimized=False)
    model = fit_holt_winters(AIRLINE[:120], 12)
    model.update(AIRLINE[120:])
    np.testing.assert_allclose(model.forecast(11), longer.forecast(11), rtol=1e-8)


def test_an_added_season_has_a_deviation_and_a_multiplied_one_has_none() -> None:
    assert fit_holt_winters(AIRLINE, 12).deviation(3) is None
    deviation = fit_holt_winters(AIRLINE - 200, 12).deviation(30)
    assert (np.diff(deviation) > 0).all()


def test_forms_follow_the_data() -> None:
    assert fit_holt_winters(AIRLINE - 200, 12).notes == ("The season is added, because not all values are above zero.",)
    assert fit_holt_winters(AIRLINE[:21], 12).notes == ("Holt-Winters has no season here: a season of 12 steps takes at least 24 values.",)
    assert fit_holt_winters(AIRLINE[:50], 1).notes == ()


def test_time_budget_keeps_the_form_it_has_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = holt_winters.fitted

    def slow(model: ExponentialSmoothing, budget: Budget) -> object:
        if model.seasonal == "mul":
            raise OutOfTimeError
        return real(model, budget)

    monkeypatch.setattr(holt_winters, "fitted", slow)
    notes = fit_holt_winters(AIRLINE, 12, FitPlan(seconds=9)).notes
    assert notes == ("The season is added, chosen by AICc.", "The form with a season that is multiplied was given up after 9 s.")


def test_long_histories_are_shortened_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holt_winters, "LONGEST_HISTORY", 60)
    assert "Holt-Winters was fitted to the last 60 of 144 rows, to stay quick." in fit_holt_winters(AIRLINE, 12).notes
