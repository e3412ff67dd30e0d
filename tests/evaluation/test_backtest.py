"""Rolling-origin backtests."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.baselines.table import BASELINES
from seqlab.data.catalog import load_dataset
from seqlab.errors import ConfigError, DataError, UnknownKeyError
from seqlab.evaluation.backtest import backtest, fold_origins
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.training.fitted import Fitted

COLUMNS = ["model", "fold", "origin", "horizon", "mae", "rmse", "smape", "mase"]
AIRLINE = load_dataset("airline_passengers")
Y = AIRLINE.frame["passengers"].to_numpy()


def test_one_row_per_model_and_fold() -> None:
    table = backtest(AIRLINE, baselines=["ets", "seasonal_naive"], horizon=12, folds=4)
    assert list(table.columns) == COLUMNS
    assert table["model"].tolist() == ["Seasonal naive"] * 4 + ["ETS"] * 4
    assert table["fold"].tolist() == [1, 2, 3, 4] * 2
    assert table["origin"].tolist() == [96, 108, 120, 132] * 2
    assert (table["horizon"] == 12).all()
    assert np.isfinite(table[["mae", "rmse", "smape", "mase"]].to_numpy()).all()


def test_baselines_are_refitted_before_every_fold() -> None:
    table = backtest(AIRLINE, baselines=["ets"], horizon=6, folds=3)
    for row in table.itertuples():
        errors = np.abs(BASELINES["ets"].fit(Y[: row.origin], 12).forecast(6) - Y[row.origin : row.origin + 6])
        assert row.mae == pytest.approx(errors.mean(), rel=1e-12)
        assert row.mase == pytest.approx(errors.mean() / np.abs(Y[12 : row.origin] - Y[: row.origin - 12]).mean(), rel=1e-12)


def test_by_step_has_one_row_per_step_that_average_to_the_fold() -> None:
    folds = backtest(AIRLINE, baselines=["naive"], horizon=12, folds=3)
    steps = backtest(AIRLINE, baselines=["naive"], horizon=12, folds=3, by_step=True)
    assert list(steps.columns) == [*COLUMNS[:4], "step", *COLUMNS[4:]]
    assert steps["step"].tolist() == list(range(1, 13)) * 3
    means = steps.groupby("fold")[["mae", "smape", "mase"]].mean().to_numpy()
    np.testing.assert_allclose(means, folds[["mae", "smape", "mase"]].to_numpy())


def test_network_keeps_its_weights_and_is_scored_where_it_forecasts(airline_network: Fitted) -> None:
    table = backtest(AIRLINE, models=[airline_network], baselines=["seasonal_naive"], horizon=12, folds=5)
    own = table[table["model"] == airline_network.name]
    assert own["origin"].tolist() == table[table["model"] == "Seasonal naive"]["origin"].tolist() == [124, 126, 128, 130, 132]
    forecast = forecast_fitted(airline_network, own["origin"].to_numpy())
    np.testing.assert_allclose(own["mae"], np.abs(forecast.y_pred - forecast.y_true).mean(axis=(1, 2)))
    assert "the folds overlap: their origins are 2 rows apart" in table.attrs["notes"][0]


def test_notes_name_model_and_fold() -> None:
    notes = backtest(AIRLINE, baselines=["ets"], horizon=12, folds=2).attrs["notes"]
    assert [note.split(": ")[0] for note in notes] == ["ETS, fold 1", "ETS, fold 2"]


def test_two_networks_of_the_same_name_stay_apart(airline_network: Fitted) -> None:
    table = backtest(AIRLINE, models=[airline_network, airline_network], baselines=[], horizon=12, folds=1)
    assert table["model"].tolist() == [airline_network.name, f"{airline_network.name} (2)"]


def test_several_targets_are_averaged(macro_network: Fitted) -> None:
    data = macro_network.prepared.dataset
    table = backtest(data, models=[macro_network], baselines=["drift"], horizon=4, folds=3)
    origin = int(table["origin"].iloc[-1])
    assert origin == len(data.frame) - 4
    errors = [
        np.abs(BASELINES["drift"].fit(y[:origin], 1).forecast(4) - y[origin:]).mean()
        for y in (data.frame[name].to_numpy() for name in ("realgdp", "unemp"))
    ]
    assert table["mae"].iloc[-1] == pytest.approx(np.mean(errors))


def test_unobserved_values_are_left_out_and_said() -> None:
    frame = AIRLINE.frame.copy()
    frame.iloc[[-1, -5], 0] = np.nan
    data = type(AIRLINE)(label="Gaps", frame=frame, targets=("passengers",), frequency=AIRLINE.frequency, season_length=12)
    table = backtest(data, baselines=["naive"], horizon=6, folds=2)
    assert table.attrs["notes"] == ["2 of 12 values to forecast were never observed and are left out of the errors."]
    kept = Y[138:144][[0, 2, 3, 4]]
    assert table["mae"].iloc[-1] == pytest.approx(np.abs(kept - Y[137]).mean())
    steps = backtest(data, baselines=["naive"], horizon=6, folds=1, by_step=True)
    assert steps["mae"].isna().tolist() == [False, True, False, False, False, True]


@given(st.integers(0, 300), st.integers(1, 300), st.integers(1, 30), st.integers(1, 10))
def test_folds_lie_in_the_room_and_end_at_its_end(first: int, room: int, horizon: int, folds: int) -> None:
    if room < horizon + folds - 1:
        with pytest.raises(DataError, match=f"only {room} follow"):
            fold_origins(first, first + room, horizon, folds, trained=True)
        return
    origins, notes = fold_origins(first, first + room, horizon, folds, trained=True)
    assert len(origins) == folds
    assert origins[0] >= first
    assert origins[-1] + horizon == first + room
    apart = np.unique(np.diff(origins))
    assert (apart == horizon).all() or (bool(notes) and len(apart) == 1 and room < folds * horizon)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"horizon": 0}, ConfigError, "horizon is 0"),
        ({"folds": 0}, ConfigError, "folds is 0"),
        (
            {"horizon": 72, "folds": 2},
            DataError,
            "at least 73 rows, but only 72 follow the 72 rows that are kept as history. Choose at most 1 folds",
        ),
        ({"horizon": 100}, DataError, "Choose a horizon of at most 72 steps"),
        ({"baselines": []}, ConfigError, "nothing to backtest"),
        ({"baselines": ["prophet"]}, UnknownKeyError, "prophet"),
    ],
)
def test_impossible_requests_are_refused_in_words(options: dict, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        backtest(AIRLINE, **{"baselines": ["naive"], **options})


def test_folds_that_would_reach_into_training_rows_are_refused(airline_network: Fitted) -> None:
    with pytest.raises(DataError, match=r"were trained or validated on\. Choose at most 10 folds, or train with a larger test part"):
        backtest(AIRLINE, models=[airline_network], horizon=12, folds=11)


def test_network_with_another_horizon_is_refused(airline_network: Fitted) -> None:
    with pytest.raises(ConfigError, match=r"forecasts 12 steps, but the backtest asks for 6\. Use horizon=12"):
        backtest(AIRLINE, models=[airline_network], horizon=6)


def test_network_of_other_data_is_refused(airline_network: Fitted) -> None:
    with pytest.raises(DataError, match="fingerprints differ"):
        backtest(load_dataset("sunspots"), models=[airline_network])


def test_networks_with_other_targets_are_refused(macro_network: Fitted, train_network: Callable[..., Fitted]) -> None:
    other = train_network("macro_us", 12, 4, targets=("unemp",))
    with pytest.raises(ConfigError, match="different targets"):
        backtest(macro_network.prepared.dataset, models=[macro_network, other], horizon=4, folds=1)


def test_result_is_plain_numbers_and_text() -> None:
    table = backtest(AIRLINE, baselines=["naive"], horizon=3, folds=2)
    assert pd.api.types.is_integer_dtype(table["origin"])
    assert all(pd.api.types.is_float_dtype(table[metric]) for metric in COLUMNS[4:])
    assert pd.api.types.is_string_dtype(table["model"])
