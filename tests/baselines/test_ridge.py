"""The linear baseline: its lengths, its gaps, its time."""

import numpy as np

from seqlab.baselines.linear import fit_shared_linear
from seqlab.baselines.plan import FitPlan
from seqlab.baselines.ridge import fit_linear
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()
PLAN = FitPlan(horizon=6, context_length=18)


def test_forecasts_by_the_shared_map_and_reads_its_own_beyond_the_plan() -> None:
    model = fit_linear(AIRLINE[:120], 12, PLAN)
    fitted = fit_shared_linear(AIRLINE[:120, None], 18, 6)
    first = fitted.predict(AIRLINE[None, 102:120])[0]
    second = fitted.predict(np.append(AIRLINE[108:120], first)[None])[0]
    np.testing.assert_allclose(model.forecast(6), first, rtol=1e-12)
    assert not any("own forecasts" in note for note in model.notes)
    np.testing.assert_allclose(model.forecast(10), np.append(first, second)[:10], rtol=1e-12)
    assert "It was fitted to forecast 6 steps; what lies farther reads its own forecasts." in model.notes
    model.update(AIRLINE[120:127])
    np.testing.assert_allclose(model.forecast(6), fitted.predict(AIRLINE[None, 109:127])[0], rtol=1e-12)


def test_context_is_cut_to_what_the_rows_allow() -> None:
    notes = fit_linear(AIRLINE[:60], 12, FitPlan(horizon=6, context_length=40)).notes
    assert "The context was cut from 40 to 18 steps: the history has 60 rows." in notes
    assert fit_linear(AIRLINE[:120], 12, FitPlan(horizon=12)).notes[0].startswith("24 steps of context, 85 windows")


def test_gaps_are_filled_in_contexts_and_left_out_as_targets() -> None:
    history = AIRLINE[:120].copy()
    history[60] = np.nan
    model = fit_linear(history, 12, PLAN)
    assert "91 windows" in model.notes[0]  # 97, less the 6 that would end in the gap
    assert "1 values were missing: in contexts each was filled with the value one season earlier" in model.notes[1]
    model.update(np.array([np.nan]))
    filled = fit_linear(history, 12, PLAN)
    filled.update(history[108:109])
    np.testing.assert_array_equal(model.forecast(3), filled.forecast(3))


def test_without_time_nothing_is_fitted_and_that_is_said() -> None:
    assert "fell back to the seasonal naive forecast" in fit_linear(AIRLINE, 12, FitPlan(seconds=0.0)).notes[-1]
