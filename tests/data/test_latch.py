"""The latch task: blocks with a value at the start and at the end, windows that are whole blocks in every part."""

import re
from fractions import Fraction

import numpy as np
import pytest

from seqlab.baselines.table import BASELINES
from seqlab.config import DataConfig, ModelConfig, RunSpec, SplitConfig, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.latch import CUE, LatchOptions, latch_values
from seqlab.data.prepare import prepare
from seqlab.errors import ConfigError, DataError
from seqlab.evaluation.backtest import backtest
from seqlab.evaluation.forecast import forecast_baseline
from seqlab.evaluation.origins import test_origins as origins_of
from seqlab.presets import PRESETS


def spec_for(dataset, **changes):
    spec = PRESETS["latch"].build(dataset)
    return spec.replace(dataset_options={}, **changes)


def test_a_block_is_cue_gap_and_answer():
    options = LatchOptions(gap=5, cue=3, levels=5, noise=0.5, blocks=2000)
    values = latch_values(options)
    assert values.shape == (2000, 9, 2)
    asked = values[:, -1, 0]
    np.testing.assert_array_equal(np.unique(asked), [-1, -0.5, 0, 0.5, 1])
    np.testing.assert_array_equal(values[:, :3, 0], np.repeat(asked[:, None], 3, axis=1))
    np.testing.assert_array_equal(values[:, :, 1], np.broadcast_to([1, 1, 1, 0, 0, 0, 0, 0, 0], (2000, 9)))
    gap = values[:, 3:8, 0]
    assert gap.std() == pytest.approx(0.5, rel=0.03)
    assert abs(np.corrcoef(gap.reshape(2000, -1).mean(axis=1), asked)[0, 1]) < 0.1, "the noise says nothing about the answer"


def test_two_values_are_two_classes():
    asked = latch_values(LatchOptions(levels=2))[:, -1, 0]
    assert set(asked.tolist()) == {-1.0, 1.0}
    assert abs(asked.mean()) < 0.15


def test_more_blocks_begin_like_fewer_and_a_seed_repeats():
    few, many, other = (latch_values(LatchOptions(blocks=blocks, seed=seed)) for blocks, seed in ((50, 0), (80, 0), (50, 1)))
    np.testing.assert_array_equal(many[:50], few)
    assert not np.array_equal(few, other)


def assert_rows_at_the_origins(prepared, part):
    """What is gathered are the rows before and from each origin on, as they stand in the table."""
    windows, horizon = prepared.windows(part), prepared.spec.window.horizon
    x, _, y = windows.gather(np.arange(len(windows)))
    rows = windows.origins[:, None] + np.arange(-x.shape[1], horizon)
    table = prepared.dataset.frame[["value", CUE]].to_numpy()[rows]
    np.testing.assert_allclose(prepared.scaler.inverse(x.astype(float), np.arange(2)), table[:, :-horizon], atol=1e-6)
    np.testing.assert_allclose(prepared.to_data_units(y), table[:, -horizon:, :1], atol=1e-6)


@pytest.mark.parametrize("gap", [1, 30])
@pytest.mark.parametrize("cue", [1, 3])
def test_every_window_of_every_part_is_one_whole_block(gap, cue):
    dataset = load_dataset("latch", gap=gap, cue=cue, blocks=101)
    prepared = prepare(dataset, spec_for(dataset))
    length = cue + gap + 1
    rows = []
    for part in ("train", "validation", "test"):
        first, end = prepared.bounds.rows(part)
        assert first % length == 0
        assert end % length == 0
        windows = prepared.windows(part)
        np.testing.assert_array_equal(windows.origins, np.arange(first, end, length) + length - 1)
        x, _, y = windows.gather(np.arange(len(windows)))
        assert_rows_at_the_origins(prepared, part)
        assert x.shape[1:] == (length - 1, 2)
        np.testing.assert_array_equal(x[:, :, 1], np.broadcast_to(np.arange(length - 1) < cue, x.shape[:2]))
        np.testing.assert_array_equal(x[:, 0, 0], y[:, 0, 0])
        rows.extend(windows.origins.tolist())
    assert rows == list(range(length - 1, 101 * length, length)), "no block is lost, none is in two parts"
    assert not any("touch a gap" in note for note in prepared.notes), "between two windows nothing is left out"


def test_a_window_of_another_length_is_refused_with_the_one_that_fits():
    dataset = load_dataset("latch", gap=30)
    for context, horizon in ((20, 1), (32, 1), (31, 2)):
        with pytest.raises(DataError, match=f"one whole block.*Set the context to {32 - horizon} steps"):
            prepare(dataset, spec_for(dataset, window=WindowConfig(context_length=context, horizon=horizon)))
    with pytest.raises(DataError, match="and the horizon to 31"):
        prepare(dataset, spec_for(dataset, window=WindowConfig(context_length=10, horizon=32)))
    with pytest.raises(ConfigError, match="stride is 2"):
        prepare(dataset, spec_for(dataset, window=WindowConfig(context_length=31, horizon=1, stride=2)))


def test_a_longer_horizon_forecasts_the_end_of_the_block():
    dataset = load_dataset("latch", gap=6, blocks=50)
    prepared = prepare(dataset, spec_for(dataset, window=WindowConfig(context_length=4, horizon=4)))
    _, _, y = prepared.windows("test").gather([0])
    np.testing.assert_array_equal(y[0, :, 0], dataset.frame["value"].to_numpy(dtype=np.float32)[prepared.bounds.validation_end + 4 :][:4])
    assert_rows_at_the_origins(prepared, "test")
    assert not any("touch a gap" in note for note in prepared.notes)


def test_the_default_run_leaves_out_nothing_and_says_nothing_of_gaps():
    dataset = load_dataset("latch")
    prepared = prepare(dataset, PRESETS["latch"].build(dataset))
    assert sum(prepared.window_counts.values()) == len(dataset.frame) / dataset.block_length
    assert not any("touch a gap" in note for note in prepared.notes)


@pytest.mark.parametrize("levels", [2, 3, 11, 1001])
def test_the_note_says_how_far_from_0_the_answers_lie(levels):
    data = load_dataset("latch", gap=2, levels=levels, blocks=20_000)
    said = [
        float(number)
        for note in data.notes
        for number in re.findall(r"Always forecasting 0 leaves a mean absolute error of ([\d.]+)\.", note)
    ]
    # levels -1, -1 + 2 / (levels - 1), …, 1: the mean of their sizes, in fractions
    exact = sum(abs(Fraction(2 * level, levels - 1) - 1) for level in range(levels)) / levels
    assert said == [pytest.approx(float(exact), abs=5e-4)]
    answers = np.abs(data.frame["value"].to_numpy().reshape(20_000, -1)[:, -1])
    assert answers.mean() == pytest.approx(said[0], abs=4 * answers.std() / np.sqrt(20_000) + 5e-4)


def test_the_note_of_the_default_set_says_0_545():
    assert "Always forecasting 0 leaves a mean absolute error of 0.545." in " ".join(load_dataset("latch").notes)


def test_blocks_that_touch_a_gap_are_left_out_and_counted():
    dataset = load_dataset("latch", gap=6, blocks=50)
    dataset.frame.iloc[3, 0] = np.nan
    prepared = prepare(dataset, spec_for(dataset, data=DataConfig(past_covariates=("cue",), missing="skip")))
    windows = prepared.windows("train")
    assert len(windows) == 34
    assert windows.origins.tolist() == list(range(2 * 8 - 1, 35 * 8, 8)), "the first block is left out"
    for part in ("train", "validation", "test"):
        assert_rows_at_the_origins(prepared, part)
    assert "1 of 35 windows of the train part touch a gap and are left out." in prepared.notes


def test_a_split_that_leaves_a_part_without_a_block_says_so():
    dataset = load_dataset("latch", gap=30, blocks=40)
    with pytest.raises(DataError, match="Each part needs at least one row"):
        prepare(dataset, spec_for(dataset, split=SplitConfig(train_size=0.7, validation_size=0.01)))


@pytest.mark.parametrize("key", ["naive", "seasonal_naive", "drift"])
def test_baselines_forecast_the_answer_from_the_noise_before_it(key):
    assert key in BASELINES
    dataset = load_dataset("latch", gap=6, blocks=50)
    prepared = prepare(dataset, spec_for(dataset))
    forecast = forecast_baseline(key, prepared, origins_of(prepared))
    assert np.isfinite(forecast.y_pred).all()
    if key == "naive":
        np.testing.assert_array_equal(forecast.y_pred[:, 0, 0], dataset.frame["value"].to_numpy()[forecast.origins - 1])


def test_the_folds_of_a_backtest_are_the_last_blocks():
    dataset = load_dataset("latch", gap=6, blocks=50)
    table = backtest(dataset, baselines=["naive"], horizon=1, folds=3)
    assert table["origin"].tolist() == [8 * 48 - 1, 8 * 49 - 1, 8 * 50 - 1]
    with pytest.raises(DataError, match="99 folds of 1 steps need 99 blocks"):
        backtest(dataset, baselines=["naive"], horizon=1, folds=99)
    with pytest.raises(DataError, match="more than 8 rows"):
        backtest(dataset, baselines=["naive"], horizon=8, folds=2)
    with pytest.raises(ConfigError, match="folds is 0"):
        backtest(dataset, baselines=["naive"], horizon=1, folds=0)


def test_a_block_length_that_does_not_fit_the_table_is_refused():
    import pandas as pd

    from seqlab.data.series import SeriesDataset

    with pytest.raises(DataError, match="whole blocks"):
        SeriesDataset(label="Demo", frame=pd.DataFrame({"a": [1.0, 2.0, 3.0]}), targets=("a",), block_length=2)


def test_the_fingerprint_knows_blocks_and_older_ones_stay():
    import dataclasses

    blocks = load_dataset("latch", gap=6, blocks=50)
    whole = dataclasses.replace(blocks, block_length=0)
    assert blocks.fingerprint != whole.fingerprint
    assert load_dataset("airline_passengers").fingerprint.startswith("42dd88f4a204"), "the shipped run's spec.json holds it"


def test_the_preset_gives_the_whole_block_for_any_gap():
    for gap in (1, 30, 100):
        dataset = load_dataset("latch", gap=gap, blocks=60)
        spec = PRESETS["latch"].build(dataset)
        assert spec.window == WindowConfig(context_length=gap + 1, horizon=1)
        prepare(dataset, spec)
        assert isinstance(spec, RunSpec)
        assert isinstance(spec.model, ModelConfig)
