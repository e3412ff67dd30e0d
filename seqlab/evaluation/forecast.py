"""Forecasts of a trained network and of the baselines from the same origins of the test or validation part."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.baselines.table import baseline_entry
from seqlab.data.prepare import Prepared
from seqlab.errors import DataError
from seqlab.records import Forecast

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["ColumnForecasts", "forecast_baseline", "forecast_columns", "forecast_fitted", "plan_for", "unobserved_note"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def forecast_fitted(fitted: "Fitted", origins: npt.ArrayLike, part: str = "test") -> Forecast:
    """Forecasts of a trained network.

    Args:
        fitted: the network with its data.
        origins: (origin,) rows of the part, from :func:`seqlab.evaluation.origins.part_origins`.
        part: ``test`` or ``validation``.

    Returns:
        Forecasts in the data's own units.

    Raises:
        DataError: an origin that is not one of the part's windows.
    """
    started = time.perf_counter()
    prepared = fitted.series
    rows = np.asarray(origins, dtype=np.int64)
    windows = prepared.windows(part)
    columns = []
    for series, samples in enumerate(windows.samples_at(rows)):
        x, future, _ = windows.gather(samples)
        columns.append(np.asarray(fitted.predict(x, future, series=series), dtype=np.float64))
    truth = prepared.y_true(rows)
    return Forecast(
        model=fitted.name,
        targets=prepared.target_names,
        origins=rows,
        y_pred=np.concatenate(columns, axis=-1),
        y_true=truth,
        notes=unobserved_note(truth),
        seconds=time.perf_counter() - started,
    )


def plan_for(prepared: Prepared, seconds: float = DEFAULT_PLAN.seconds) -> FitPlan:
    """What a baseline is asked for beside a network: its horizon and context, and the seasons of its data."""
    window = prepared.spec.window
    return FitPlan(horizon=window.horizon, context_length=window.context_length, seasons=prepared.dataset.seasons, seconds=seconds)


def forecast_baseline(key: str, prepared: Prepared, origins: npt.ArrayLike, part: str = "test", plan: FitPlan | None = None) -> Forecast:
    """Forecasts of a baseline.

    It is fitted once, to all rows before the part (for the test part: training and validation part), in the data's own
    units: no scaling, no logarithm. Then it follows the part's values without being fitted again, and forecasts at each
    origin.

    Args:
        key: key of ``seqlab.BASELINES``.
        prepared: the data of the model it is compared with.
        origins: (origin,) ascending rows, none before the part.
        part: ``test`` or ``validation``.
        plan: what its fit may take; ``None`` for :func:`plan_for` the data.

    Raises:
        UnknownKeyError: there is no such baseline.
        DataError: an origin before the part, a target without any value before it, or too few targets for the baseline.
    """
    started = time.perf_counter()
    entry = baseline_entry(key)
    rows = np.asarray(origins, dtype=np.int64)
    names = prepared.target_names
    made = forecast_columns(
        key,
        prepared.dataset.frame[list(names)].to_numpy(dtype=np.float64),
        names,
        prepared.season_length,
        prepared.bounds.rows(part)[0],
        rows,
        plan if plan is not None else plan_for(prepared),
    )
    truth = prepared.y_true(rows)
    return Forecast(
        model=entry.label,
        targets=names,
        origins=rows,
        y_pred=made.y_pred,
        y_true=truth,
        notes=(*made.notes, *unobserved_note(truth)),
        seconds=time.perf_counter() - started,
        deviation=made.deviation,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnForecasts:
    """What a baseline says about some columns.

    Args:
        y_pred: (origin, horizon, target).
        notes: what it wants said; with several targets each begins with the target's name.
        deviation: (origin, horizon, target) its own standard deviation of the errors; ``None`` if it has none for any target.
    """

    y_pred: Floats
    notes: tuple[str, ...]
    deviation: Floats | None


def forecast_columns(
    key: str, values: Floats, names: Sequence[str], season_length: int, start: int, origins: Integers, plan: FitPlan
) -> ColumnForecasts:
    """Fit a baseline to the rows before ``start``, then forecast ``plan.horizon`` steps from each origin.

    Args:
        key: key of ``seqlab.BASELINES``.
        values: (time, target) in the data's own units.
        names: (target,) for the notes.
        season_length: m, 1 if there is no season.
        start: rows before this one are fitted.
        origins: (origin,) ascending rows, none before ``start``.
        plan: horizon, and what the fit of each column may take.

    Raises:
        DataError: origins not ascending or before ``start``, nothing to fit, or too few targets for the baseline.
    """
    entry = baseline_entry(key)
    if len(origins) and (origins[0] < start or (np.diff(origins) < 0).any()):
        raise DataError(
            f"The origins must ascend from row {start} on, the first row the baseline is not fitted to; the first is {origins[0]}."
        )
    reason = entry.why_not(len(names))
    if reason:
        raise DataError(f"{reason} Choose more target columns, or leave it out.")
    if entry.joint:
        return _follow(key, values, season_length, start, origins, plan)
    each = [_follow(key, values[:, column], season_length, start, origins, plan) for column in range(len(names))]
    deviations = [np.full((len(origins), plan.horizon), np.nan) if one.deviation is None else one.deviation for one in each]
    return ColumnForecasts(
        y_pred=np.stack([one.y_pred for one in each], axis=-1),
        notes=tuple(f"{name}: {note}" if len(names) > 1 else note for name, one in zip(names, each, strict=True) for note in one.notes),
        deviation=None if all(one.deviation is None for one in each) else np.stack(deviations, axis=-1),
    )


def _follow(key: str, values: Floats, season_length: int, start: int, origins: Integers, plan: FitPlan) -> ColumnForecasts:
    """One model: of one column (time,), or of all together (time, target)."""
    model = baseline_entry(key).fit(values[:start], season_length, plan)
    shape = (len(origins), plan.horizon, *values.shape[1:])
    forecasts, deviations = np.empty(shape), np.full(shape, np.nan)
    reached = start
    for number, origin in enumerate(origins):
        model.update(values[reached:origin])
        reached = int(origin)
        forecasts[number] = model.forecast(plan.horizon)
        deviation = model.deviation(plan.horizon)  # at every origin: with a season that multiplies it has a phase
        if deviation is not None:
            deviations[number] = deviation
    return ColumnForecasts(y_pred=forecasts, notes=model.notes, deviation=None if np.isnan(deviations).all() else deviations)


def unobserved_note(truth: Floats) -> tuple[str, ...]:
    """One sentence on the targets left out of the errors, or none.

    Args:
        truth: any shape; NaN where nothing was observed.
    """
    missing = int(np.isnan(truth).sum())
    return (f"{missing:,} of {truth.size:,} values to forecast were never observed and are left out of the errors.",) if missing else ()
