import re
import time
import warnings

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqlab.config import DataConfig, ModelConfig, RunSpec, SplitConfig, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError, DataError, SeqlabError


def dataset(rows=120, *, dates=True, season_length=12, gaps=(), **columns):
    steps = np.arange(rows, dtype=float)
    values = {"load": 100 + steps + 10 * np.sin(steps), "other": 5 - steps, "temp": np.cos(steps), "plan": steps % 2}
    values.update(columns)
    index = pd.date_range("2010-01-01", periods=rows, freq="MS") if dates else pd.RangeIndex(rows)
    frame = pd.DataFrame(values, index=index)
    for row, column in gaps:
        frame.loc[frame.index[row], column] = np.nan
    return SeriesDataset(
        label="Demo",
        frame=frame,
        targets=("load",),
        past=("temp",),
        known_ahead=("plan",),
        season_length=season_length,
        frequency="MS" if dates else None,
    )


def spec(*, data=None, split=None, context=12, horizon=6, stride=1, reference="last", many="shared", **more):
    return RunSpec(
        dataset="demo",
        data=DataConfig(**data or {}),
        split=SplitConfig(**split or {}),
        window=WindowConfig(context_length=context, horizon=horizon, stride=stride),
        model=ModelConfig(reference=reference, many_targets=many),
        **more,
    )


EVERYTHING = {"past_covariates": ("temp",), "known_covariates": ("plan",), "calendar": True}


def test_channels_come_in_the_order_of_the_contract():
    prepared = prepare(dataset(), spec(data=EVERYTHING))
    year = ("calendar:year_sin", "calendar:year_cos")
    assert prepared.feature_names == ("load", "temp", "plan", *year)
    assert prepared.known_names == ("plan", *year)
    assert (prepared.input_size, prepared.known_size, prepared.target_size) == (5, 3, 1)
    windows = prepared.windows("train")
    assert (windows.x.shape, windows.future.shape, windows.y.shape) == ((1, 67, 12, 5), (1, 67, 6, 3), (1, 67, 6, 1))
    assert prepared.window_counts == {"train": 67, "validation": 13, "test": 13}
    assert prepared.index.equals(dataset().frame.index)


def test_future_holds_the_features_of_the_forecast_steps():
    prepared = prepare(dataset(), spec(data=EVERYTHING))
    windows = prepared.windows("test")
    x, future, y = windows.gather([0])
    origin = windows.origins[0]
    raw = prepared.dataset.frame["plan"].to_numpy()
    back = future[0, :, 0] * prepared.scaler.scale[2] + prepared.scaler.center[2]
    assert back == pytest.approx(raw[origin : origin + 6])
    assert x[0, :, 0] * prepared.scaler.scale[0] + prepared.scaler.center[0] == pytest.approx(
        prepared.dataset.frame["load"].to_numpy()[origin - 12 : origin]
    )
    assert prepared.to_data_units(y)[0, :, 0] == pytest.approx(prepared.y_true([origin])[0, :, 0])


def test_all_parts_look_into_one_array_and_torch_does_too():
    prepared = prepare(dataset(), spec(data=EVERYTHING))
    first = prepared.windows("train").x
    whole = first
    while whole.base is not None:  # numpy's own view objects stand between
        whole = whole.base
    assert whole.nbytes == 4 * 120 * prepared.input_size < first.nbytes
    for part in ("train", "validation", "test"):
        windows = prepared.windows(part)
        for view in (windows.x, windows.future, windows.y):
            assert np.shares_memory(whole, view)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                assert torch.from_numpy(view).data_ptr() == view.__array_interface__["data"][0]


def test_forecast_steps_stay_in_their_part_and_contexts_reach_back():
    prepared = prepare(dataset(), spec())
    for part in ("train", "validation", "test"):
        start, end = prepared.bounds.rows(part)
        origins = prepared.windows(part).origins
        assert origins[0] == (12 if part == "train" else start)
        assert origins[-1] == end - 6
        assert (np.diff(origins) == 1).all()


def test_stride_thins_training_windows_only():
    prepared = prepare(dataset(), spec(stride=7))
    assert (np.diff(prepared.windows("train").origins) == 7).all()
    assert (np.diff(prepared.windows("test").origins) == 1).all()


@given(
    part_start=st.sampled_from(["validation_end", "train_end"]),
    seed=st.integers(0, 5),
    missing=st.sampled_from(["previous", "seasonal", "interpolate"]),
)
def test_nothing_of_a_later_part_reaches_an_earlier_one(part_start, seed, missing):
    """Whatever happens to later rows, scales, inputs and targets of earlier parts stay as they are."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(120, 25, replace=False)
    original = dataset(gaps=[(row, "load") for row in rows if row > 0] + [(row, "temp") for row in rows])
    wanted = spec(data={**EVERYTHING, "missing": missing})
    prepared = prepare(original, wanted)
    cut = getattr(prepared.bounds, part_start)
    changed = original.frame.copy()
    changed.iloc[cut:] = 1000.0 + rng.random(changed.iloc[cut:].shape)
    other = prepare(SeriesDataset(label="Demo", frame=changed, targets=("load",), season_length=12, frequency="MS"), wanted)
    parts = ["train"] if part_start == "train_end" else ["train", "validation"]
    for part in parts:
        before, after = prepared.windows(part), other.windows(part)
        for left, right in zip(before.gather(np.arange(len(before))), after.gather(np.arange(len(after))), strict=True):
            assert np.array_equal(left, right, equal_nan=True)


@pytest.mark.parametrize("scaling", ["standard", "minmax", "none"])
@pytest.mark.parametrize("transform", ["none", "log"])
@pytest.mark.parametrize("many", ["shared", "joint"])
def test_scaling_and_logarithm_are_undone(scaling, transform, many):
    data = dataset(other=200 + np.arange(120.0) ** 1.5)
    prepared = prepare(data, spec(data={"targets": ("load", "other"), "scaling": scaling, "transform": transform}, many=many))
    for part in ("train", "validation", "test"):
        windows = prepared.windows(part)
        origins = windows.origins[::3]
        _, _, y = windows.gather(windows.samples_at(origins).ravel())
        assert prepared.by_origin(y) == pytest.approx(prepared.y_true(origins), rel=1e-5)
        samples = np.arange(len(windows))
        assert prepared.to_data_units(windows.gather(samples)[2], windows.series(samples)).shape == (len(windows), 6, prepared.target_size)


def test_scales_come_from_the_training_rows():
    prepared = prepare(dataset(), spec())
    train = dataset().frame["load"].to_numpy()[: prepared.bounds.train_end]
    assert prepared.scaler.center[0] == pytest.approx(train.mean())
    assert prepared.scaler.scale[0] == pytest.approx(train.std())


def test_shared_weights_make_each_column_a_series():
    prepared = prepare(dataset(), spec(data={**EVERYTHING, "targets": ("load", "other")}))
    windows = prepared.windows("test")
    assert windows.series_count == 2
    assert prepared.feature_names[:2] == ("target", "temp")
    assert prepared.target_size == 1
    assert np.array_equal(windows.x[0, ..., 1:], windows.x[1, ..., 1:])
    assert not np.array_equal(windows.x[0, ..., 0], windows.x[1, ..., 0])


def test_joint_targets_stand_side_by_side():
    prepared = prepare(dataset(), spec(data={**EVERYTHING, "targets": ("load", "other")}, many="joint"))
    assert prepared.feature_names[:3] == ("load", "other", "temp")
    assert (prepared.target_size, prepared.windows("train").series_count) == (2, 1)
    assert np.array_equal(prepared.windows("train").y[0, 0], prepared.windows("train").x[0, 12, :6, :2])


def test_a_gap_is_filled_for_the_input_and_left_open_for_the_target():
    prepared = prepare(dataset(gaps=[(30, "load"), (31, "load"), (31, "temp")]), spec(data=EVERYTHING))
    windows = prepared.windows("train")
    x, _, y = windows.gather(np.arange(len(windows)))
    assert not np.isnan(x).any()
    assert np.isnan(windows.y[0, 30 - 12, :3, 0]).tolist() == [True, True, False]
    assert int(np.isnan(y).sum()) == 12
    assert prepared.missing == {"load": 2, "temp": 1}
    assert "Missing values (2 of 'load', 1 of 'temp') are handled by repeating the last value." in prepared.notes[0]
    assert np.isnan(prepared.y_true([30])[0, :, 0]).tolist() == [True, True] + [False] * 4


def test_skip_leaves_out_what_touches_a_gap_and_counts_it():
    prepared = prepare(dataset(gaps=[(30, "load")]), spec(data={"missing": "skip"}))
    windows = prepared.windows("train")
    assert not {*range(30 - 5, 30 + 13)} & set(windows.origins.tolist())
    assert len(windows) == 67 - 18
    assert not np.isnan(windows.gather(np.arange(len(windows)))[2]).any()
    assert "18 of 67 windows of the train part touch a gap and are left out." in prepared.notes


def test_true_values_after_the_last_row_are_unknown():
    prepared = prepare(dataset(), spec())
    truth = prepared.y_true([117])
    assert truth.shape == (1, 6, 1)
    assert np.isnan(truth[0, 3:]).all()
    assert not np.isnan(truth[0, :3]).any()


def test_calendar_without_dates_is_said():
    prepared = prepare(dataset(dates=False), spec(data={"calendar": True}))
    assert prepared.known_size == 0
    assert prepared.windows("test").future.shape[-1] == 0
    assert any("numbers, not dates" in note for note in prepared.notes)


def test_a_test_part_of_its_own_size_leaves_rows_unused():
    prepared = prepare(dataset(), spec(split={"train_size": 60, "validation_size": 20, "test_size": 20}))
    assert prepared.bounds.end == 100
    assert prepared.windows("test").origins[-1] == 94


@pytest.mark.parametrize(
    ("more", "error", "sentence"),
    [
        (
            {"data": {"targets": ("nothing",)}},
            DataError,
            "no column 'nothing' in 'Demo' for a target. Its columns are: load, other, temp, plan",
        ),
        ({"data": {"past_covariates": ("../../x",)}}, DataError, "no column '../../x'"),
        ({"data": {"known_covariates": ("<b>x</b>",)}}, DataError, "no column '<b>x</b>'"),
        ({"data": {"past_covariates": ("load",)}}, ConfigError, "chosen as target and as past covariate"),
        ({"data": {"past_covariates": ("temp", "temp")}}, ConfigError, "Choose it once"),
        ({"data": {"targets": ("temp",), "transform": "log"}}, DataError, "The logarithm needs values above zero"),
        ({"context": 500}, DataError, "One window needs 506 rows"),
        ({"context": 80}, DataError, "but the training part has 84"),
        ({"horizon": 60}, DataError, "The horizon of 60 steps is longer than the validation part, which has 18 rows"),
        ({"context": 6, "reference": "seasonal"}, ConfigError, "one season (12 steps) earlier, but the context has only 6 steps"),
        ({"split": {"method": "published"}}, ConfigError, "no published split"),
        ({"split": {"train_size": 119}}, DataError, "cannot be split"),
        ({"fingerprint": "0" * 64}, DataError, "The run was made with other data"),
    ],
)
def test_choices_that_cannot_work_are_refused_with_a_reason(more, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)):
        prepare(dataset(), spec(**more))


def test_the_seasonal_reference_may_use_a_context_of_exactly_one_season():
    assert prepare(dataset(), spec(context=12, reference="seasonal")).season_length == 12


def test_targets_that_hold_nothing_to_learn_are_refused():
    flat = np.full(120, 7.0)
    with pytest.raises(DataError, match="'load' is constant: it is 7 in all 84 observed rows of the training part"):
        prepare(dataset(load=flat), spec())
    late = np.where(np.arange(120) < 84, 7.0, np.arange(120.0))
    with pytest.raises(DataError, match="'load' is constant"):
        prepare(dataset(load=late), spec())
    for part, rows in (("train", range(84)), ("validation", range(84, 102)), ("test", range(102, 120))):
        with pytest.raises(DataError, match=f"'load' has no value in the {part} part"):
            prepare(dataset(gaps=[(row, "load") for row in rows]), spec())


def test_a_covariate_without_training_values_is_refused():
    with pytest.raises(DataError, match="'temp' has no value in the training part"):
        prepare(dataset(gaps=[(row, "temp") for row in range(90)]), spec(data=EVERYTHING))


def test_a_constant_covariate_is_harmless():
    prepared = prepare(dataset(temp=np.full(120, 3.0)), spec(data=EVERYTHING))
    assert (prepared.windows("train").x[..., 1] == 0).all()


def test_values_beyond_32_bits_are_refused():
    with pytest.raises(DataError, match="too large"):
        prepare(dataset(load=np.linspace(0, 1e38, 120)), spec(data={"scaling": "none"}))


def test_when_every_window_touches_a_gap_the_reason_is_said():
    with pytest.raises(DataError, match="touch a gap"):
        prepare(dataset(gaps=[(row, "load") for row in range(0, 120, 10)]), spec(data={"missing": "skip"}))


def test_wrong_shapes_and_series_are_refused():
    prepared = prepare(dataset(), spec(data={"targets": ("load", "other")}))
    with pytest.raises(ConfigError, match="must be"):
        prepared.to_data_units(np.zeros((3, 6)))
    with pytest.raises(ConfigError, match="There are 2 series"):
        prepared.to_data_units(np.zeros((3, 6, 1)))
    with pytest.raises(ConfigError, match="from 0 to 1 for each of the 3 samples"):
        prepared.to_data_units(np.zeros((3, 6, 1)), [0, 1, 2])
    with pytest.raises(ConfigError, match="no part 'dev'"):
        prepared.windows("dev")


def test_an_exploded_forecast_becomes_infinite_not_an_error():
    prepared = prepare(dataset(), spec(data={"transform": "log"}))
    assert np.isinf(prepared.to_data_units(np.full((1, 6, 1), 1e6))).all()


def test_published_numbers_of_the_nyse_data():
    """Test R² of a linear model on five lags: 0.413 of all three series, 0.373 of volume alone; yesterday's value: 0.180 (ISLP 10.9.6)."""
    data = load_dataset("nyse_volume")
    expected = {data.past: 0.413, (): 0.373}
    for past, r2 in expected.items():
        prepared = prepare(
            data,
            RunSpec(
                dataset=data.key,
                data=DataConfig(past_covariates=past),
                split=SplitConfig(method="published", validation_size=1),
                window=WindowConfig(context_length=5, horizon=1),
            ),
        )
        design, target = (_lags(prepared, part) for part in ("train", "test"))
        weights = np.linalg.lstsq(design[0], design[1], rcond=None)[0]
        assert _r2(target[1], target[0] @ weights) == pytest.approx(r2, abs=0.002)
        assert _r2(target[1], prepared.windows("test").x[0, :, -1, 0]) == pytest.approx(0.180, abs=0.002)


def _lags(prepared, part):
    windows = prepared.windows(part)
    x, _, y = windows.gather(np.arange(len(windows)))
    return np.column_stack([np.ones(len(x)), x.reshape(len(x), -1)]).astype(float), y[:, 0, 0].astype(float)


def _r2(truth, guess):
    return 1 - ((truth - guess) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()


@pytest.mark.parametrize("missing", ["previous", "seasonal", "interpolate", "skip"])
def test_traffic_is_prepared_in_a_blink(missing):
    data = load_dataset("metro_traffic")
    wanted = RunSpec(
        dataset=data.key,
        data=DataConfig(past_covariates=data.past, calendar=True, missing=missing),
        window=WindowConfig(context_length=168, horizon=24),
    )
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        prepared = prepare(data, wanted)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.2
    assert min(prepared.window_counts.values()) > 400
    assert not np.isnan(prepared.windows("train").x).any()


@given(
    rows=st.integers(3, 60),
    context=st.integers(1, 70),
    horizon=st.integers(1, 70),
    train=st.floats(0.05, 0.95),
    validation=st.floats(0.05, 0.95),
)
def test_any_sizes_give_windows_or_a_sentence(rows, context, horizon, train, validation):
    wanted = spec(context=context, horizon=horizon, split={"train_size": train, "validation_size": validation})
    try:
        prepared, sentence = prepare(dataset(rows), wanted), ""
    except SeqlabError as error:
        prepared, sentence = None, str(error)
    if prepared is None:
        assert re.search(r"\d", sentence)
        assert sentence.endswith(".")
    else:
        assert min(prepared.window_counts.values()) >= 1
