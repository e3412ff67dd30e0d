"""Feeding forecasts back, against a window that is slid on by hand."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

import seqlab
from seqlab.config import DataConfig, ModelConfig, RunSpec, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import Prepared, prepare
from seqlab.errors import TraceError
from seqlab.gates.free_run import free_run, recorded_windows, rounds_from
from seqlab.gates.intervention import Intervention
from seqlab.gates.replay import replay
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import NetworkSizes
from seqlab.presets import PRESETS

EXAMPLE = Path(seqlab.__file__).parent / "runs/shipped/airline_lstm"


def _forecaster(**model: object) -> Forecaster:
    torch.manual_seed(0)
    sizes = NetworkSizes(input_size=3, target_size=1, known_size=1, context_length=12, horizon=4, season_length=1)
    network = build_network(ModelConfig(hidden_size=5, **model), sizes).double().eval()  # type: ignore[arg-type]
    with torch.no_grad():
        for parameter in network.head.parameters():
            parameter.uniform_(-0.3, 0.3)
    return network


def _rows(rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows (series, round, time, feature) of two series, and what is known ahead."""
    rows = np.random.default_rng(0).normal(size=(2, 12 + 4 * rounds, 3)).astype(np.float32)
    starts = 12 + 4 * np.arange(rounds)
    return np.stack([rows[:, s - 12 : s] for s in starts], axis=1), np.stack([rows[:, s : s + 4, 2:] for s in starts], axis=1)


def _by_hand(network: Forecaster, x: np.ndarray, future: np.ndarray, changed: dict[int, float]) -> np.ndarray:
    """One series of targets that grows; every window is cut from it. ``changed``: absolute trace step → value of the forget gate."""
    segment = network.segment_length
    targets = list(x[0, :, 0])
    made = []
    for number in range(len(x)):
        window = x[number : number + 1].copy()
        window[0, :, 0] = targets[-12:]
        changes = [
            Intervention(gate="f", op="set", value=changed[(4 * number + segment * step) // segment], steps=[step])
            for step in range(12 // segment)
            if (4 * number + segment * step) // segment in changed
        ]
        predicted = replay(network, window, changes, future=future[number : number + 1]).prediction[0]
        made.append(predicted)
        targets += [np.float32(value) for value in predicted[:, 0]]
    return np.concatenate(made)


@pytest.mark.parametrize(("segment", "changed"), [(1, [0, 5, 6, 13, 14, 22]), (2, [1, 6, 9]), (3, [0, 4, 6])])
def test_the_window_slides_over_its_own_forecasts_and_a_change_stays_at_its_steps(segment: int, changed: list[int]) -> None:
    network = _forecaster(segment_length=segment)
    x, future = _rows(5)
    run = free_run(network, x, [Intervention(gate="f", op="set", value=0.1, steps=changed)], future=future)
    for number in range(2):
        by_hand = _by_hand(network, x[number], future[number], dict.fromkeys(changed, 0.1))
        np.testing.assert_allclose(run.prediction[number], by_hand, rtol=0, atol=1e-7)  # the window itself is float32
        np.testing.assert_allclose(run.unchanged[number], _by_hand(network, x[number], future[number], {}), rtol=0, atol=1e-7)
    assert np.abs(run.prediction - run.unchanged).max() > 1e-4
    spoiled = x.copy()
    for number in range(1, 5):
        spoiled[:, number, -4 * number :, 0] = 99.0  # recorded targets after the first window
    np.testing.assert_array_equal(free_run(network, spoiled, future=future).unchanged, run.unchanged)


def test_the_first_round_is_the_forecast_from_recorded_inputs() -> None:
    network = _forecaster()
    x, future = _rows(3)
    change = Intervention(gate="f", op="mean")
    run = free_run(network, x, [change], future=future)
    np.testing.assert_array_equal(run.prediction[:, :4], replay(network, x[:, 0], [change], future=future[:, 0]).prediction)
    assert run.prediction.shape == (2, 12, 1)


@pytest.mark.parametrize("segment", [1, 2])
def test_how_far_the_state_moves_is_given_for_every_data_step_once(segment: int) -> None:
    network = _forecaster(segment_length=segment)
    x, future = _rows(3)
    run = free_run(network, x, [Intervention(gate="f", op="set", value=0.0, steps=[3])], future=future)
    np.testing.assert_array_equal(run.moved_at, np.arange(segment - 1, 12 + 8, segment))
    assert not run.moved[:, :3].any()
    assert (run.moved[:, 3] > 0).all()


@pytest.mark.parametrize("bidirectional", [False, True])
def test_what_moves_is_the_top_layer_in_all_its_directions(bidirectional: bool) -> None:
    network = _forecaster(num_layers=2, bidirectional=bidirectional)
    x, future = _rows(2)
    change = Intervention(gate="f", op="set", value=0.0, steps=[3], layer=1, direction="backward" if bidirectional else "forward")
    run = free_run(network, x, [change], future=future)
    plain, changed = (replay(network, x[:, 0], changes, future=future[:, 0]) for changes in ((), [change]))
    squares = sum((changed.values("h", 1, way) - plain.values("h", 1, way)) ** 2 for way in plain.trace.directions)
    np.testing.assert_allclose(run.moved[:, :12], np.sqrt(squares.sum(axis=2)), rtol=0, atol=1e-12)
    assert run.moved[:, :12].max() > 1e-3, "the layer below does not move in the first window"


def test_times_one_moves_nothing() -> None:
    x, future = _rows(3)
    run = free_run(_forecaster(), x, [Intervention(gate="f", op="scale", value=1.0)], future=future)
    np.testing.assert_array_equal(run.prediction, run.unchanged)
    assert not run.moved.any()


def test_steps_may_lie_beyond_the_first_window_but_not_beyond_the_last() -> None:
    x, future = _rows(3)
    late = free_run(_forecaster(), x, [Intervention(gate="f", op="set", value=0.0, steps=[19])], future=future)
    np.testing.assert_array_equal(late.prediction[:, :8], late.unchanged[:, :8])
    assert (late.prediction[:, 8:] != late.unchanged[:, 8:]).any()
    with pytest.raises(TraceError, match="steps 0 to 19"):
        free_run(_forecaster(), x, [Intervention(gate="f", op="set", value=0.0, steps=[20])], future=future)


def test_only_forecasters_and_windows_run_freely() -> None:
    with pytest.raises(TraceError, match="Only a forecaster"):
        free_run(torch.nn.GRU(3, 2, batch_first=True), np.zeros((1, 4, 3)))  # type: ignore[arg-type]
    with pytest.raises(TraceError, match=r"\(batch, round, time, feature\)"):
        free_run(_forecaster(), np.zeros((1, 0, 12, 3)))


def _prepared(*, gaps: Sequence[tuple[int, str]] = (), **spec: object) -> Prepared:
    dataset = load_dataset("seattle_weather")
    for row, column in gaps:
        dataset.frame.loc[dataset.frame.index[row], column] = np.nan
    return prepare(dataset, RunSpec(dataset="seattle_weather", **spec))  # type: ignore[arg-type]


def _assert_recorded_as_in_the_parts(prepared: Prepared, series: int) -> None:
    for part in ("train", "validation", "test"):
        windows = prepared.windows(part)
        for window in (0, windows.window_count - 1):
            x, future, _ = windows.gather([series * windows.window_count + window])
            again = recorded_windows(prepared, int(windows.origins[window]), 1, series=series)
            np.testing.assert_array_equal(again[0], x)
            np.testing.assert_array_equal(again[1], future)


@pytest.mark.parametrize("many_targets", ["shared", "joint"])
def test_recorded_windows_are_those_of_the_parts_and_go_on_across_them(many_targets: str) -> None:
    prepared = _prepared(
        window=WindowConfig(context_length=20, horizon=6, stride=3),
        model=ModelConfig(many_targets=many_targets),
        data=DataConfig(targets=("temp_max", "temp_min"), past_covariates=("wind",), calendar=True),
    )
    series = 1 if many_targets == "shared" else 0
    _assert_recorded_as_in_the_parts(prepared, series)
    start = int(prepared.windows("test").origins[0]) - 9
    x, future = recorded_windows(prepared, start, 4, series=series)
    assert x.shape == (4, 20, prepared.input_size)
    np.testing.assert_array_equal(x[1:, :-6], x[:-1, 6:])
    np.testing.assert_array_equal(x[1:, -6:, -prepared.known_size :], future[:-1])


def test_a_free_run_ends_with_the_data() -> None:
    prepared = _prepared(window=WindowConfig(context_length=20, horizon=6))
    last = int(prepared.windows("test").origins[-1])
    assert rounds_from(prepared, last) == 1
    assert rounds_from(prepared, last - 6) == 2
    end = len(prepared.index)
    with pytest.raises(
        TraceError,
        match=rf"The data has rows 0 to {end - 1}\. From row {last} on at most 1 round is possible: choose fewer, or another row",
    ):
        recorded_windows(prepared, last, 2)
    with pytest.raises(TraceError, match=rf"From row {last - 6} on at most 2 rounds are possible: choose fewer, or another row"):
        recorded_windows(prepared, last - 6, 3)
    assert rounds_from(prepared, 19) == 0
    with pytest.raises(TraceError, match=r"needs rows -5 to 20.* From row 15 on at most 0 rounds are possible: choose another row"):
        recorded_windows(prepared, 15, 1)


@pytest.mark.parametrize("gap", [0, 4])
@pytest.mark.parametrize("stride", [1, 3])
def test_windows_left_out_at_the_start_of_a_part_do_not_move_the_others(stride: int, gap: int) -> None:
    prepared = _prepared(
        gaps=[(gap, "temp_max")],
        window=WindowConfig(context_length=20, horizon=6, stride=stride),
        data=DataConfig(targets=("temp_max",), past_covariates=("wind",), calendar=True, missing="skip"),
    )
    assert prepared.windows("train").index is not None
    assert prepared.windows("train").index[0] > 0
    _assert_recorded_as_in_the_parts(prepared, 0)


@pytest.mark.parametrize("column", ["temp_max", "wind"])
def test_where_windows_that_touch_a_gap_are_left_out_the_rounds_end_before_the_first(column: str) -> None:
    gap = 400
    prepared = _prepared(
        gaps=[(gap, column), (gap + 3, "temp_max"), (gap - 30, "precipitation")],  # the last is of a column that nobody reads
        window=WindowConfig(context_length=20, horizon=6),
        data=DataConfig(targets=("temp_max",), past_covariates=("wind",), missing="skip"),
    )
    # the rounds that begin at an origin reach to origin + 6 * rounds - 1
    assert [rounds_from(prepared, gap - 6 * rounds) for rounds in range(4)] == [0, 1, 2, 3]
    assert [rounds_from(prepared, gap - 6 * rounds + 1) for rounds in range(1, 4)] == [0, 1, 2]
    last = gap - 12
    x, _ = recorded_windows(prepared, last, 2)
    windows = prepared.windows("train")
    np.testing.assert_array_equal(x, windows.gather(windows.samples_at([last, last + 6])[0])[0])
    with pytest.raises(
        TraceError, match=f"with gaps that no window may touch. From row {last} on at most 2 rounds are possible: choose fewer"
    ):
        recorded_windows(prepared, last, 3)
    # here a gap lies in what the first window reads; past the last gap all is as without
    for origin in (gap + 1, gap + 3 + 20):
        assert rounds_from(prepared, origin) == 0
        with pytest.raises(TraceError, match=r"gaps that no window may touch.*choose another row"):
            recorded_windows(prepared, origin, 1)
    assert rounds_from(prepared, gap + 3 + 21) == (len(prepared.index) - gap - 24) // 6
    filled = _prepared(
        gaps=[(gap, column)],
        window=WindowConfig(context_length=20, horizon=6),
        data=DataConfig(targets=("temp_max",), past_covariates=("wind",), missing="previous"),
    )
    assert rounds_from(filled, last) == (len(filled.index) - last) // 6, "a gap that is filled ends nothing"


@pytest.mark.parametrize("options", [{}, {"gap": 6, "cue": 3, "blocks": 50}])
def test_independent_blocks_have_one_round_each(options: dict[str, int]) -> None:
    dataset = load_dataset("latch", **options)
    prepared = prepare(dataset, PRESETS["latch"].build(dataset).replace(dataset_options={}))
    length = dataset.block_length
    context, horizon = prepared.spec.window.context_length, prepared.spec.window.horizon
    assert context + horizon == length
    end = len(prepared.index)
    rounds = {origin: rounds_from(prepared, origin) for origin in range(end + 1)}
    assert {origin for origin, count in rounds.items() if count} == set(range(context, end, length))
    assert set(rounds.values()) == {0, 1}
    for part in ("train", "validation", "test"):
        windows = prepared.windows(part)
        origin = int(windows.origins[0])
        np.testing.assert_array_equal(recorded_windows(prepared, origin, 1)[0], windows.gather([0])[0])
        with pytest.raises(
            TraceError,
            match=f"in independent blocks of {length}, each of them one window. From row {origin} on at most 1 round is possible: choose f",
        ):
            recorded_windows(prepared, origin, 2)
        with pytest.raises(TraceError, match=r"independent blocks.*at most 0 rounds are possible: choose another row"):
            recorded_windows(prepared, origin + 1, 1)


@pytest.mark.parametrize(
    ("data", "start", "possible"),
    [
        ({"past_covariates": ("wind",)}, 25, 1),  # rows 25 and 26 of the covariate are held by no window
        ({"known_covariates": ("wind",)}, 25, 0),  # nor are they known ahead
        ({}, 30, 0),  # nor are the first window's own rows
    ],
)
def test_rows_between_training_windows_far_apart_are_refused(data: dict[str, object], start: int, possible: int) -> None:
    """Training windows read rows 0 to 4, 20 to 24, and so on."""
    prepared = _prepared(window=WindowConfig(context_length=5, horizon=2, stride=20), data=DataConfig(targets=("temp_max",), **data))  # type: ignore[arg-type]
    assert prepared.windows("train").origins[:2].tolist() == [5, 25]
    for rounds in range(1, possible + 1):
        x, future = recorded_windows(prepared, start, rounds)
        assert np.isfinite(x).all()
        assert np.isfinite(future).all()
    with pytest.raises(TraceError, match="lie between the windows of the training part, which are too far apart"):
        recorded_windows(prepared, start, possible + 1)
    if not data:  # a later window reads of the target only what the first has recorded
        assert np.isfinite(recorded_windows(prepared, 25, 3)[0]).all()


def test_the_shipped_example_forecasts_on_and_on() -> None:
    fitted = seqlab.load_run(EXAMPLE)
    horizon = fitted.spec.window.horizon
    origin = int(fitted.prepared.windows("test").origins[-1]) - horizon
    x, future = recorded_windows(fitted.prepared, origin, 2)
    run = free_run(fitted.model, x[None], future=future[None])
    assert run.unchanged.shape == (1, 2 * horizon, 1)
    first = fitted.predict(x[:1], future[:1])
    np.testing.assert_allclose(fitted.prepared.to_data_units(run.unchanged[:, :horizon], [0]), first, rtol=1e-5)
    true = fitted.prepared.y_true([origin, origin + horizon]).ravel()
    free = fitted.prepared.to_data_units(run.unchanged, [0]).ravel()
    assert np.abs(free - true).mean() < 0.15 * true.mean()
