"""Scores of forecasts and networks."""

import math

import numpy as np
import pytest

from seqlab.evaluation.forecast import forecast_baseline, forecast_fitted
from seqlab.evaluation.judge import score
from seqlab.evaluation.metric_table import POINT_METRICS
from seqlab.evaluation.metrics import mae, mape, mase, r2, rmse, rmsse, smape
from seqlab.evaluation.origins import test_origins
from seqlab.evaluation.score import mean_over_targets, score_arrays, score_columns, score_forecast
from seqlab.training.fitted import Fitted


def test_network_is_scored_on_its_test_part_in_data_units(airline_network: Fitted) -> None:
    prepared = airline_network.prepared
    forecast = forecast_fitted(airline_network, test_origins(prepared))
    train = prepared.dataset.frame["passengers"].to_numpy()[: prepared.bounds.train_end]
    expected = {
        "mae": mae(forecast.y_true, forecast.y_pred).value,
        "rmse": rmse(forecast.y_true, forecast.y_pred).value,
        "mape": mape(forecast.y_true, forecast.y_pred).value,
        "smape": smape(forecast.y_true, forecast.y_pred).value,
        "mase": mase(forecast.y_true, forecast.y_pred, train, 12).value,
        "rmsse": rmsse(forecast.y_true, forecast.y_pred, train, 12).value,
        "r2": r2(forecast.y_true, forecast.y_pred).value,
    }
    assert score(airline_network) == expected
    assert list(expected) == list(POINT_METRICS)


def test_seasonal_naive_by_plain_arithmetic(airline_network: Fitted) -> None:
    prepared = airline_network.prepared
    y = prepared.dataset.frame["passengers"].to_numpy()
    origins = test_origins(prepared)
    scores = {s.metric: s.value for s in score_forecast(forecast_baseline("seasonal_naive", prepared, origins), prepared)}
    errors = np.array([np.abs(y[o : o + 12] - y[o - 12 : o]) for o in origins])
    assert scores["mae"] == pytest.approx(errors.mean())
    train = y[: prepared.bounds.train_end]
    assert scores["mase"] == pytest.approx(errors.mean() / np.abs(train[12:] - train[:-12]).mean())


def test_targets_are_averaged_never_pooled() -> None:
    generator = np.random.default_rng(0)
    truth, forecast = generator.normal(size=(5, 3, 2)) * [1, 1000], generator.normal(size=(5, 3, 2)) * [1, 1000]
    train = generator.normal(size=(30, 2)) * [1, 1000]
    both = score_arrays(truth, forecast, train, 4, ("a", "b"))
    alone = [score_arrays(truth[..., [c]], forecast[..., [c]], train[:, [c]], 4, ("x",)) for c in range(2)]
    for metric, one, a, b in zip(POINT_METRICS, both, *alone, strict=True):
        assert one.metric == metric
        assert one.value == pytest.approx((a.value + b.value) / 2)


def test_a_target_without_a_score_leaves_none_for_all_and_is_named() -> None:
    truth = np.ones((2, 3, 2))
    truth[..., 1] = np.nan
    scores = score_arrays(truth, np.ones((2, 3, 2)), np.ones((9, 2)), 1, ("a", "b"))
    assert all(math.isnan(one.value) for one in scores)
    assert scores[0].reason == "b: None of the values to forecast was observed."
    assert scores[4].reason.startswith("a: The training part repeats itself")


def test_columns_keep_their_names_and_their_mean_is_the_score(macro_network: Fitted) -> None:
    prepared = macro_network.prepared
    forecast = forecast_baseline("naive", prepared, test_origins(prepared))
    columns = score_columns(forecast, prepared)
    assert [(one.target, one.metric) for one in columns] == [
        (target, metric) for target in ("realgdp", "unemp") for metric in POINT_METRICS
    ]
    second = {one.metric: one.value for one in columns if one.target == "unemp"}
    assert second["mae"] == pytest.approx(np.abs(forecast.y_true - forecast.y_pred)[..., 1].mean())
    assert mean_over_targets(columns) == score_forecast(forecast, prepared)
