"""The network beside the baselines and other seeds, one piece at a time."""

import numpy as np
import pytest

from seqlab.baselines.table import BASELINES
from seqlab.config import CompareConfig
from seqlab.errors import UnknownKeyError
from seqlab.evaluation import comparison
from seqlab.evaluation.comparison import QUICK, Comparison, compare
from seqlab.evaluation.metric_table import POINT_METRICS
from seqlab.training.fitted import Fitted


def test_what_is_quick_comes_first_and_intervals_last(airline_network: Fitted, macro_network: Fitted) -> None:
    pieces = Comparison(airline_network, CompareConfig(seeds=3)).pieces
    judged = [piece.key for piece in pieces if piece.part == "test"]
    quick = [key for key, entry in BASELINES.items() if entry.cost < QUICK]
    assert judged[0] == "fitted"
    assert set(judged[1 : 1 + len(quick)]) == set(quick) >= {"naive", "seasonal_naive", "ar", "theta", "stl_ets", "ets"}
    assert judged[1 + len(quick) : 3 + len(quick)] == ["seed:1", "seed:2"]
    assert [piece.key for piece in pieces if piece.part == "validation"] == [key for key in judged if not key.startswith("seed:")]
    assert all(piece.part == "validation" for piece in pieces[len(judged) :])
    assert list(Comparison(airline_network, CompareConfig()).skipped) == ["var"]
    assert Comparison(macro_network, CompareConfig()).skipped == {}


def test_all_forecast_from_the_same_origins_and_budget_and_season_reach_the_baseline(
    airline_network: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = []
    real = comparison.forecast_baseline
    monkeypatch.setattr(comparison, "forecast_baseline", lambda *args: plans.append(args[-1]) or real(*args))
    found = Comparison(airline_network, CompareConfig(baselines=("theta", "naive"), seeds=2, seconds=7.0), limit=3)
    forecasts = [found.compute(piece) for piece in found.pieces if piece.part == "test"]
    assert [forecast.model for forecast in forecasts] == [airline_network.name, "Naive", "Theta", f"{airline_network.name}, seed 1"]
    for forecast in forecasts:
        np.testing.assert_array_equal(forecast.origins, forecasts[0].origins)
        np.testing.assert_array_equal(forecast.y_true, forecasts[0].y_true)
    assert {(plan.horizon, plan.context_length, plan.seconds) for plan in plans} == {(12, 24, 7.0)}
    assert all(plan.seasons == airline_network.prepared.dataset.seasons for plan in plans)


def test_the_table_has_a_row_per_model_and_says_what_was_left_out(airline_network: Fitted) -> None:
    table = compare(airline_network, CompareConfig(baselines=("ets", "seasonal_naive", "naive", "var"), seeds=1))
    errors = table.set_index("model")["mae"]
    assert list(table.columns) == ["model", *POINT_METRICS, "seconds"]
    assert errors["ETS"] < errors["Seasonal naive"] < errors["Naive"]
    assert table.attrs["skipped"] == ["VAR needs at least 2 target columns; there is 1."]
    assert any(note.startswith("ETS: ETS(") for note in table.attrs["notes"])


def test_unknown_baseline_is_refused_before_anything_is_computed(airline_network: Fitted) -> None:
    with pytest.raises(UnknownKeyError, match="prophet"):
        Comparison(airline_network, CompareConfig(baselines=("naive", "prophet")))
