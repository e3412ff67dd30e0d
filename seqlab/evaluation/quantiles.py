"""How good intervals and quantile forecasts are: coverage, width, MSIS, pinball loss, WQL and CRPS.

As in :mod:`seqlab.evaluation.metrics`, a target that was never observed is left out, and a bound or quantile that
is not a finite number at an observed target makes the metric not computable.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seqlab.errors import ConfigError, DataError
from seqlab.evaluation.metrics import mase_scale, observed, score_or_reason
from seqlab.records import Score

__all__ = ["QUANTILE_LEVELS", "check_level", "coverage", "crps_normal", "crps_of_quantiles", "mean_width", "msis", "pinball", "wql"]

Floats = npt.NDArray[np.float64]

QUANTILE_LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""The quantiles that WQL and CRPS are averaged over."""


def check_level(level: float) -> None:
    """Makes sure that a level is a share.

    Raises:
        ConfigError: it is not above 0 and below 1.
    """
    if not 0 < level < 1:
        raise ConfigError(f"The level is {level:g}. It must be above 0 and below 1: 0.9 stands for 90 %.")


def coverage(y_true: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> Score:
    """Share of the observed values inside the interval, its bounds included.

    Args:
        y_true: any shape; NaN where nothing was observed.
        lower, upper: the same shape.

    Raises:
        DataError: the shapes differ.

    Example:
        >>> coverage([1, 2, 3, 4], [0, 0, 0, 0], [1, 2, 2, 5]).value
        0.75
    """
    truth, low, high, reason = _observed_bounds(y_true, lower, upper)
    return score_or_reason("coverage", reason, lambda: np.mean((low <= truth) & (truth <= high)))


def mean_width(y_true: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> Score:
    """Mean width of the interval where a value was observed; arguments as in :func:`coverage`.

    Example:
        >>> mean_width([1, float("nan")], [0, 0], [3, 9]).value
        3.0
    """
    _, low, high, reason = _observed_bounds(y_true, lower, upper)
    return score_or_reason("mean_width", reason, lambda: np.mean(high - low))


def msis(
    y_true: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike, level: float, y_train: npt.ArrayLike, season_length: int
) -> Score:
    """Mean scaled interval score of the M4 competition, after Gneiting & Raftery (2007), Journal of the American Statistical Association.

    The interval's width, plus 2/α times the distance of every value outside, α = 1 − level; over
    :func:`seqlab.evaluation.metrics.mase_scale` of the training rows.

    Args:
        y_true, lower, upper: as in :func:`coverage`.
        level: what the interval promises, above 0 and below 1.
        y_train: (time,) training rows, NaN where nothing was observed.
        season_length: m, 1 if there is no season.

    Raises:
        ConfigError: the level is not a share.
        DataError: the shapes differ.

    Example:
        >>> msis([5, 1], [0, 2], [10, 8], 0.5, [1, 3, 5], 1).value  # (10 + 6 + 4 · 1) / 2 / 2
        5.0
    """
    check_level(level)
    truth, low, high, reason = _observed_bounds(y_true, lower, upper)
    scale = mase_scale(y_train, season_length)
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return score_or_reason("msis", reason or scale.reason, lambda: np.mean(high - low + 2 / (1 - level) * outside) / scale.value)


def pinball(y_true: npt.ArrayLike, quantile: npt.ArrayLike, level: float) -> Score:
    """Mean pinball loss of a quantile forecast: level · (y − q) above it, (1 − level) · (q − y) below (Koenker & Bassett 1978).

    Args:
        y_true: any shape; NaN where nothing was observed.
        quantile: the same shape.
        level: of the quantile, above 0 and below 1.

    Raises:
        ConfigError: the level is not a share.
        DataError: the shapes differ.

    Example:
        >>> pinball([10, 10], [8, 12], 0.9).value  # (0.9 · 2 + 0.1 · 2) / 2
        1.0
    """
    check_level(level)
    truth, forecast, reason = observed(y_true, quantile)
    return score_or_reason("pinball", reason, lambda: np.mean(_pinball(truth, forecast, level)))


def wql(y_true: npt.ArrayLike, quantiles: npt.ArrayLike, levels: Sequence[float] = QUANTILE_LEVELS) -> Score:
    """Weighted quantile loss: 2 Σ pinball / Σ |y| at every level, then the mean over the levels.

    This is GluonTS's ``mean_weighted_sum_quantile_loss`` (Alexandrov et al. 2020, Journal of Machine Learning Research 21). The M5
    competition scaled by the training part's changes instead.

    Args:
        y_true: any shape; NaN where nothing was observed.
        quantiles: the same shape and one more axis for the levels.
        levels: of the quantiles.

    Raises:
        ConfigError: a level is not a share.
        DataError: the shapes do not fit.

    Example:
        >>> wql([4, 6], [[4], [8]], levels=[0.5]).value  # 2 · (0 + 0.5 · 2) / 10
        0.2
    """
    loss, truth, reason = _quantile_losses(y_true, quantiles, levels)
    size = float(np.sum(np.abs(truth)))
    if not reason and size == 0:
        reason = "Every observed value is 0, so there is no size to compare the loss with."
    return score_or_reason("wql", reason, lambda: np.mean(2 * loss.sum(axis=0) / size))


def crps_of_quantiles(y_true: npt.ArrayLike, quantiles: npt.ArrayLike, levels: Sequence[float] = QUANTILE_LEVELS) -> Score:
    """Continuous ranked probability score, approximated: the mean of 2 · pinball over the levels; arguments as in :func:`wql`.

    CRPS is the integral of 2 · pinball over all levels from 0 to 1; nine of them leave out the tails.

    Example:
        >>> crps_of_quantiles([4, 6], [[4], [8]], levels=[0.5]).value  # with the median alone it is the absolute error
        1.0
    """
    loss, _, reason = _quantile_losses(y_true, quantiles, levels)
    return score_or_reason("crps", reason, lambda: np.mean(2 * loss))


def crps_normal(y_true: npt.ArrayLike, mean: npt.ArrayLike, deviation: npt.ArrayLike) -> Score:
    """Continuous ranked probability score of normal forecasts: σ [z (2 Φ(z) − 1) + 2 φ(z) − 1/√π], z = (y − μ)/σ (Gneiting & Raftery 2007).

    Args:
        y_true: any shape; NaN where nothing was observed.
        mean: the same shape.
        deviation: the same shape, 0 or above; with 0 the score is the absolute error.

    Raises:
        DataError: the shapes differ.

    Example:
        >>> round(crps_normal([0.0], [0.0], [1.0]).value, 6)  # (√2 − 1)/√π
        0.233695
    """
    from scipy.special import ndtr  # here, because the table of metrics should cost no import of scipy

    truth, middle, reason = observed(y_true, mean)
    _, sigma, said = observed(y_true, deviation)
    reason = reason or said
    if not reason and (sigma < 0).any():
        reason = f"{int((sigma < 0).sum()):,} of {sigma.size:,} standard deviations are below 0."

    def compute() -> np.floating:
        certain = sigma == 0
        z = (truth - middle) / np.where(certain, 1.0, sigma)
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        score = sigma * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
        return np.mean(np.where(certain, np.abs(truth - middle), score))

    return score_or_reason("crps", reason, compute)


def _pinball(truth: Floats, quantile: Floats, level: float) -> Floats:
    error = truth - quantile
    loss: Floats = np.maximum(level * error, (level - 1) * error)
    return loss


def _quantile_losses(y_true: npt.ArrayLike, quantiles: npt.ArrayLike, levels: Sequence[float]) -> tuple[Floats, Floats, str]:
    """(observed, level) pinball losses, the observed values, and why nothing can be computed."""
    truth, forecast = np.asarray(y_true, dtype=np.float64), np.asarray(quantiles, dtype=np.float64)
    if forecast.shape != (*truth.shape, len(levels)) or not len(levels):
        raise DataError(
            f"The values have shape {truth.shape} and the quantiles {forecast.shape}. "
            f"Give {len(levels)} quantiles per value, one per level, in a last axis."
        )
    for level in levels:
        check_level(level)
    each = [observed(truth, forecast[..., place]) for place in range(len(levels))]
    with np.errstate(over="ignore", invalid="ignore"):
        losses = np.stack([_pinball(seen, quantile, level) for (seen, quantile, _), level in zip(each, levels, strict=True)], axis=-1)
    reason = next((said for _, _, said in each if said), "").replace("forecasts", "quantiles")
    return losses, each[0][0], reason


def _observed_bounds(y_true: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> tuple[Floats, Floats, Floats, str]:
    truth, low, reason = observed(y_true, lower)
    _, high, said = observed(y_true, upper)
    reason = (reason or said).replace("forecasts", "bounds")
    crossed = int((low > high).sum())
    if not reason and crossed:
        reason = f"In {crossed:,} of {truth.size:,} places the lower bound lies above the upper one."
    return truth, low, high, reason
