"""Forecast errors of one series, each a Score: a number, or the reason why there is none.

A target that was never observed (NaN in ``y_true``) is left out. A forecast that is not a finite number at an
observed target makes every metric not computable: it is never dropped and never counted as 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.records import Score

__all__ = ["METRICS", "MetricEntry", "mae", "mase", "mase_scale", "r2", "rmse", "smape"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricEntry:
    """How a metric is shown.

    Args:
        key: its name in tables and dictionaries.
        label: name on the screen.
        formula: LaTeX.
        sentence: how to read it.
        higher_is_better: only R² is.
    """

    key: str
    label: str
    formula: str
    sentence: str
    higher_is_better: bool = False


_ENTRIES = (
    MetricEntry(key="mae", label="MAE", formula=r"\frac1n \sum |y - \hat y|", sentence="Mean absolute error, in the data's own units."),
    MetricEntry(
        key="rmse",
        label="RMSE",
        formula=r"\sqrt{\frac1n \sum (y - \hat y)^2}",
        sentence="Root of the mean squared error, in the data's own units; large errors weigh more.",
    ),
    MetricEntry(
        key="smape",
        label="sMAPE (%)",
        formula=r"\frac{200}{n} \sum \frac{|y - \hat y|}{|y| + |\hat y|}",
        sentence="Error relative to the size of value and forecast, 0 to 200 %; some libraries print half of it.",
    ),
    MetricEntry(
        key="mase",
        label="MASE",
        formula=r"\frac{\frac1n \sum |y - \hat y|}{\frac{1}{T-m} \sum_{t=m+1}^{T} |y_t - y_{t-m}|}",
        sentence="MAE over the error of repeating the last season in the training part; below 1 is better than that.",
    ),
    MetricEntry(
        key="r2",
        label="R²",
        formula=r"1 - \frac{\sum (y - \hat y)^2}{\sum (y - \bar y)^2}",
        sentence="Share of the targets' variance that is forecast; 0 is as good as their mean, 1 is perfect.",
        higher_is_better=True,
    ),
)

METRICS: Mapping[str, MetricEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})


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
    truth, forecast, reason = _observed(y_true, y_pred)
    return _score("mae", reason, lambda: np.mean(np.abs(truth - forecast)))


def rmse(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Root of the mean squared error; arguments as in :func:`mae`.

    Example:
        >>> round(rmse([0, 0], [3, 4]).value, 4)
        3.5355
    """
    truth, forecast, reason = _observed(y_true, y_pred)
    return _score("rmse", reason, lambda: np.sqrt(np.mean((truth - forecast) ** 2)))


def smape(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Symmetric mean absolute percentage error on the M4 competition's scale, 0 to 200 %; arguments as in :func:`mae`.

    Steps where value and forecast are both 0 have no such error (0/0) and are left out.

    Example:
        >>> round(smape([100, 50], [110, 50]).value, 4)
        4.7619
        >>> smape([0.0], [0.0])
        Score(metric='smape', value=nan, reason='Every value and every forecast is 0.')
    """
    truth, forecast, reason = _observed(y_true, y_pred)
    size = np.abs(truth) + np.abs(forecast)
    defined = size > 0
    if not reason and not defined.any():
        reason = "Every value and every forecast is 0."
    return _score("smape", reason, lambda: np.mean(200 * np.abs(truth - forecast)[defined] / size[defined]))


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
    truth, forecast, reason = _observed(y_true, y_pred)
    return _score("mase", reason or scale.reason, lambda: np.mean(np.abs(truth - forecast)) / scale.value)


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
    values = np.asarray(y_train, dtype=np.float64).reshape(-1)
    steps = f"{season_length} step{'s' if season_length > 1 else ''}"
    reason = ""
    value = float("nan")
    if season_length < 1:
        reason = f"The season is {season_length} steps; it must be at least 1."
    elif values.size <= season_length:
        reason = f"The training part has {values.size} rows; a season of {steps} needs at least {season_length + 1}."
    else:
        changes = np.abs(values[season_length:] - values[:-season_length])
        changes = changes[~np.isnan(changes)]
        value = float(np.mean(changes)) if changes.size else value
        if not changes.size:
            reason = f"No two values {steps} apart were both observed in the training part."
        elif value == 0:
            reason = f"The training part repeats itself exactly after {steps}, so there is no error to compare with."
    return _score("mase_scale", reason, lambda: value)


def r2(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Coefficient of determination; arguments as in :func:`mae`.

    Example:
        >>> r2([1, 2, 3], [1, 2, 4]).value
        0.5
    """
    truth, forecast, reason = _observed(y_true, y_pred)
    with np.errstate(over="ignore"):
        spread = float(np.sum((truth - truth.mean()) ** 2)) if truth.size and np.ptp(truth) > 0 else 0.0
    if not reason and spread == 0:
        reason = "All observed values are the same, so there is no variance to explain."
    # An infinite spread would make every forecast look perfect; NaN makes it "too large".
    return _score("r2", reason, lambda: 1 - np.sum((truth - forecast) ** 2) / spread if np.isfinite(spread) else np.nan)


def _observed(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> tuple[Floats, Floats, str]:
    """Flat values and forecasts where something was observed, and why no metric can be computed from them."""
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


def _score(metric: str, reason: str, compute: Callable[[], np.floating | float]) -> Score:
    if reason:
        return Score(metric=metric, value=float("nan"), reason=reason)
    with np.errstate(over="ignore", invalid="ignore"):
        value = float(compute())
    if not np.isfinite(value):
        return Score(metric=metric, value=float("nan"), reason="The errors are too large to be a number.")
    return Score(metric=metric, value=value)
