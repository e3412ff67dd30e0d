"""Intervals and quantiles around the forecasts of any model, from its errors on the validation part or from its own deviation.

The model that forecasts the validation part must not have been fitted to it. A network's weights are the training part's;
of a baseline the validation part is forecast by one fitted to the training part only, while the one that forecasts the test
part has seen the validation part too, so its errors tend to be a little smaller than those the bands are made from.

Errors of neighbouring origins share most of their future, and a series changes: they are not exchangeable, which the guarantee
of split conformal prediction needs. The rolling and the adaptive method follow changes; measured coverage is shown beside
every band.
"""

from collections.abc import Iterator, Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.evaluation.conformal import ErrorHistory, fewest_errors, newest_quantiles
from seqlab.evaluation.interval_table import DEFAULT_METHOD, IntervalMethod, interval_method
from seqlab.evaluation.quantiles import (
    QUANTILE_LEVELS,
    check_level,
    coverage,
    crps_normal,
    crps_of_quantiles,
    mean_width,
    msis,
    wql,
)
from seqlab.records import Forecast, Interval, Score

__all__ = ["interval_of", "probabilistic_scores", "quantiles_of"]

Floats = npt.NDArray[np.float64]


def interval_of(forecast: Forecast, calibration: Forecast | None, level: float, method: str = DEFAULT_METHOD) -> Interval:
    """A band around every forecast, equally far to both sides.

    Args:
        forecast: forecasts of the test part.
        calibration: the same model's forecasts of the validation part; ``None`` if there are none. The model's own
            method needs ``forecast.deviation`` instead.
        level: the share of values it should hold, above 0 and below 1.
        method: key of :data:`seqlab.evaluation.interval_table.INTERVAL_METHODS`.

    Returns:
        Bounds in the data's own units; where there are too few errors NaN and a reason.

    Raises:
        ConfigError: the level is not a share.
        DataError: the two forecasts are of different targets or horizons, or origins do not ascend.
        UnknownKeyError: there is no such method.

    Example:
        >>> made = dict(model="m", targets=("y",), y_pred=np.zeros((20, 1, 1)))
        >>> before = Forecast(origins=np.arange(20), y_true=np.arange(20.0)[:, None, None], **made)
        >>> after = Forecast(origins=np.arange(20, 40), y_true=np.zeros((20, 1, 1)), **made)
        >>> float(interval_of(after, before, 0.9, "split").upper[0, 0, 0])  # the 19th of 20 errors
        18.0
    """
    check_level(level)
    entry = interval_method(method)
    reach = np.full(forecast.y_pred.shape, np.nan)
    reason, capped = _why_not(forecast, calibration, entry), 0
    if not reason and entry.reach is None:
        reach[:] = NormalDist().inv_cdf((1 + level) / 2) * np.asarray(forecast.deviation, dtype=np.float64)
        if np.isnan(reach).any():
            reason = "The model gives no deviation for some of its steps or columns."
    elif not reason and entry.reach is not None and calibration is not None:
        for step, target, history in _histories(forecast, calibration):
            found = entry.reach(history, level)
            reach[:, step, target] = found.values
            capped += found.capped
        if np.isnan(reach).any():
            fewest = fewest_errors(level)
            reason = f"A {_percent(level)} band needs at least {fewest:,} errors from the validation part; {_fewest_here(calibration)}."
    y_pred = np.asarray(forecast.y_pred, dtype=np.float64)
    notes: tuple[str, ...] = ()
    if capped:
        notes = (
            f"At {capped:,} of {reach.size:,} places the band should have been wider than any error known; it reaches as far as that.",
        )
    with np.errstate(over="ignore", invalid="ignore"):
        return Interval(lower=y_pred - reach, upper=y_pred + reach, level=level, method=method, reason=reason, notes=notes)


def quantiles_of(
    forecast: Forecast, calibration: Forecast | None, levels: Sequence[float] = QUANTILE_LEVELS, method: str = DEFAULT_METHOD
) -> tuple[Floats, str]:
    """Quantiles of every forecast: the forecast plus a quantile of the signed errors, or of the model's own normal distribution.

    The adaptive method has those of the rolling one: only a band can be corrected by whether it held.

    Args:
        forecast, calibration, method: as in :func:`interval_of`.
        levels: of the quantiles.

    Returns:
        (origin, horizon, target, level) in the data's own units, and why some are NaN; empty if none is.

    Raises:
        ConfigError: a level is not a share.
        DataError: the two forecasts do not fit.
        UnknownKeyError: there is no such method.
    """
    for level in levels:
        check_level(level)
    entry = interval_method(method)
    y_pred = np.asarray(forecast.y_pred, dtype=np.float64)
    added = np.full((*y_pred.shape, len(levels)), np.nan)
    reason = _why_not(forecast, calibration, entry)
    if not reason and entry.reach is None:
        scores = np.array([NormalDist().inv_cdf(level) for level in levels])
        added[:] = np.asarray(forecast.deviation, dtype=np.float64)[..., None] * scores
        if np.isnan(added).any():
            reason = "The model gives no deviation for some of its steps or columns."
    elif not reason and calibration is not None:
        for step, target, history in _histories(forecast, calibration):
            added[:, step, target] = newest_quantiles(history, levels, rolling=method != "split")
        if np.isnan(added).any():
            low, high = min(levels), max(levels)
            reason = f"Quantiles from {low:g} to {high:g} need more errors from the validation part; {_fewest_here(calibration)}."
    return y_pred[..., None] + added, reason


def probabilistic_scores(
    forecast: Forecast, calibration: Forecast | None, level: float, method: str, y_train: npt.ArrayLike, season_length: int
) -> tuple[Score, ...]:
    """Coverage, mean width, MSIS, WQL and CRPS of every target.

    Args:
        forecast, calibration, level, method: as in :func:`interval_of`.
        y_train: (time, target) the rows MSIS is scaled by.
        season_length: m, 1 if there is no season.

    Returns:
        For each target one score per key of :data:`seqlab.evaluation.metric_table.PROBABILISTIC_METRICS`, with its name.
    """
    band = interval_of(forecast, calibration, level, method)
    quantiles, said = quantiles_of(forecast, calibration, method=method)
    history = np.asarray(y_train, dtype=np.float64)
    scores: list[Score] = []
    for column, name in enumerate(forecast.targets):
        truth, low, high = (values[..., column] for values in (forecast.y_true, band.lower, band.upper))
        each = [coverage(truth, low, high), mean_width(truth, low, high), msis(truth, low, high, level, history[:, column], season_length)]
        # A reason of the band explains why bounds are missing better than their number does.
        found = [Score(metric=one.metric, value=one.value, reason=(band.reason or one.reason) if one.reason else "") for one in each]
        of_quantiles = [wql(truth, quantiles[..., column, :]), _crps(forecast, column, quantiles, method)]
        found += [Score(metric=one.metric, value=one.value, reason=(said or one.reason) if one.reason else "") for one in of_quantiles]
        scores += [Score(metric=one.metric, value=one.value, reason=one.reason, target=name) for one in found]
    return tuple(scores)


def _crps(forecast: Forecast, column: int, quantiles: Floats, method: str) -> Score:
    truth = forecast.y_true[..., column]
    if method != "normal" or forecast.deviation is None:
        return crps_of_quantiles(truth, quantiles[..., column, :])
    deviation = np.broadcast_to(forecast.deviation, forecast.y_pred.shape)[..., column]
    return crps_normal(truth, forecast.y_pred[..., column], deviation)


def _why_not(forecast: Forecast, calibration: Forecast | None, entry: IntervalMethod) -> str:
    """Why a method cannot be used at all, or nothing.

    Raises:
        DataError: the two forecasts do not fit.
    """
    if entry.reach is None:
        return "" if forecast.deviation is not None else "The model has no formula for its own errors."
    if calibration is None:
        return "There are no forecasts of the validation part (yet) that its errors could be taken from."
    if calibration.targets != forecast.targets or calibration.y_pred.shape[1:] != forecast.y_pred.shape[1:]:
        raise DataError(
            f"The forecasts of the validation part are of {', '.join(calibration.targets)}, {calibration.y_pred.shape[1]} steps ahead; "
            f"those of the test part of {', '.join(forecast.targets)}, {forecast.y_pred.shape[1]} steps. Take both from the same model."
        )
    if (np.diff(forecast.origins) <= 0).any() or (np.diff(calibration.origins) <= 0).any():
        raise DataError("The origins of the forecasts do not ascend. Sort them, each once.")
    end = int(calibration.origins.max(initial=-1)) + calibration.y_pred.shape[1]
    if calibration.origins.size and forecast.origins.size and end > forecast.origins[0]:
        raise DataError(
            f"The last forecast to calibrate with reaches to row {end - 1}, but the first one to draw a band around starts at row "
            f"{forecast.origins[0]}. Give calibration forecasts that end before it."
        )
    wild = int((~np.isfinite(calibration.y_pred)).sum())
    return f"{wild:,} forecasts of the validation part are not finite numbers." if wild else ""


def _histories(forecast: Forecast, calibration: Forecast) -> Iterator[tuple[int, int, ErrorHistory]]:
    """Every step and target with its errors. An error h steps ahead of origin o is known to origins from o + h on."""
    before = np.asarray(calibration.y_true, dtype=np.float64) - calibration.y_pred
    # A forecast that is no number has no error to learn from; its own band will be none either.
    after = np.where(np.isfinite(forecast.y_pred), np.asarray(forecast.y_true, dtype=np.float64) - forecast.y_pred, np.nan)
    for step in range(before.shape[1]):
        for target in range(before.shape[2]):
            seen = ~np.isnan(before[:, step, target])
            yield (
                step,
                target,
                ErrorHistory(
                    calibration=before[seen, step, target],
                    calibration_known=calibration.origins[seen] + step + 1,
                    test=after[:, step, target],
                    test_known=forecast.origins + step + 1,
                    origins=forecast.origins,
                ),
            )


def _fewest_here(calibration: Forecast) -> str:
    counts = (~np.isnan(calibration.y_true)).sum(axis=0)
    return f"there are {counts.min():,}" if counts.min() == counts.max() else f"there are {counts.min():,} to {counts.max():,}, by step"


def _percent(level: float) -> str:
    return f"{100 * level:.4g} %"
