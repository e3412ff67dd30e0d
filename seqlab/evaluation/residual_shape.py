"""How residuals are spread: beside a normal distribution, and over the phases of a season."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from seqlab.evaluation.residuals import Residuals

__all__ = ["NormalFit", "PhaseSpread", "by_phase", "normal_fit"]

Floats = npt.NDArray[np.float64]

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_BINS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalFit:
    """Residuals beside a normal distribution of the same mean and spread; arrays are empty exactly when there is a reason.

    Args:
        edges, density: (bin + 1,) and (bin,) the histogram; its area is 1.
        grid, normal: (point,) the normal density.
        expected, ordered: (n,) points of the Q–Q picture: normal quantiles in the data's units, and the residuals by size.
        mean, deviation: of the normal distribution.
        skewness: below 0 if large errors are mostly negative residuals.
        kurtosis: excess; above 0 if large errors are more frequent than a normal distribution has.
        inside: share of residuals within 1.96 standard deviations of the mean; 95 % of a normal distribution's.
        reason: why there is none.
    """

    edges: Floats
    density: Floats
    grid: Floats
    normal: Floats
    expected: Floats
    ordered: Floats
    mean: float
    deviation: float
    skewness: float
    kurtosis: float
    inside: float
    reason: str = ""


def normal_fit(residuals: Residuals) -> NormalFit:
    """Histogram and Q–Q points of residuals (Filliben's order statistic medians)."""
    seen = residuals.observed
    reason = residuals.reason or ("All residuals are the same, so they have no distribution." if residuals.constant else "")
    none, nan = np.empty(0), float("nan")
    if reason:
        return NormalFit(
            edges=none, density=none, grid=none, normal=none, expected=none, ordered=none,
            mean=nan, deviation=nan, skewness=nan, kurtosis=nan, inside=nan, reason=reason,
        )  # fmt: skip
    mean, deviation = float(seen.mean()), float(seen.std(ddof=1))
    bins = min(len(np.histogram_bin_edges(seen, "auto")) - 1, MOST_BINS)
    density, edges = np.histogram(seen, bins=max(bins, 5), density=True)
    grid = np.linspace(min(edges[0], mean - 3 * deviation), max(edges[-1], mean + 3 * deviation), 200)
    (quantiles, ordered), _ = stats.probplot(seen)
    return NormalFit(
        edges=edges,
        density=density,
        grid=grid,
        normal=np.asarray(stats.norm.pdf(grid, mean, deviation)),
        expected=mean + deviation * np.asarray(quantiles),
        ordered=np.asarray(ordered),
        mean=mean,
        deviation=deviation,
        skewness=float(stats.skew(seen)),
        kurtosis=float(stats.kurtosis(seen)),
        inside=float(np.mean(np.abs(seen - mean) <= stats.norm.ppf(0.975) * deviation)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSpread:
    """Residuals by their place in the season.

    Args:
        phases: (phase,) ascending.
        quantiles: (phase, 5) the 5, 25, 50, 75 and 95 % quantiles.
        mean: (phase,)
        count: (phase,) how many residuals were observed.
    """

    phases: npt.NDArray[np.int64]
    quantiles: Floats
    mean: Floats
    count: npt.NDArray[np.int64]


def by_phase(residuals: Residuals, phases: npt.ArrayLike) -> PhaseSpread:
    """Spread of the residuals in each phase of a season that has any.

    Args:
        residuals: of one model.
        phases: (origin,) phase of each residual, such as the hour of its row.
    """
    place = np.asarray(phases, dtype=np.int64)
    seen = ~np.isnan(residuals.values)
    found = np.unique(place[seen])
    groups = [residuals.values[seen & (place == one)] for one in found]
    return PhaseSpread(
        phases=found,
        quantiles=np.array([np.quantile(group, SHARES) for group in groups]).reshape(len(found), len(SHARES)),
        mean=np.array([group.mean() for group in groups]),
        count=np.array([group.size for group in groups], dtype=np.int64),
    )
