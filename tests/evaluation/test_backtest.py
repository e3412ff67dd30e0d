"""Rolling-origin backtests: the same folds for all, and nothing known too early."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from seqlab.baselines.table import BASELINES
from seqlab.config import BacktestConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError, DataError, UnknownKeyError
from seqlab.evaluation.backtest import Backtest, backtest
from seqlab.evaluation.folds import FoldResult
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.training.fitted import Fitted

COLUMNS = ["model", "fold", "origin", "horizon", "mae", "rmse", "smape", "mase"]
AIRLINE = load_dataset("airline_passengers")
Y = AIRLINE.frame["passengers"].to_numpy()


def changed_from(dataset: SeriesDataset, row: int) -> SeriesDataset:
    """The same series with other values from a row on."""
    frame = dataset.frame.copy()
    frame.iloc[row:] += 50.0
    return dataclasses.replace(dataset, frame=frame)


def on_other_data(fitted: Fitted, dataset: SeriesDataset) -> Fitted:
    """The same weights beside other data."""
    spec = fitted.spec.replace(fingerprint="")
    return dataclasses.replace(fitted, spec=spec, prepared=prepare(dataset, spec))


def computed(dataset: SeriesDataset, models: list[Fitted], baselines: list[str], **choices: object) -> dict[tuple[str, int], FoldResult]:
    config = BacktestConfig.from_dict({"horizon": 12, "folds": 2, **choices})
    return {(one.key, one.fold.number): one for one in Backtest(dataset, models, baselines, config).events()}


def test_one_row_per_model_and_fold_from_the_same_origins() -> None:
    table = backtest(AIRLINE, baselines=["ses", "seasonal_naive"], horizon=12, folds=4)
    assert list(table.columns) == COLUMNS
    assert table["model"].tolist() == ["Seasonal naive"] * 4 + [BASELINES["ses"].label] * 4
    assert table["fold"].tolist() == [1, 2, 3, 4] * 2
    assert table["origin"].tolist() == [96, 108, 120, 132] * 2
    assert (table["horizon"] == 12).all()
    assert np.isfinite(table[COLUMNS[4:]].to_numpy()).all()
    assert pd.api.types.is_integer_dtype(table["origin"])
    assert pd.api.types.is_string_dtype(table["model"])


@pytest.mark.parametrize("window", ["expanding", "sliding"])
def test_baselines_are_fitted_again_to_the_rows_of_each_fold(window: str) -> None:
    table = backtest(AIRLINE, baselines=["drift"], horizon=6, folds=3, window=window)
    for row in table.itertuples():
        known = Y[0 if window == "expanding" else row.origin - 126 : row.origin]
        errors = np.abs(BASELINES["drift"].fit(known, 12).forecast(6) - Y[row.origin : row.origin + 6])
        assert row.mae == pytest.approx(errors.mean(), rel=1e-12)
        assert row.mase == pytest.approx(errors.mean() / np.abs(Y[12 : row.origin] - Y[: row.origin - 12]).mean(), rel=1e-12)


def test_updating_fits_once_and_equals_refitting_where_nothing_is_estimated() -> None:
    refitted, updated = (computed(AIRLINE, [], ["naive", "ses"], fitting=fitting) for fitting in ("refit", "update"))
    for fold in (1, 2):
        np.testing.assert_array_equal(refitted["naive", fold].forecast.y_pred, updated["naive", fold].forecast.y_pred)
        assert updated["ses", fold].fitted == (0, 120)
        assert refitted["ses", fold].fitted == (0, 108 + 12 * fold)
    model = BASELINES["ses"].fit(Y[:120], 12)
    model.update(Y[120:132])
    np.testing.assert_allclose(updated["ses", 2].forecast.y_pred[0, :, 0], model.forecast(12), rtol=1e-12)


@pytest.mark.parametrize("choices", [{}, {"fitting": "update"}, {"strategy": "recursive", "horizon": 14}], ids=str)
def test_nothing_after_an_origin_is_read(airline_network: Fitted, choices: dict) -> None:
    before = computed(AIRLINE, [airline_network], ["drift", "ses"], **choices)
    origin = before["fitted", 1].fold.origin
    data = changed_from(AIRLINE, origin)
    after = computed(data, [on_other_data(airline_network, data)], ["drift", "ses"], **choices)
    for key in ("fitted", "drift", "ses"):
        np.testing.assert_array_equal(before[key, 1].forecast.y_pred, after[key, 1].forecast.y_pred)
        assert (before[key, 2].forecast.y_pred != after[key, 2].forecast.y_pred).any()


def test_steps_and_targets_average_to_the_fold(macro_network: Fitted) -> None:
    data = macro_network.prepared.dataset
    by = {
        name: backtest(data, [macro_network], ["drift", "var"], 4, 2, **{name: True} if name else {})
        for name in ("", "by_step", "by_target")
    }
    assert list(by["by_step"].columns) == [*COLUMNS[:4], "step", *COLUMNS[4:]]
    assert by["by_target"]["target"].tolist() == ["realgdp", "unemp"] * 6
    for table in (by["by_step"], by["by_target"]):
        means = table.groupby(["model", "fold"], sort=False)[["mae", "mase"]].mean().to_numpy()
        np.testing.assert_allclose(means, by[""][["mae", "mase"]].to_numpy())
    origin = int(by[""]["origin"].iloc[-1])
    values = data.frame[["realgdp", "unemp"]].to_numpy()
    one, all_together = BASELINES["drift"].fit(values[:origin, 1], 1), BASELINES["var"].fit(values[:origin], 1)
    for key, forecast in (("drift", one.forecast(4)), ("var", all_together.forecast(4)[:, 1])):
        row = by["by_target"][by["by_target"]["model"] == BASELINES[key].label].iloc[-1]
        assert row["mae"] == pytest.approx(np.abs(forecast - values[origin:, 1]).mean())


def test_network_keeps_its_weights_and_is_scored_where_it_forecasts(airline_network: Fitted) -> None:
    table = backtest(AIRLINE, models=[airline_network, airline_network], baselines=["seasonal_naive"], horizon=12, folds=5)
    own = table[table["model"] == airline_network.name]
    assert set(table["model"]) == {airline_network.name, f"{airline_network.name} (2)", "Seasonal naive"}
    assert own["origin"].tolist() == table[table["model"] == "Seasonal naive"]["origin"].tolist() == [124, 126, 128, 130, 132]
    forecast = forecast_fitted(airline_network, own["origin"].to_numpy())
    np.testing.assert_allclose(own["mae"], np.abs(forecast.y_pred - forecast.y_true).mean(axis=(1, 2)), rtol=1e-5)
    assert "the folds overlap: their origins are 2 rows apart" in table.attrs["notes"][0]


def test_both_strategies_stand_side_by_side(airline_network: Fitted) -> None:
    both = computed(AIRLINE, [airline_network], [], strategy="both", folds=1, block=4)
    direct = computed(AIRLINE, [airline_network], [], folds=1)
    assert [one.label for one in both.values()] == [airline_network.name, f"{airline_network.name}, recursive"]
    np.testing.assert_array_equal(both["fitted", 1].forecast.y_pred, direct["fitted", 1].forecast.y_pred)
    recursive = both["fitted:recursive", 1].forecast.y_pred
    np.testing.assert_allclose(recursive[:, :4], both["fitted", 1].forecast.y_pred[:, :4], rtol=1e-6)
    assert (recursive[:, 4:] != both["fitted", 1].forecast.y_pred[:, 4:]).any()


def test_notes_name_model_and_fold_and_what_was_left_out() -> None:
    table = backtest(AIRLINE, baselines=["linear", "var"], horizon=12, folds=2)
    notes, label = table.attrs["notes"], BASELINES["linear"].label
    assert "at least 2 target columns" in notes[0]
    assert set(table["model"]) == {label}
    assert [note.split(": ")[0] for note in notes[-2:]] == [f"{label}, fold 1", f"{label}, fold 2"]


def test_a_spent_budget_is_a_reason_not_a_score() -> None:
    config = BacktestConfig(horizon=12, folds=2, seconds=1.0)
    plan = Backtest(AIRLINE, [], ["ses"], config)
    left = plan._fit("ses", "SES", plan.plan.folds[:1], -1.0, lambda doing, detail: None)  # as after a fit that overstepped
    assert left[0].forecast is None
    assert left[0].reason == "The 1 seconds for this baseline were spent on earlier folds."


def test_unobserved_values_are_left_out_and_said() -> None:
    frame = AIRLINE.frame.copy()
    frame.iloc[[-1, -5], 0] = np.nan
    data = dataclasses.replace(AIRLINE, frame=frame)
    table = backtest(data, baselines=["naive"], horizon=6, folds=2)
    assert table.attrs["notes"] == ["2 of 12 values to forecast were never observed and are left out of the errors."]
    kept = Y[138:144][[0, 2, 3, 4]]
    assert table["mae"].iloc[-1] == pytest.approx(np.abs(kept - Y[137]).mean())
    steps = backtest(data, baselines=["naive"], horizon=6, folds=1, by_step=True)
    assert steps["mae"].isna().tolist() == [False, True, False, False, False, True]


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
        ({"window": "growing"}, ConfigError, "expanding, sliding"),
        ({"colour": "red"}, ConfigError, "no field 'colour'"),
    ],
)
def test_impossible_requests_are_refused_in_words(options: dict, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        backtest(AIRLINE, **{"baselines": ["naive"], **options})


def test_networks_that_cannot_take_part_are_refused_in_words(
    airline_network: Fitted, macro_network: Fitted, train_network: Callable[..., Fitted]
) -> None:
    with pytest.raises(DataError, match=r"were trained or validated on\. Choose at most 10 folds, or train with a larger test part"):
        backtest(AIRLINE, models=[airline_network], horizon=12, folds=11)
    with pytest.raises(ConfigError, match=r"forecasts 12 steps, but the backtest asks for 6\. Use horizon=12"):
        backtest(AIRLINE, models=[airline_network], horizon=6)
    with pytest.raises(DataError, match="fingerprints differ"):
        backtest(load_dataset("sunspots"), models=[airline_network])
    other = train_network("macro_us", 12, 4, targets=("unemp",))
    with pytest.raises(ConfigError, match="different targets"):
        backtest(macro_network.prepared.dataset, models=[macro_network, other], horizon=4, folds=1)
    reads_past = train_network("macro_us", 12, 4, targets=("unemp",), past_covariates=("realgdp",))
    with pytest.raises(ConfigError, match="also reads realgdp, whose future nobody knows"):
        backtest(macro_network.prepared.dataset, models=[reads_past], horizon=8, folds=1, strategy="recursive")
    with pytest.raises(ConfigError, match="Choose a block of at most 4"):
        backtest(macro_network.prepared.dataset, models=[macro_network], horizon=8, folds=1, strategy="recursive", block=5)
