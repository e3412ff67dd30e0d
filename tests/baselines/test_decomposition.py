"""STL and its relatives: which seasons are taken out, and that they go on. Equality is in test_against_statsmodels.py."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import MSTL

from seqlab.baselines import decomposition
from seqlab.baselines.autoregression import fit_ar
from seqlab.baselines.decomposition import fit_mstl, fit_stl_ets
from seqlab.baselines.plan import FitPlan

STEPS = np.arange(400)
DAYS = 5 * np.sin(2 * np.pi * STEPS / 6) + 3 * np.cos(2 * np.pi * STEPS / 15) + np.random.default_rng(4).normal(size=400)


def test_several_seasons_go_on_while_the_rest_is_followed() -> None:
    model = fit_mstl(DAYS[:300], 15, FitPlan(seasons=(6, 15)))
    seasons = np.asarray(MSTL(DAYS[:300], periods=(6, 15), windows=[35, 35]).fit().seasonal)
    ahead = np.array([seasons[294 + step % 6, 0] + seasons[285 + step % 15, 1] for step in range(100)])
    rest = fit_ar(DAYS[:300] - seasons.sum(axis=1), 1)
    np.testing.assert_allclose(model.forecast(40), rest.forecast(40) + ahead[:40], rtol=1e-8)
    rest.update(DAYS[300:337] - ahead[:37])
    model.update(DAYS[300:337])
    np.testing.assert_allclose(model.forecast(20), rest.forecast(20) + ahead[37:57], rtol=1e-8)
    np.testing.assert_allclose(model.deviation(3), rest.deviation(3))
    assert np.abs(model.forecast(40) - DAYS[337:377]).mean() < 1.5


def test_what_cannot_be_taken_out_is_said() -> None:
    notes = fit_mstl(DAYS[:40], 15, FitPlan(seasons=(6, 15, 20))).notes
    assert "A season of 20 steps was not taken out: more than two of it are needed, in 40 rows." in notes
    assert "There is no season to take out: this is its inner method alone." in fit_stl_ets(DAYS[:40], 1).notes


def test_long_history_is_shortened_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decomposition, "LONGEST_HISTORY", 60)
    assert "STL + ETS was fitted to the last 60 of 400 rows, to stay quick." in fit_stl_ets(DAYS, 6).notes


def test_a_season_and_nothing_else_is_repeated() -> None:
    np.testing.assert_allclose(fit_stl_ets(np.tile(np.arange(30.0), 5), 30).forecast(30), np.arange(30), atol=1e-6)
