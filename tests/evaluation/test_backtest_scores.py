"""Errors by horizon step equal the metrics of each step."""

import dataclasses

import numpy as np
import pytest

from seqlab.data.catalog import load_dataset
from seqlab.evaluation.backtest_scores import BACKTEST_METRICS, fold_rows, step_errors
from seqlab.evaluation.folds import Fold, FoldResult
from seqlab.records import Forecast

DATA = load_dataset("macro_us")
NAMES = ("realgdp", "unemp")


def result(number: int, gap: float) -> FoldResult:
    fold = Fold(number=number, first=0, origin=150 + 4 * number, horizon=4)
    truth = DATA.frame[list(NAMES)].to_numpy()[fold.origin : fold.end].copy()
    truth[1, 0] = gap
    forecast = Forecast(model="m", targets=NAMES, origins=np.array([fold.origin]), y_pred=1.1 * truth[None] + number, y_true=truth[None])
    forecast.y_pred[np.isnan(forecast.y_pred)] = 5.0
    return FoldResult(key="m", label="m", fold=fold, fitted=(0, fold.origin), forecast=forecast)


@pytest.mark.parametrize("metric", BACKTEST_METRICS)
def test_a_step_of_one_fold_is_its_row(metric: str) -> None:
    one = result(1, np.nan)
    rows = fold_rows(one, DATA, by_step=True)
    np.testing.assert_allclose(step_errors([one], DATA, metric), [row[metric] for row in rows])
    assert np.isnan(rows[1][metric])
    other = fold_rows(one, DATA, by_step=True, by_target=True)
    np.testing.assert_allclose(step_errors([one], DATA, metric, "unemp"), [row[metric] for row in other if row["target"] == "unemp"])


def test_steps_are_pooled_over_folds_and_what_is_missing_is_left_out() -> None:
    folds = [result(1, np.nan), result(2, 8000.0)]
    gone = dataclasses.replace(folds[0], forecast=None, reason="no")
    errors = [np.abs(one.forecast.y_pred - one.forecast.y_true)[0, :, 0] for one in folds]
    np.testing.assert_allclose(step_errors([*folds, gone], DATA, "mae", "realgdp"), np.nanmean(errors, axis=0))
    np.testing.assert_allclose(step_errors(folds, DATA, "rmse", "realgdp"), np.sqrt(np.nanmean(np.square(errors), axis=0)))
    assert not step_errors([gone], DATA, "mae").size
    assert np.isnan(fold_rows(gone, DATA)[0]["mae"])
