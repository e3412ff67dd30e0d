"""Naive 2, the yardstick of the M4 competition: the naive forecast of the series without its season.

Makridakis, Spiliotis & Assimakopoulos (2020), The M4 Competition, International Journal of Forecasting 36. The season
is the multiplying one of a classical decomposition, and it is taken out only if it is significant at lag m (see
:func:`seqlab.baselines.seasonal.is_seasonal`).
"""

import numpy.typing as npt

from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import Guarded
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.naive import SeasonalNaive
from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.baselines.seasonal import deseasonalised

__all__ = ["fit_naive2"]

REACH = 5.0  # a rule others publish numbers of is changed only where it runs away altogether


def fit_naive2(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Repeats the last value, with the season divided out before and multiplied back after.

    Args:
        y: (time,) in the data's own units; for the season NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none.
        plan: not used: nothing is searched for.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_naive2([1, 2, 3] * 4, 3).forecast(4).round(6)
        array([1., 2., 3., 1.])
    """
    del plan
    series = checked_series(y, season_length)
    figure, rest, notes = deseasonalised(fill_causally(series, season_length), season_length)
    if figure is None:
        return Guarded(SeasonalNaive.fit(series, 1), series, season_length, notes=notes)
    return Guarded(
        SeasonalNaive.fit(rest, 1), series, season_length, figure=figure, notes=(*gap_note(series, season_length), *notes), reach=REACH
    )
