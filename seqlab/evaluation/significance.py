"""Are two models equally good? The Diebold–Mariano test, in two forms, from the differences of their losses."""

import functools
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import fft, stats

__all__ = ["AccuracyTest", "cosine_averages", "cosine_count", "cosine_test", "diebold_mariano", "fewest_origins"]

Floats = npt.NDArray[np.float64]

DRAWS = 4_999
LEAST_WAVES = 4
CHUNK = 200_000
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyTest:
    """The outcome of one test; ``statistic`` and ``p_value`` are NaN exactly when ``reason`` says why they cannot be computed.

    Args:
        statistic: below 0 if the first model's losses are smaller.
        p_value: how often so large a statistic, of either sign, comes up between two equally good models.
        origins: n, how many differences there are.
        degrees: degrees of freedom of the t distribution that is used; NaN where another one is.
        reason: why there is no result.
    """

    statistic: float
    p_value: float
    origins: int
    degrees: float = float("nan")
    reason: str = ""


def diebold_mariano(differences: npt.ArrayLike, horizon: int = 1, *, null: Literal["simulated", "student"] = "simulated") -> AccuracyTest:
    r"""Diebold–Mariano test with the correction of Harvey, Leybourne and Newbold (1997).

    .. math:: \sqrt{\frac{n + 1 - 2h + h(h-1)/n}{n}} \; \frac{\bar d}{\sqrt{(\gamma_0 + 2 \sum_{k<h} \gamma_k) / n}}

    With n − 1 degrees of freedom, as published, too many equal pairs are found different where h is more than a few per cent of n
    (h = 12: 11 to 13 % instead of 5 % of them with 100 origins). So where forecasts overlap, the p value counts how often so large a
    statistic comes up among 4,999 simulated pairs of equal models with this n and h, whose differences are moving sums of h
    independent terms.

    Args:
        differences: (origin,) loss of the first model minus loss of the second, in time order.
        horizon: h, steps ahead where there is one origin per row; where origins are k rows apart, ⌈steps / k⌉: one more than
            :func:`seqlab.evaluation.losses.overlapping`.
        null: ``student`` takes the published t distribution with n − 1 degrees of freedom also for h > 1.

    Example:
        >>> round(diebold_mariano([1, 2, 3, 4], 2).statistic, 4), round(diebold_mariano([2, 1, -3, -1, 0], 3).statistic, 5)
        (2.2361, -0.33333)
        >>> diebold_mariano([1, 1, 1], 1).reason
        'The two models differ by the same loss at every starting point, so there is no variance to judge the difference by.'
    """
    d = np.asarray(differences, dtype=np.float64).reshape(-1)
    n = d.size
    reason = _unfit(d)
    if not reason and not 1 <= horizon < n:
        reason = f"Forecasts overlap over {horizon:,} starting points and there are only {n:,}; at least {horizon + 1:,} are needed."
    if reason:
        return _nothing(n, reason)
    statistic = float(_hln(d[:, None], horizon)[0])
    if np.isnan(statistic):
        return _nothing(n, "The estimated variance of the mean difference is not positive, so the test cannot be computed.")
    if horizon == 1 or null == "student":
        return AccuracyTest(statistic=statistic, p_value=float(2 * stats.t.sf(abs(statistic), n - 1)), origins=n, degrees=n - 1)
    drawn = _drawn(n, horizon)
    above = drawn.size - int(np.searchsorted(drawn, abs(statistic)))
    return AccuracyTest(statistic=statistic, p_value=(1 + above) / (1 + drawn.size), origins=n)


def cosine_test(differences: npt.ArrayLike, horizon: int = 1) -> AccuracyTest:
    r"""Diebold–Mariano test with fixed smoothing (Coroneo & Iacone 2020; cosines of Lazarus, Lewis, Stock & Watson 2018).

    .. math:: \frac{\sqrt n\, \bar d}{\sqrt{\frac1B \sum_{b=1}^B \Lambda_b^2}} \sim t_B, \quad
        \Lambda_b = \sqrt{\tfrac2n} \sum_t d_t \cos(\pi b (t - \tfrac12) / n)

    The variance comes from the slowest B cosine waves in the differences: always positive, and honest also where differences
    are related over more origins than the forecasts overlap. B = min(max(0.4 n^(2/3), 4), n / 2h).

    Args:
        differences: (origin,) loss of the first model minus loss of the second, in time order.
        horizon: h as in :func:`diebold_mariano`.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> outcome = cosine_test(rng.normal(size=100), 1)
        >>> outcome.degrees, outcome.p_value > 0.05
        (8, True)
    """
    d = np.asarray(differences, dtype=np.float64).reshape(-1)
    n = d.size
    waves = cosine_count(n, horizon)
    reason = _unfit(d)
    if not reason and n < fewest_origins(horizon):
        over = f"where forecasts overlap over {horizon:,} of them" if horizon > 1 else "to tell skill from luck"
        reason = f"{n:,} starting points are too few {over}; at least {fewest_origins(horizon):,} are needed."
    if reason:
        return _nothing(n, reason)
    variance = float(np.mean(cosine_averages(d[:, None], waves) ** 2))
    if variance <= ROUNDING * float(np.mean(d**2)):
        return _nothing(n, "The estimated variance of the mean difference is not positive, so the test cannot be computed.")
    statistic = float(d.mean() / np.sqrt(variance / n))
    return AccuracyTest(statistic=statistic, p_value=float(2 * stats.t.sf(abs(statistic), waves)), origins=n, degrees=waves)


def cosine_count(origins: int, horizon: int) -> int:
    """B, how many cosine waves estimate the variance: few enough that overlapping forecasts do not bend their spectrum."""
    return min(max(int(0.4 * origins ** (2 / 3)), LEAST_WAVES), origins // (2 * max(horizon, 1)))


def fewest_origins(horizon: int) -> int:
    """How many origins :func:`cosine_test` needs where forecasts overlap over ``horizon`` of them."""
    return max(4 * horizon, 2 * LEAST_WAVES)


def cosine_averages(values: Floats, waves: int) -> Floats:
    """Weighted averages of columns by the slowest cosine waves, the mean left out.

    Args:
        values: (origin, column)
        waves: B

    Returns:
        (B, column); under the null each row has the variance of √n times the mean.
    """
    moved = fft.dct(values - values.mean(axis=0), type=2, norm="ortho", axis=0)
    return np.asarray(moved[1 : waves + 1], dtype=np.float64)


def _unfit(d: Floats) -> str:
    if d.size < 2:
        return f"There {'is 1 starting point' if d.size == 1 else 'is no starting point'} with an observed value; at least 2 are needed."
    if not np.isfinite(d).all():
        return f"{int((~np.isfinite(d)).sum()):,} of {d.size:,} loss differences are not finite numbers."
    if not d.any():
        return "The two models make the same losses at every starting point: they are equally good, and there is nothing to test."
    if np.ptp(d) <= ROUNDING * np.abs(d).max():
        return "The two models differ by the same loss at every starting point, so there is no variance to judge the difference by."
    return ""


def _nothing(origins: int, reason: str) -> AccuracyTest:
    return AccuracyTest(statistic=float("nan"), p_value=float("nan"), origins=origins, reason=reason)


def _hln(d: Floats, horizon: int) -> Floats:
    """(series,) the statistic of every column of ``d``, (origin, series); NaN where the variance is not positive."""
    n = len(d)
    mean = d.mean(axis=0)
    centred = d - mean
    own = np.mean(centred**2, axis=0)
    # γ_0 + 2 Σ γ_k at once: every value times the sum of those less than h away, from running sums.
    running = np.zeros((n + 1, d.shape[1]))
    np.cumsum(centred, axis=0, out=running[1:])
    places = np.arange(n)
    near = running[np.minimum(places + horizon, n)] - running[np.maximum(places - horizon + 1, 0)]
    variance = np.mean(centred * near, axis=0)
    factor = np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    positive = variance > ROUNDING * own
    return np.where(positive, factor * mean / np.sqrt(np.where(positive, variance, 1.0) / n), np.nan)


@functools.lru_cache(maxsize=256)
def _drawn(n: int, horizon: int) -> Floats:
    """Sizes of the statistic among simulated pairs of equal models, ascending; those that cannot be computed are left out."""
    rng = np.random.default_rng(0)
    width = max(1, CHUNK // (n + horizon))
    found = []
    for start in range(0, DRAWS, width):
        sums = np.cumsum(rng.standard_normal((n + horizon, min(width, DRAWS - start))), axis=0)
        found.append(_hln(sums[horizon:] - sums[:-horizon], horizon))
    sizes = np.abs(np.concatenate(found))
    return np.sort(sizes[~np.isnan(sizes)])
