"""Simple exponential smoothing, Holt's trend and the damped trend through statsmodels.

None of them carries a season. As the M4 competition did with its own benchmarks, a significant season is divided out
before and multiplied back after (:func:`seqlab.baselines.seasonal.deseasonalised`). Weights, first level and first
slope are those with the least squared one-step error, searched for from the best point of a grid on. Of a damped slope
80 to 98 % remain after each step, as usual (Hyndman et al. 2008, section 2.5.1): more can hardly be told from none damped.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, Budget, FitPlan, OutOfTimeError
from seqlab.baselines.seasonal import deseasonalised
from seqlab.baselines.smoothing import SmoothingState
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["LONGEST_HISTORY", "fit_damped", "fit_holt", "fit_ses", "fitted", "state_of"]

Floats = npt.NDArray[np.float64]

LONGEST_HISTORY = 10_000
REACH = 5.0  # only the season can carry a level without a slope away: as for Naive 2
DAMPING = (0.8, 0.98)
SHORTEST_HISTORY = 10  # what statsmodels' heuristic for the first level and slope needs


def fit_ses(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit simple exponential smoothing: a level, nothing else.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none.
        plan: how long the fit may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_ses([3, 5, 4, 3, 5, 4, 3, 5, 4, 3, 5, 4], 1).forecast(2).round(2)
        array([4., 4.])
    """
    return _fit("Simple exponential smoothing", y, season_length, plan, {}, reach=REACH)


def fit_holt(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit Holt's linear trend: a level and a slope that goes on; arguments as in :func:`fit_ses`.

    Example:
        >>> fit_holt([float(v) for v in range(20)], 1).forecast(2).round(2)
        array([20., 21.])
    """
    return _fit("Holt's trend", y, season_length, plan, {"trend": "add"})


def fit_damped(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit a damped trend: a level and a slope that dies away; arguments as in :func:`fit_ses`.

    Example:
        >>> first, second = fit_damped([float(v) for v in range(20)], 1).forecast(2)
        >>> bool(19 < first < second < 21)
        True
    """
    form = {"trend": "add", "damped_trend": True, "bounds": {"damping_trend": DAMPING}}
    return _fit("Damped trend", y, season_length, plan, form)


def _fit(who: str, y: npt.ArrayLike, season_length: int, plan: FitPlan, form: Mapping[str, Any], reach: float = 1.0) -> Baseline:
    budget = plan.start()
    series = checked_series(y, season_length)
    notes = gap_note(series, season_length)
    history = fill_causally(series, season_length)
    if history.size < SHORTEST_HISTORY or np.ptp(history) == 0:
        why = f"the history is constant or has fewer than {SHORTEST_HISTORY} values"
        return naive_instead(who, series, season_length, notes, why)
    figure, history, said = deseasonalised(history, season_length)
    notes += said
    if history.size > LONGEST_HISTORY:
        notes += (f"{who} was fitted to the last {LONGEST_HISTORY:,} of {history.size:,} rows, to stay quick.",)
        history = history[-LONGEST_HISTORY:]
    texts: list[str] = []
    try:
        with collected_warnings(texts):
            state = state_of(fitted(ExponentialSmoothing(history, initialization_method="estimated", **form), budget))
    except OutOfTimeError:
        return naive_instead(who, series, season_length, notes, f"its fit was not done after {budget.seconds:g} s")
    except FIT_ERRORS as error:
        notes += summary_of(texts, who)
        return naive_instead(who, series, season_length, notes, f"statsmodels could not fit it ({error})")
    return Guarded(state, series, season_length, figure=figure, notes=notes + summary_of(texts, who), reach=reach)


def fitted(model: ExponentialSmoothing, budget: Budget) -> Any:
    """The results of one fit within a budget.

    Raises:
        OutOfTimeError: the time was up before.
    """
    budget.check()
    return model.fit(minimize_kwargs={"callback": budget.check})


def state_of(results: Any) -> SmoothingState:
    """The state after the last value of a fitted ``ExponentialSmoothing``."""
    model, value = results.model, results.params
    multiplicative = model.seasonal == "mul"
    neutral = np.array([1.0 if multiplicative else 0.0])
    return SmoothingState(
        alpha=float(value["smoothing_level"]),
        beta_star=float(value["smoothing_trend"]) if model.has_trend else 0.0,
        gamma_star=float(value["smoothing_seasonal"]) if model.has_seasonal else 0.0,
        phi=float(value["damping_trend"]) if model.damped_trend else 1.0,
        level=float(results.level[-1]),
        slope=float(results.trend[-1]) if model.has_trend else 0.0,
        season=np.array(results.season[-model.seasonal_periods :], dtype=float) if model.has_seasonal else neutral,
        multiplicative=multiplicative,
        from_expected=True,
        variance=float(results.sse) / model.nobs,
    )
