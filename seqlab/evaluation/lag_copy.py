"""Whether a forecast is a late copy: of the last value that was known, or of the value one season earlier."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.evaluation.copy_measure import NEAR, CopyMeasure
from seqlab.evaluation.lag_copy_text import say_copy
from seqlab.evaluation.shift_profile import FEWEST, shift_profile
from seqlab.records import Forecast

__all__ = ["LagCopy", "find_lag_copy"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FOLLOWS, LEAD = 0.5, 0.2
"""A forecast follows late if its movements correlate this well with known ones, and this much better than with the true ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LagCopy:
    """The finding on one model and one target.

    Args:
        model: name of the model.
        target: name of the column.
        kind: ``none``, ``last``, ``seasonal``, ``late`` (the movements come late, though the level does not fit), or
            ``unknown`` where it cannot be judged.
        last: the forecast beside the last value, over all steps.
        seasonal: beside the value one season earlier; ``None`` without a season.
        by_step: (horizon,) kind of copy of each step by itself.
        correlations: correlation of one-step movements with the true ones, and with the last known ones; NaN where undefined.
        best_other: name and error of the best other model given; ``None`` if none was.
        sentences: the finding in plain words, the most important first.
    """

    model: str
    target: str
    kind: str
    last: CopyMeasure
    seasonal: CopyMeasure | None
    by_step: tuple[str, ...]
    correlations: tuple[float, float]
    best_other: tuple[str, float] | None
    sentences: tuple[str, ...]


def find_lag_copy(
    forecast: Forecast, values: npt.ArrayLike, season_length: int = 1, *, target: int = 0, others: Sequence[Forecast] = ()
) -> LagCopy:
    """Judges whether a forecast only repeats a value that was known already.

    The last value is a bad forecast of most series and the best one of a random walk. So a copy is a finding, not yet a
    fault: whether something better could have been learned, only other models can tell.

    Args:
        forecast: of the model that is judged, from several origins.
        values: (time,) the whole column of the target in the data's own units, NaN where nothing was observed.
        season_length: m, 1 if there is no season.
        target: which target column of the forecast.
        others: forecasts of other models from the same origins.

    Raises:
        DataError: the forecast starts before the first value, or another model's forecast has another shape.

    Example:
        >>> walk = np.random.default_rng(0).normal(size=200).cumsum()
        >>> origins = np.arange(100, 199)
        >>> def made(y_pred):
        ...     return Forecast(model="it", targets=("y",), origins=origins, y_pred=y_pred, y_true=walk[origins][:, None, None])
        >>> find_lag_copy(made(walk[origins - 1][:, None, None]), walk).kind
        'last'
        >>> find_lag_copy(made(walk[origins][:, None, None] + 0.1), walk).kind
        'none'
    """
    series = np.asarray(values, dtype=np.float64).reshape(-1)
    truth, made = (np.asarray(one[..., target], dtype=np.float64) for one in (forecast.y_true, forecast.y_pred))
    origins = forecast.origins
    if len(origins) and origins.min() < 1:
        raise DataError(f"A forecast starts at row {origins.min()}, before which nothing is known. The first origin must be at least 1.")
    for other in others:
        if other.y_pred.shape != forecast.y_pred.shape:
            raise DataError(f"{other.model} has forecasts of shape {other.y_pred.shape}, {forecast.model} {forecast.y_pred.shape}.")
    horizon = truth.shape[1]
    paths = {"last": _last_path(series, origins, horizon)}
    if season_length > 1:
        paths["seasonal"] = _seasonal_path(series, origins, horizon, season_length)
    measures = {kind: _measure(kind, made, path, truth) for kind, path in paths.items()}
    steps = tuple(
        _kind([_measure(kind, made[:, step], path[:, step], truth[:, step]) for kind, path in paths.items()]) for step in range(horizon)
    )
    profile = shift_profile(forecast, series, step=1, season_length=season_length, target=target)
    correlations = (_at(profile.correlation, profile.shifts, 0), _at(profile.correlation, profile.shifts, 1))
    kind = _kind(list(measures.values()))
    if kind == "none" and _is_late(made[:, 0], truth[:, 0], correlations, measures["last"]):
        kind = "late"
    best = _best(others, target)
    return LagCopy(
        model=forecast.model,
        target=forecast.targets[target],
        kind=kind,
        last=measures["last"],
        seasonal=measures.get("seasonal"),
        by_step=steps,
        correlations=correlations,
        best_other=best,
        sentences=say_copy(kind, forecast.model, measures, correlations, best, steps),
    )


def _last_path(series: Floats, origins: Integers, horizon: int) -> Floats:
    """(origin, horizon) the last observed value before each origin, repeated."""
    rows = np.where(np.isnan(series), -1, np.arange(len(series)))
    newest = np.maximum.accumulate(rows)[origins - 1]
    last = np.where(newest >= 0, series[newest], np.nan)
    return np.repeat(last[:, None], horizon, axis=1)


def _seasonal_path(series: Floats, origins: Integers, horizon: int, season_length: int) -> Floats:
    """(origin, horizon) the newest value of the same phase that was known at the origin."""
    rows = origins[:, None] - season_length + np.arange(horizon) % season_length
    return np.where(rows >= 0, series[np.maximum(rows, 0)], np.nan)


def _measure(kind: str, made: Floats, path: Floats, truth: Floats) -> CopyMeasure:
    seen = np.isfinite(truth) & np.isfinite(path)
    y_pred, r, y = (np.asarray(one, dtype=np.float64)[seen] for one in (made, path, truth))
    if len(y) < FEWEST or not np.isfinite(y_pred).all():
        nothing = float("nan")
        return CopyMeasure(kind=kind, away=nothing, error=nothing, move=nothing, explained=nothing, pairs=0)
    spread = float(np.sum((y - r) ** 2))
    return CopyMeasure(
        kind=kind,
        away=float(np.mean(np.abs(y_pred - r))),
        error=float(np.mean(np.abs(y_pred - y))),
        move=float(np.mean(np.abs(y - r))),
        explained=float(1 - np.sum((y - y_pred) ** 2) / spread) if spread > 0 else float("nan"),
        pairs=len(y),
    )


def _kind(measures: Sequence[CopyMeasure]) -> str:
    """Which path is copied; the nearer one, if both are."""
    if all(measure.pairs == 0 for measure in measures):
        return "unknown"
    copied = [measure for measure in measures if measure.copies]
    return min(copied, key=lambda measure: measure.away).kind if copied else "none"


def _is_late(made: Floats, truth: Floats, correlations: tuple[float, float], last: CopyMeasure) -> bool:
    """Whether the one-step forecast moves as much as the truth does, but as the truth moved a step ago, and gains nothing by it."""
    own, known = correlations
    moves = (np.diff(made)[np.isfinite(np.diff(made))], np.diff(truth)[np.isfinite(np.diff(truth))])
    if min(map(len, moves)) < FEWEST or not np.isfinite(correlations).all():
        return False
    as_much = float(moves[0].std()) >= NEAR * float(moves[1].std())
    return as_much and known >= FOLLOWS and known - own >= LEAD and last.skill <= 0


def _at(numbers: Floats, shifts: Integers, shift: int) -> float:
    return float(numbers[int(np.searchsorted(shifts, shift))])


def _best(others: Sequence[Forecast], target: int) -> tuple[str, float] | None:
    errors = []
    for other in others:
        error = np.abs(np.asarray(other.y_pred[..., target], dtype=np.float64) - other.y_true[..., target])
        seen = error[~np.isnan(other.y_true[..., target])]
        if len(seen) and np.isfinite(seen).all():
            errors.append((other.model, float(seen.mean())))
    return min(errors, key=lambda one: one[1], default=None)
