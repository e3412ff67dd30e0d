"""Networks trained again in each fold know nothing of the fold."""

import dataclasses

import numpy as np
import pytest

from seqlab.config import BacktestConfig, DataConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.evaluation.backtest import Backtest
from seqlab.evaluation.backtest_networks import fold_spec, rows_until
from seqlab.evaluation.folds import FoldResult
from seqlab.training.fit import fit
from seqlab.training.fitted import Fitted

AIRLINE = load_dataset("airline_passengers")
Y = AIRLINE.frame["passengers"].to_numpy()
SPEC = RunSpec(
    dataset="airline_passengers",
    data=DataConfig(calendar=True),
    window=WindowConfig(context_length=12, horizon=6, stride=6),
    model=ModelConfig(cell="gru", hidden_size=3, head_size=0),
    training=TrainConfig(epochs=2, device="cpu", seed=3),
)


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(SPEC)


def trained(fitted: Fitted, last_values: float = 0.0, **choices: object) -> dict[tuple[str, int], FoldResult]:
    """Results of two folds, on data whose values from the first origin on are moved."""
    config = BacktestConfig.from_dict({"folds": 2, "networks": "train", **choices})
    frame = AIRLINE.frame.copy()
    frame.iloc[144 - 2 * (config.horizon or 6) :] += last_values
    data = dataclasses.replace(AIRLINE, frame=frame)
    other = dataclasses.replace(fitted, prepared=prepare(data, SPEC.replace(fingerprint="")))
    return {(one.key, one.fold.number): one for one in Backtest(data, [other], ["naive"], config).events()}


def test_each_fold_is_trained_on_its_own_rows_and_on_nothing_after(fitted: Fitted) -> None:
    before, after = trained(fitted), trained(fitted, 80.0)
    np.testing.assert_array_equal(before["fitted", 1].forecast.y_pred, after["fitted", 1].forecast.y_pred)
    assert np.abs(before["fitted", 2].forecast.y_pred - after["fitted", 2].forecast.y_pred).max() > 1
    one = before["fitted", 1]
    assert one.fold.origin == before["naive", 1].fold.origin == 132
    assert one.fitted == (0, 108)  # the run validates on 22 of 123 rows; a fold on the same share of its own
    assert one.validated == (108, 132)
    assert np.isfinite(one.forecast.y_pred).all()


@pytest.mark.parametrize("window", ["expanding", "sliding"])
def test_scales_come_from_the_training_rows_of_the_fold(fitted: Fitted, window: str) -> None:
    config = BacktestConfig(folds=2, networks="train", window=window)
    plan = Backtest(AIRLINE, [fitted], [], config)
    fold = plan.plan.folds[-1]
    spec = fold_spec(fitted.spec, fitted.prepared.bounds, fold, 0, config, 3)
    prepared = prepare(rows_until(AIRLINE, fold), spec)
    rows = Y[fold.first : fold.first + int(spec.split.train_size)]
    assert fold.first == (0 if window == "expanding" else 6)
    assert prepared.scaler.center[0] == pytest.approx(rows.mean(), rel=1e-12)
    assert prepared.scaler.scale[0] == pytest.approx(rows.std(), rel=1e-12)
    assert prepared.windows("test").origins.tolist() == [fold.origin - fold.first]


def test_another_horizon_is_trained_for_or_reached_block_by_block(fitted: Fitted) -> None:
    direct = trained(fitted, horizon=9)["fitted", 1].forecast.y_pred
    recursive = trained(fitted, horizon=9, strategy="recursive", block=2)["fitted", 1].forecast.y_pred
    assert direct.shape == recursive.shape == (1, 9, 1)
    assert np.abs(direct - recursive).max() > 0


def test_seeds_are_networks_of_their_own(fitted: Fitted) -> None:
    results = trained(fitted, folds=1, seeds=2)
    assert [(one.key, one.label) for one in results.values()] == [
        ("naive", "Naive"),
        ("fitted", fitted.name),
        ("seed:4", f"{fitted.name}, seed 4"),
    ]
    assert (results["fitted", 1].forecast.y_pred != results["seed:4", 1].forecast.y_pred).any()


def test_a_fold_too_short_to_train_on_says_so(fitted: Fitted) -> None:
    result = trained(fitted, window="sliding", window_length=15)["fitted", 1]
    assert result.forecast is None
    assert "One window needs 18 rows" in result.reason


def test_training_can_be_left_within_an_epoch(fitted: Fitted) -> None:
    heard: list[str] = []

    def leave(doing: str, detail: str) -> None:
        heard.append(detail)
        if "Epoch 1" in detail:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Backtest(AIRLINE, [fitted], [], BacktestConfig(folds=1, networks="train")).events(say=leave))
    assert heard == ["", "Epoch 1 of at most 2."]
