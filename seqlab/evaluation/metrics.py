"""Forecast errors of one series, each a Score: a number, or the reason why there is none.

A target that was never observed (NaN in ``y_true``) is left out. A forecast that is not a finite number at an
observed target makes every metric not computable: it is never dropped and never counted as 0.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.evaluation.metric_table import METRICS, MetricEntry
from seqlab.records import Score

__all__ = [
    "METRICS",
    "MetricEntry",
    "mae",
    "mape",
    "mape_caution",
    "mase",
    "mase_scale",
    "observed",
    "r2",
    "rmse",
    "rmsse",
    "rmsse_scale",
    "score_or_reason",
    "smape",
]

Floats = npt.NDArray[np.float64]

NEAR_ZERO = 0.05
"""Values below this share of the median size are called near 0."""


def mae(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Mean absolute error.

    Args:
        y_true: any shape; NaN where nothing was observed.
        y_pred: the same shape.

    Raises:
        DataError: the shapes differ.

    Example:
        >>> mae([1, 2, float("nan")], [1, 4, 9]).value
        1.0
    """
    truth, forecast, reason = observed(y_true, y_pred)
    return score_or_reason("mae", reason, lambda: np.mean(np.abs(truth - forecast)))


def rmse(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Root of the mean squared error; arguments as in :func:`mae`.

    Example:
        >>> round(rmse([0, 0], [3, 4]).value, 4)
        3.5355
    """
    truth, forecast, reason = observed(y_true, y_pred)
    return score_or_reason("rmse", reason, lambda: np.sqrt(np.mean((truth - forecast) ** 2)))


def mape(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Mean absolute percentage error, in percent; arguments as in :func:`mae`.

    A value of 0 has no percentage error, and leaving it out would favour whoever errs there: so one such value is enough
    to make the metric not computable.

    Example:
        >>> mape([100, 50], [110, 45]).value
        10.0
        >>> mape([100, 0], [110, 0]).reason
        '1 of 2 values is 0, and a share of 0 is not defined.'
    """
    truth, forecast, reason = observed(y_true, y_pred)
    zeros = int((truth == 0).sum())
    if not reason and zeros:
        reason = f"{zeros:,} of {truth.size:,} values {'is' if zeros == 1 else 'are'} 0, and a share of 0 is not defined."
    return score_or_reason("mape", reason, lambda: np.mean(100 * np.abs((truth - forecast) / truth)))


def mape_caution(y_true: npt.ArrayLike) -> str:
    """What should be said beside a MAPE that can be computed but misleads; empty if nothing.

    Args:
        y_true: any shape; NaN where nothing was observed.

    Example:
        >>> mape_caution([100.0, 120.0, 80.0])
        ''
        >>> mape_caution([-1.0, 2.0])
        'The values lie on both sides of 0, where MAPE says little: the same error is a small share of one value and a huge one of another.'
    """
    truth = np.asarray(y_true, dtype=np.float64)
    truth = truth[np.isfinite(truth)]
    if not truth.size or (truth == 0).any():
        return ""
    if truth.min() < 0 < truth.max():
        return (
            "The values lie on both sides of 0, where MAPE says little: the same error is a small share of one value and a huge one "
            "of another."
        )
    typical = float(np.median(np.abs(truth)))
    near = int((np.abs(truth) < NEAR_ZERO * typical).sum())
    if not near:
        return ""
    return f"{near:,} of {truth.size:,} values are below {NEAR_ZERO:.0%} of the typical one: MAPE is ruled by the errors there."


def smape(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Symmetric mean absolute percentage error on the M4 competition's scale, 0 to 200 %; arguments as in :func:`mae`.

    Steps where value and forecast are both 0 have no such error (0/0) and are left out.

    Example:
        >>> round(smape([100, 50], [110, 50]).value, 4)
        4.7619
        >>> smape([0.0], [0.0])
        Score(metric='smape', value=nan, reason='Every value and every forecast is 0.', target='')
    """
    truth, forecast, reason = observed(y_true, y_pred)
    size = np.abs(truth) + np.abs(forecast)
    defined = size > 0
    if not reason and not defined.any():
        reason = "Every value and every forecast is 0."
    return score_or_reason("smape", reason, lambda: np.mean(200 * np.abs(truth - forecast)[defined] / size[defined]))


def mase(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, y_train: npt.ArrayLike, season_length: int) -> Score:
    """Mean absolute scaled error (Hyndman & Koehler 2006): MAE over :func:`mase_scale` of the training rows.

    Args:
        y_true: any shape; NaN where nothing was observed.
        y_pred: the same shape.
        y_train: (time,) training rows, NaN where nothing was observed.
        season_length: m, 1 if there is no season.

    Raises:
        DataError: the shapes differ.

    Example:
        >>> mase([10, 10], [11, 12], [1, 3, 5, 7], 1).value
        0.75
    """
    scale = mase_scale(y_train, season_length)
    truth, forecast, reason = observed(y_true, y_pred)
    return score_or_reason("mase", reason or scale.reason, lambda: np.mean(np.abs(truth - forecast)) / scale.value)


def rmsse(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, y_train: npt.ArrayLike, season_length: int) -> Score:
    """Root mean squared scaled error: RMSE over :func:`rmsse_scale` of the training rows; arguments as in :func:`mase`.

    The M5 competition's version takes m = 1 for every series; here m is the season, as in MASE.

    Example:
        >>> rmsse([10, 10], [12, 12], [1, 3, 5, 7], 1).value
        1.0
    """
    scale = rmsse_scale(y_train, season_length)
    truth, forecast, reason = observed(y_true, y_pred)
    return score_or_reason("rmsse", reason or scale.reason, lambda: np.sqrt(np.mean((truth - forecast) ** 2)) / scale.value)


def mase_scale(y_train: npt.ArrayLike, season_length: int) -> Score:
    """Mean absolute error of repeating the value one season earlier, over the training rows.

    Args:
        y_train: (time,) in time order; pairs with a missing value are left out.
        season_length: m, 1 if there is no season.

    Example:
        >>> mase_scale([1, 2, 4, 8], 2).value
        4.5
        >>> mase_scale([5, 5, 5], 1).reason
        'The training part repeats itself exactly after 1 step, so there is no error to compare with.'
    """
    changes, reason = _seasonal_changes(y_train, season_length)
    return score_or_reason("mase_scale", reason, lambda: np.mean(np.abs(changes)))


def rmsse_scale(y_train: npt.ArrayLike, season_length: int) -> Score:
    """Root mean squared error of repeating the value one season earlier; arguments as in :func:`mase_scale`.

    Example:
        >>> round(rmsse_scale([1, 2, 4, 8], 2).value, 4)
        4.7434
    """
    changes, reason = _seasonal_changes(y_train, season_length)
    return score_or_reason("rmsse_scale", reason, lambda: np.sqrt(np.mean(changes**2)))


def _seasonal_changes(y_train: npt.ArrayLike, season_length: int) -> tuple[Floats, str]:
    """Differences to the value one season earlier where both were observed, and why they cannot be a scale."""
    values = np.asarray(y_train, dtype=np.float64).reshape(-1)
    steps = f"{season_length} step{'s' if season_length > 1 else ''}"
    if season_length < 1:
        return values[:0], f"The season is {season_length} steps; it must be at least 1."
    if values.size <= season_length:
        return values[:0], f"The training part has {values.size} rows; a season of {steps} needs at least {season_length + 1}."
    with np.errstate(over="ignore", invalid="ignore"):
        changes = values[season_length:] - values[:-season_length]
    changes = changes[~np.isnan(changes)]
    if not changes.size:
        return changes, f"No two values {steps} apart were both observed in the training part."
    if not changes.any():
        return changes, f"The training part repeats itself exactly after {steps}, so there is no error to compare with."
    return changes, ""


def r2(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Coefficient of determination; arguments as in :func:`mae`.

    Example:
        >>> r2([1, 2, 3], [1, 2, 4]).value
        0.5
    """
    truth, forecast, reason = observed(y_true, y_pred)
    with np.errstate(over="ignore"):
        spread = float(np.sum((truth - truth.mean()) ** 2)) if truth.size and np.ptp(truth) > 0 else 0.0
    if not reason and spread == 0:
        reason = "All observed values are the same, so there is no variance to explain."
    # An infinite spread would make every forecast look perfect; NaN makes it "too large".
    return score_or_reason("r2", reason, lambda: 1 - np.sum((truth - forecast) ** 2) / spread if np.isfinite(spread) else np.nan)


def observed(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> tuple[Floats, Floats, str]:
    """Flat values and forecasts where something was observed, and why no metric can be computed from them (or nothing).

    Raises:
        DataError: the shapes differ.
    """
    truth = np.asarray(y_true, dtype=np.float64)
    forecast = np.asarray(y_pred, dtype=np.float64)
    if truth.shape != forecast.shape:
        raise DataError(f"The values have shape {truth.shape} and the forecasts {forecast.shape}. Give one forecast per value.")
    seen = ~np.isnan(truth)
    truth, forecast = truth[seen], forecast[seen]
    wild = int((~np.isfinite(forecast)).sum())
    if not truth.size:
        return truth, forecast, "None of the values to forecast was observed."
    if wild:
        return truth, forecast, f"{wild:,} of {forecast.size:,} forecasts are not finite numbers."
    return truth, forecast, ""


def score_or_reason(metric: str, reason: str, compute: Callable[[], np.floating | float]) -> Score:
    """A metric's score: not computable if there is a reason, or if what is computed is not a finite number."""
    if reason:
        return Score(metric=metric, value=float("nan"), reason=reason)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        value = float(compute())
    if not np.isfinite(value):
        return Score(metric=metric, value=float("nan"), reason="The errors are too large to be a number.")
    return Score(metric=metric, value=value)
