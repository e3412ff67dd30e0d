"""Correlations of a series with its own past, and the test that there are none: what statsmodels computes, gaps allowed."""

import numpy as np
import numpy.typing as npt
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.stattools import acf, levinson_durbin, q_stat

__all__ = ["autocorrelations", "ljung_box", "partial_autocorrelations"]

Floats = npt.NDArray[np.float64]


def autocorrelations(values: Floats, lags: int) -> Floats:
    """Correlations with the values so many steps before.

    Args:
        values: (time,) NaN where nothing was observed.
        lags: the longest lag.

    Returns:
        (lags + 1,) from lag 0 on; NaN where there are too many gaps.
    """
    return np.asarray(acf(values, nlags=lags, fft=False, missing="conservative" if np.isnan(values).any() else "none"))


def partial_autocorrelations(correlations: Floats) -> Floats:
    """What each lag adds to the shorter ones, by the recursion of Levinson and Durbin.

    Args:
        correlations: (lags + 1,) from :func:`autocorrelations`.

    Returns:
        (lags,) from lag 1 on.

    Example:
        >>> partial_autocorrelations(np.array([1.0, 0.5, 0.25])).round(6).tolist()
        [0.5, 0.0]
    """
    return np.asarray(levinson_durbin(correlations, nlags=correlations.size - 1, isacov=True)[2][1:])


def ljung_box(values: Floats, correlations: Floats, lag: int) -> tuple[float, float]:
    """Statistic and p value of the test of Ljung and Box (1978) that the first ``lag`` correlations are 0.

    Args:
        values: (time,) NaN where nothing was observed.
        correlations: of the same values, from :func:`autocorrelations`.
        lag: how many lags are tested together.
    """
    seen = int((~np.isnan(values)).sum())
    if seen < values.size:
        q, p = q_stat(correlations[1 : lag + 1], seen)
        return float(q[-1]), float(p[-1])
    table = acorr_ljungbox(values, lags=[lag])
    return float(table.lb_stat.iloc[0]), float(table.lb_pvalue.iloc[0])
