r"""Sines and cosines of a series' seasons, their number chosen by AICc.

A season of m steps is a sum of the harmonics :math:`\sin(2 \pi k t / m), \cos(2 \pi k t / m)`, k up to m / 2; the first few
hold the shape of it (Hyndman & Athanasopoulos 2021, Forecasting: Principles and Practice, 3rd ed., section 12.1).
"""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.stattools import levinson_durbin

__all__ = ["chosen_frequencies", "fourier_terms", "harmonics_of"]

Floats = npt.NDArray[np.float64]

MOST_LAGS = 10
ROUNDS = 2  # of going through the seasons
SMALLEST_VARIANCE = 1e-12  # of the values' own: what is left then is rounding


def harmonics_of(seasons: Iterable[int], rows: int, most: int) -> tuple[tuple[Fraction, ...], ...]:
    """Cycles per step of the first harmonics of each season that the rows hold twice.

    A harmonic that two seasons share belongs to the shorter one.

    Args:
        seasons: in steps.
        rows: length of the history.
        most: at most so many harmonics of one season.

    Returns:
        One tuple per season, the shortest first.

    Example:
        >>> [[str(f) for f in harmonics] for harmonics in harmonics_of((8, 4), 100, 9)]
        [['1/4', '1/2'], ['1/8', '3/8']]
    """
    taken: set[Fraction] = set()
    found = []
    for season in sorted({season for season in seasons if season > 1 and 2 * season <= rows}):
        harmonics = [Fraction(k, season) for k in range(1, season // 2 + 1)]
        found.append(tuple([harmonic for harmonic in harmonics if harmonic not in taken][:most]))
        taken.update(harmonics)
    return tuple(found)


def fourier_terms(frequencies: Iterable[Fraction], start: int, rows: int) -> Floats:
    """(rows, terms) sine and cosine of each frequency at the steps from ``start`` on; of 1/2 the cosine only.

    Example:
        >>> fourier_terms([Fraction(1, 4), Fraction(1, 2)], 1, 2).round(6)
        array([[ 1.,  0., -1.],
               [ 0., -1.,  1.]])
    """
    columns = []
    for frequency in frequencies:
        # The phase is taken exactly, so that the terms repeat exactly however far the series goes.
        steps = (np.arange(start, start + rows) * frequency.numerator) % frequency.denominator
        angle = 2 * np.pi * steps / frequency.denominator
        columns += [np.cos(angle)] if frequency == Fraction(1, 2) else [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns) if columns else np.empty((rows, 0))


def chosen_frequencies(y: Floats, harmonics: tuple[tuple[Fraction, ...], ...]) -> tuple[tuple[Fraction, ...], Floats]:
    r"""The first harmonics of each season, as many as give the regression the best AICc.

    The errors of the regression are autocorrelated, which makes slow harmonics look useful that are not. So values and
    terms are first filtered by an autoregression of the errors (Cochrane & Orcutt 1949, JASA 44), and
    :math:`\text{AICc} = n \ln(\text{RSS} / n) + 2 k n / (n - k - 1)` is that of the filtered regression. Of several
    seasons each number is chosen in turn, the others kept, twice.

    Args:
        y: (time,) without NaN; differenced if the errors are to be.
        harmonics: from :func:`harmonics_of`.

    Returns:
        The chosen ones, maybe none; and (time,) ``y`` without their regression.
    """
    every = tuple(one for season in harmonics for one in season)
    weights = _autoregression(_without(y, fourier_terms(every, 0, y.size)))
    filtered = _filtered(y - y.mean(), weights)
    counts = [0] * len(harmonics)
    for _ in range(ROUNDS if len(harmonics) > 1 else 1):
        for place, season in enumerate(harmonics):
            others = [one for other in range(len(harmonics)) if other != place for one in harmonics[other][: counts[other]]]
            terms = _filtered(fourier_terms([*others, *season], 0, y.size), weights)
            first = fourier_terms(others, 0, 1).shape[1]
            widths = [first + fourier_terms(season[:count], 0, 1).shape[1] for count in range(len(season) + 1)]
            counts[place] = int(np.argmin(_aicc_of_first(filtered, terms, widths, weights.size)))
    chosen = tuple(one for season, count in zip(harmonics, counts, strict=True) for one in season[:count])
    return chosen, _without(y, fourier_terms(chosen, 0, y.size))


def _aicc_of_first(y: Floats, terms: Floats, widths: list[int], lags: int) -> Floats:
    """AICc of the regressions on a constant and the first so many terms, from one QR decomposition."""
    turned = np.linalg.qr(np.column_stack([np.ones(y.size), terms]))[0].T @ y
    explained = np.concatenate([[0.0], np.cumsum(turned**2)])[np.array(widths) + 1]
    total = float(np.sum(y**2))
    variance = np.maximum(total - explained, max(SMALLEST_VARIANCE * total, np.finfo(float).tiny)) / y.size
    parameters = np.array(widths) + lags + 2
    spare = y.size - parameters - 1
    return np.where(spare > 0, y.size * np.log(variance) + 2 * parameters * y.size / np.maximum(spare, 1), np.inf)


def _without(y: Floats, terms: Floats) -> Floats:
    """(time,) errors of the least-squares regression on terms and a constant."""
    columns = np.column_stack([np.ones(len(y)), terms])
    rest: Floats = y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
    return rest


def _autoregression(rest: Floats) -> Floats:
    """(lag,) weights of an autoregression, its order by AICc; from the autocovariances, so it is stationary."""
    lags = min(MOST_LAGS, rest.size // 4)
    if lags < 1 or np.ptp(rest) == 0:
        return np.empty(0)
    _, _, _, variances, weights = levinson_durbin(rest, nlags=lags, isacov=False)
    orders = np.arange(lags + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        aicc = rest.size * np.log(variances) + 2 * (orders + 1) * rest.size / (rest.size - orders - 2)
    order = int(np.nanargmin(aicc)) if np.isfinite(aicc).any() else 0
    return np.asarray(weights[1 : order + 1, order])


def _filtered(columns: Floats, weights: Floats) -> Floats:
    """What the autoregression leaves of (time,) or (time, column)."""
    kept = columns[weights.size :].copy()
    for lag, weight in enumerate(weights, start=1):
        kept -= weight * columns[weights.size - lag : len(columns) - lag]
    return kept
