"""What a backtest says in words, and how long it is said to take."""

import numpy as np
import pytest

from seqlab.baselines.table import BASELINES
from seqlab.config import BacktestConfig
from seqlab.evaluation.folds import Fold, FoldPlan
from seqlab.records import SplitBounds
from seqlab.ui.compare.backtest_form import baseline_seconds, training_seconds
from seqlab.ui.compare.backtest_numbers import ModelFolds, ranked, reading

PLAN = FoldPlan(folds=tuple(Fold(number=n + 1, first=0, origin=100 + 20 * n, horizon=20) for n in range(2)))
BOUNDS = SplitBounds(train_end=80, validation_end=100, end=140)


def model(key: str, errors: list[float]) -> ModelFolds:
    return ModelFolds(key=key, label=key.capitalize(), results=(), errors={"mae": np.array(errors)})


def test_reading_has_the_numbers_and_counts_folds() -> None:
    models = [model("fitted", [2.0, 4.0]), model("naive", [4.0, 4.0]), model("theta", [1.0, 2.0]), model("ets", [0.1, np.nan])]
    assert reading(models, "mae", "MAE", 1) == (
        "Over 2 folds Fitted has a mean MAE of 3 ± 1.4, naive 4 ± 0. That is better by 25%; the network is the better of the two in 1 of 2 "
        "folds. Theta has the smallest mean: 1.5 ± 0.71."
    )
    assert [one.key for one in ranked(models, "mae")] == ["theta", "fitted", "naive", "ets"]
    assert reading(models[:1], "mae", "MAE", 1) == ""


@pytest.mark.parametrize(
    ("config", "measured", "expected"),
    [
        (BacktestConfig(), {"naive": 3.0}, 6.0),
        (BacktestConfig(fitting="update"), {"naive": 3.0}, 3.0),
        (BacktestConfig(seconds=4.0), {"naive": 3.0}, 4.0),
        (BacktestConfig(), {}, 2 * 0.1 * BASELINES["naive"].cost),
    ],
)
def test_time_of_baselines(config: BacktestConfig, measured: dict, expected: float) -> None:
    assert baseline_seconds("naive", config, PLAN, measured) == pytest.approx(expected)


def test_time_of_trainings_grows_with_rows_and_seeds() -> None:
    assert training_seconds(10.0, BacktestConfig(networks="train", seeds=3), PLAN, BOUNDS) == pytest.approx(3 * (10.0 + 12.0))
