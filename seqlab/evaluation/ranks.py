"""Many series: do some models rank before others again and again? Friedman's test and Nemenyi's critical difference."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

__all__ = ["RankTest", "critical_difference", "friedman_from_ranks", "rank_test"]

Floats = npt.NDArray[np.float64]

FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RankTest:
    """Ranks of models over many series; ``p_value`` is NaN exactly when ``reason`` says why there is none.

    Args:
        mean_ranks: (model,) 1 is best; ties share the mean of their ranks.
        series: N, on how many the models were ranked.
        statistic: Friedman's χ², corrected for ties.
        p_value: how often the ranks of equally good models differ so much.
        critical_difference: two mean ranks must differ by more to be told apart at 5 %.
        reason: why there is no test.
    """

    mean_ranks: Floats
    series: int
    statistic: float
    p_value: float
    critical_difference: float
    reason: str = ""


def rank_test(losses: npt.ArrayLike, *, level: float = 0.05) -> RankTest:
    """Friedman's test and Nemenyi's critical difference (Demšar 2006).

    It takes the series for independent of each other. Columns of one data set seldom are; then its p value is too small.

    Args:
        losses: (series, model), smaller is better. A series with a value that is not finite is left out.
        level: of the critical difference.

    Example:
        >>> outcome = rank_test([[1, 2, 3], [1, 3, 2], [1, 2, 3], [2, 1, 3], [1, 2, 3], [1, 2, 3]])
        >>> outcome.mean_ranks.round(3).tolist(), round(outcome.statistic, 3)
        ([1.167, 2.0, 2.833], 8.333)
    """
    table = np.asarray(losses, dtype=np.float64)
    table = table[np.isfinite(table).all(axis=1)]
    series, models = table.shape
    ranks = stats.rankdata(table, axis=1).mean(axis=0) if series else np.full(models, np.nan)
    reason = ""
    if models < 3:
        reason = f"Ranks of {models:,} models say no more than a test of the pair; at least 3 models are needed."
    elif series < FEWEST:
        reason = f"There {'is 1 series' if series == 1 else f'are {series:,} series'} to rank the models on; at least {FEWEST} are needed."
    elif (table == table[:, :1]).all():
        reason = "All models make the same losses, so there is nothing to rank."
    if reason:
        return RankTest(mean_ranks=ranks, series=series, statistic=math.nan, p_value=math.nan, critical_difference=math.nan, reason=reason)
    outcome = stats.friedmanchisquare(*table.T)
    return RankTest(
        mean_ranks=ranks,
        series=series,
        statistic=float(outcome.statistic),
        p_value=float(outcome.pvalue),
        critical_difference=critical_difference(models, series, level=level),
    )


def critical_difference(models: int, series: int, *, level: float = 0.05) -> float:
    r"""Nemenyi's critical difference of two mean ranks.

    .. math:: \frac{q_{\alpha, k}}{\sqrt 2} \sqrt{\frac{k (k + 1)}{6 N}}

    Args:
        models: k
        series: N
        level: α; q is the studentized range's quantile with infinite degrees of freedom.

    Example:
        >>> round(critical_difference(4, 14), 2)  # Demšar (2006), section 3.2.2
        1.25
    """
    quantile = stats.studentized_range.ppf(1 - level, models, np.inf)
    return float(quantile / math.sqrt(2) * math.sqrt(models * (models + 1) / (6 * series)))


def friedman_from_ranks(mean_ranks: npt.ArrayLike, series: int) -> tuple[float, float]:
    r"""Friedman's χ² from mean ranks without a correction for ties, and the F statistic of Iman and Davenport (1980).

    Args:
        mean_ranks: (model,)
        series: N

    Example:
        >>> [round(value, 2) for value in friedman_from_ranks([3.143, 2.000, 2.893, 1.964], 14)]  # Demšar (2006)
        [9.28, 3.69]
    """
    ranks = np.asarray(mean_ranks, dtype=np.float64)
    models = ranks.size
    square = 12 * series / (models * (models + 1)) * (float(np.sum(ranks**2)) - models * (models + 1) ** 2 / 4)
    return square, (series - 1) * square / (series * (models - 1) - square)
