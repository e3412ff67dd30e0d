"""Forecasts of a trained network and of the baselines from the same origins of the test part."""

import time
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.baselines.table import baseline_entry
from seqlab.data.prepare import Prepared
from seqlab.errors import DataError
from seqlab.records import Forecast

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["forecast_baseline", "forecast_column", "forecast_fitted", "unobserved_note"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def forecast_fitted(fitted: "Fitted", origins: npt.ArrayLike) -> Forecast:
    """Forecasts of a trained network.

    Args:
        fitted: the network with its data.
        origins: (origin,) rows of the test part, from :func:`seqlab.evaluation.origins.test_origins`.

    Returns:
        Forecasts in the data's own units.

    Raises:
        DataError: an origin that is not one of the test part's windows.
    """
    started = time.perf_counter()
    prepared = fitted.prepared
    rows = np.asarray(origins, dtype=np.int64)
    windows = prepared.windows("test")
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


def forecast_baseline(key: str, prepared: Prepared, origins: npt.ArrayLike) -> Forecast:
    """Forecasts of a baseline.

    It is fitted once, to all rows before the test part (training and validation part), in the data's own units: no
    scaling, no logarithm. Then it follows the test part's values without being fitted again, and forecasts at each origin.

    Args:
        key: key of ``seqlab.BASELINES``.
        prepared: the data of the model it is compared with.
        origins: (origin,) ascending rows, none before the test part.

    Raises:
        UnknownKeyError: there is no such baseline.
        DataError: an origin before the test part, or a target without any value before it.
    """
    started = time.perf_counter()
    entry = baseline_entry(key)
    rows = np.asarray(origins, dtype=np.int64)
    start = prepared.bounds.rows("test")[0]
    predictions: list[Floats] = []
    notes: list[str] = []
    for target in prepared.target_names:
        values = prepared.dataset.frame[target].to_numpy(dtype=np.float64)
        forecast, said = forecast_column(key, values, prepared.season_length, start, rows, prepared.spec.window.horizon)
        predictions.append(forecast)
        notes += [f"{target}: {note}" for note in said] if len(prepared.target_names) > 1 else said
    truth = prepared.y_true(rows)
    return Forecast(
        model=entry.label,
        targets=prepared.target_names,
        origins=rows,
        y_pred=np.stack(predictions, axis=-1),
        y_true=truth,
        notes=(*notes, *unobserved_note(truth)),
        seconds=time.perf_counter() - started,
    )


def forecast_column(
    key: str, values: Floats, season_length: int, start: int, origins: Integers, horizon: int
) -> tuple[Floats, tuple[str, ...]]:
    """Fit a baseline to one column before ``start``, then forecast from each origin.

    Args:
        key: key of ``seqlab.BASELINES``.
        values: (time,) in the data's own units.
        season_length: m, 1 if there is no season.
        start: rows before this one are fitted.
        origins: (origin,) ascending rows, none before ``start``.
        horizon: steps.

    Returns:
        (origin, horizon), and the baseline's notes.

    Raises:
        DataError: origins not ascending or before ``start``, or nothing to fit.
    """
    if len(origins) and (origins[0] < start or (np.diff(origins) < 0).any()):
        raise DataError(
            f"The origins must ascend from row {start} on, the first row the baseline is not fitted to; the first is {origins[0]}."
        )
    model = baseline_entry(key).fit(values[:start], season_length)
    forecasts = np.empty((len(origins), horizon))
    reached = start
    for number, origin in enumerate(origins):
        model.update(values[reached:origin])
        reached = int(origin)
        forecasts[number] = model.forecast(horizon)
    return forecasts, model.notes


def unobserved_note(truth: Floats) -> tuple[str, ...]:
    """One sentence on the targets left out of the errors, or none.

    Args:
        truth: any shape; NaN where nothing was observed.
    """
    missing = int(np.isnan(truth).sum())
    return (f"{missing:,} of {truth.size:,} values to forecast were never observed and are left out of the errors.",) if missing else ()
