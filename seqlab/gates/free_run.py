"""A forecaster fed with its own forecasts: the window slides on, and what it has predicted stands where nothing was measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare import Prepared
from seqlab.errors import TraceError
from seqlab.gates.intervention import Intervention
from seqlab.gates.opening import open_stack
from seqlab.gates.replay import Replayed, check_all, replay, with_means
from seqlab.models.forecaster import Forecaster
from seqlab.models.table import cell_entry

__all__ = ["FreeRun", "free_run", "recorded_windows", "rounds_from"]

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeRun:
    """A forecast over several horizons, each made from the ones before.

    Args:
        prediction: (batch, round * horizon, target) on the model's scale, with the changes.
        unchanged: (batch, round * horizon, target) the same without.
        moved: (batch, step) ‖Δh_t‖₂ of the top layer's output between the two, for every step of the first window and then
            for the new steps of each further one.
        moved_at: (step,) the last data step that each of those reads, counted from the first window's first.
    """

    prediction: Floats = field(repr=False)
    unchanged: Floats = field(repr=False)
    moved: Floats = field(repr=False)
    moved_at: npt.NDArray[np.int64] = field(repr=False)


def free_run(
    model: Forecaster,
    x: npt.ArrayLike,
    interventions: Sequence[Intervention] = (),
    *,
    future: npt.ArrayLike | None = None,
) -> FreeRun:
    """Forecasts round after round from the model's own forecasts, with and without changes.

    Every round slides the window on by ``horizon`` steps. Targets after the first window are the model's own
    forecasts; all other features stay as recorded. Steps of an intervention are counted from the first window's
    first step, and may lie beyond its last: a changed step stays changed in every window that holds it. (Where a
    trace step is a segment of several data steps, a step of a later window is changed if its first data step is.)

    Args:
        model: a forecaster.
        x: (batch, round, time, feature), scaled: windows of a series, each ``horizon`` steps after the one before, such
            as :func:`recorded_windows` gives. Recorded targets after the first window of each are not read.
        interventions: the changes, the same for the whole batch. A mean is that of the first windows.
        future: (batch, round, horizon, known) known-ahead features; may be left out when the model has none.

    Raises:
        TraceError: no window at all, or a change that the model or the steps do not have.
        ConfigError: a window has another shape than the model was built for.
    """
    if not isinstance(model, Forecaster):
        raise TraceError(f"Only a forecaster can be fed its own forecasts; a {type(model).__name__} makes none.")
    windows = np.array(x, dtype=np.float32)
    if windows.ndim != 4 or not windows.shape[0] or not windows.shape[1]:
        raise TraceError(f"A free run needs windows of shape (batch, round, time, feature), at least one; it was given {windows.shape}.")
    ahead = None if future is None else np.asarray(future)
    opened = open_stack(model)
    segment, horizon, (rounds, context) = opened.segment_length, model.sizes.horizon, windows.shape[1:3]
    check_all(opened, interventions, steps=(context + (rounds - 1) * horizon) // segment)
    changes = with_means(model, windows[:, 0], interventions)
    made: dict[bool, list[Replayed]] = {}
    for changed in (False, True):
        own = windows.copy()
        runs: list[Replayed] = []
        for number in range(rounds):
            now = [change for change in (_moved_on(change, number * horizon, segment, context) for change in changes) if change]
            done = replay(model, own[:, number], now if changed else (), future=None if ahead is None else ahead[:, number])
            runs.append(done)
            _feed_back(own, number, _forecast(done), horizon)
        made[changed] = runs
    moved, moved_at = _state_change(made[True], made[False], segment=segment, horizon=horizon)
    return FreeRun(prediction=_joined(made[True]), unchanged=_joined(made[False]), moved=moved, moved_at=moved_at)


def rounds_from(prepared: Prepared, origin: int) -> int:
    """How many windows, each one horizon after the last, the data has from an origin on.

    They end with the data; before the first gap where windows that touch one are left out; and with their block where the
    series is made of independent ones, so there it is one.
    """
    window, length = prepared.spec.window, prepared.dataset.block_length
    first, end = origin - window.context_length, prepared.bounds.end
    if first < 0 or (length and first % length):
        return 0
    if length:
        end = min(end, first + length)
    if prepared.spec.data.missing == "skip" and prepared.missing:
        gaps = np.flatnonzero(prepared.dataset.frame[list(prepared.scaled_columns)].isna().any(axis=1).to_numpy()[first:end])
        end = first + int(gaps[0]) if len(gaps) else end
    return max(0, (end - origin) // window.horizon)


def recorded_windows(
    prepared: Prepared, origin: int, rounds: int, *, series: int = 0
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Windows that follow each other by one horizon, across the parts of the data.

    Args:
        prepared: the data.
        origin: row of the first window's first forecast step.
        rounds: how many windows.
        series: which target column, where several share the weights.

    Returns:
        x (round, context, feature) and future (round, horizon, known), scaled.

    Raises:
        TraceError: the data begins too late or ends too early, has a gap there that no window may touch, or is made of
            blocks that have nothing to do with each other.
    """
    window = prepared.spec.window
    context, horizon = window.context_length, window.horizon
    possible = rounds_from(prepared, origin)
    if rounds < 1 or rounds > possible:
        raise TraceError(
            f"A free run of {rounds} rounds of {horizon} steps from row {origin} needs rows {origin - context} to "
            f"{origin + rounds * horizon - 1}. {_limits(prepared)} From row {origin} on at most {possible} "
            f"{'round is' if possible == 1 else 'rounds are'} possible: choose {'fewer, or ' if possible else ''}another row to begin at."
        )
    rows = _rows(prepared, series)
    known = rows.shape[1] - prepared.known_size
    starts = origin + horizon * np.arange(rounds)
    x = np.stack([rows[start - context : start] for start in starts])
    future = np.stack([rows[start : start + horizon, known:] for start in starts])
    if np.isnan(x[:, :, prepared.target_size :]).any() or np.isnan(x[0]).any() or np.isnan(future).any():
        raise TraceError("Some rows of this free run lie between the windows of the training part, which are too far apart to hold them.")
    return np.nan_to_num(x), future


def _limits(prepared: Prepared) -> str:
    """What bounds the rows of a free run."""
    said = f"The data has rows 0 to {prepared.bounds.end - 1}"
    if prepared.dataset.block_length:
        said += f", in independent blocks of {prepared.dataset.block_length}, each of them one window"
    elif prepared.spec.data.missing == "skip" and prepared.missing:
        said += ", with gaps that no window may touch"
    return f"{said}."


def _rows(prepared: Prepared, series: int) -> npt.NDArray[np.float32]:
    """(row, feature) what the windows of all parts hold of the scaled data; NaN where they hold nothing."""
    window = prepared.spec.window
    rows = np.full((prepared.bounds.end, prepared.input_size), np.nan, dtype=np.float32)
    for part in ("train", "validation", "test"):
        windows = prepared.windows(part)
        stride = window.stride if part == "train" else 1
        positions = windows.x.shape[1]
        first = int(windows.origins[0]) - (0 if windows.index is None else int(windows.index[0]) * stride)
        last = first + (positions - 1) * stride
        taken = min(stride, window.context_length)
        places = first - window.context_length + stride * np.arange(positions)[:, None] + np.arange(taken)
        rows[places] = windows.x[series, :, :taken]
        rows[last - window.context_length : last] = windows.x[series, -1]
        if prepared.known_size:
            rows[last : last + window.horizon, -prepared.known_size :] = windows.future[series, -1]
    return rows


def _moved_on(change: Intervention, offset: int, segment: int, context: int) -> Intervention | None:
    """A change as the window sees it that begins ``offset`` data steps later; ``None`` if nothing of it is left."""
    if change.steps is None:
        return change
    wanted = set(change.steps)
    here = [step for step in range(context // segment) if (offset + step * segment) // segment in wanted]
    return replace(change, steps=here) if here else None


def _feed_back(windows: npt.NDArray[np.float32], number: int, predicted: Floats, horizon: int) -> None:
    """Writes a round's forecast, (batch, horizon, target), over the targets of every later window that holds those steps."""
    context = windows.shape[2]
    for later in range(number + 1, windows.shape[1]):
        start = context - (later - number) * horizon  # where the forecast begins in that window
        if start + horizon <= 0:
            break
        inside = slice(max(0, start), start + horizon)
        windows[:, later, inside, : predicted.shape[2]] = predicted[:, max(0, -start) :]


def _state_change(
    changed: Sequence[Replayed], unchanged: Sequence[Replayed], *, segment: int, horizon: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    norms, places = [], []
    for number, (one, other) in enumerate(zip(changed, unchanged, strict=True)):
        top, output = one.trace.num_layers - 1, cell_entry(one.trace.cell).output
        difference = [one.values(output, top, way) - other.values(output, top, way) for way in one.trace.directions]
        norm = np.linalg.norm(np.concatenate(difference, axis=2), axis=2)
        steps = norm.shape[1]
        new = steps if number == 0 else min(steps, -(-horizon // segment))
        norms.append(norm[:, steps - new :])
        places.append(number * horizon + segment * (np.arange(steps - new, steps) + 1) - 1)
    return np.concatenate(norms, axis=1), np.concatenate(places).astype(np.int64)


def _joined(runs: Sequence[Replayed]) -> Floats:
    return np.concatenate([_forecast(run) for run in runs], axis=1)


def _forecast(done: Replayed) -> Floats:
    """(batch, horizon, target) of a replay."""
    if done.prediction is None:
        raise TraceError("A bare module makes no forecast that could be fed back.")
    return done.prediction
