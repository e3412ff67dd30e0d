"""ARIMA through statsmodels, its order chosen by AICc from a small grid within a time budget.

As in Hyndman & Khandakar (2008), Automatic Time Series Forecasting: a KPSS test decides whether the series is
differenced, the strength of its season whether it is differenced over the season; then a stepwise search over
p, q ≤ 2 and P, Q ≤ 1 and a constant follows the best AICc. Three things differ, to keep forecasts tame and quick: at
most one ordinary difference, and only if a Dickey-Fuller test does not reject a unit root (KPSS alone rejects long
series that return to their level slowly); a seasonal part only up to a season of 12; a longer one is taken out before
and put back after. Missing values stay missing: the Kalman filter steps over them.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.tools.sm_exceptions import InterpolationWarning
from statsmodels.tsa.seasonal import STL
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.stattools import adfuller, kpss

from seqlab.baselines.gaps import fill_causally
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, Budget, FitPlan
from seqlab.baselines.seasonal import adjusted
from seqlab.baselines.statespace import FilteredState, fit_within
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["LONGEST_HISTORY", "LONGEST_SEASON", "LONGEST_SEASONAL_HISTORY", "Order", "differences", "fit_arima", "search_order"]

Floats = npt.NDArray[np.float64]

LONGEST_SEASON = 12
LONGEST_HISTORY = 4_000
LONGEST_SEASONAL_HISTORY = 600
SHORTEST_HISTORY = 20
STRONG_SEASON = 0.64  # as R's forecast::nsdiffs
KPSS_FIVE_PERCENT = 0.463  # Kwiatkowski et al. (1992), table 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A seasonal ARIMA (p,d,q)(P,D,Q) with a season of m steps."""

    p: int = 0
    d: int = 0
    q: int = 0
    P: int = 0
    D: int = 0
    Q: int = 0
    m: int = 1
    constant: bool = False

    def __str__(self) -> str:
        seasonal = f"({self.P},{self.D},{self.Q})[{self.m}]" if self.m > 1 else ""
        return f"ARIMA({self.p},{self.d},{self.q}){seasonal}{' with constant' if self.constant else ''}"

    @property
    def allowed(self) -> bool:
        """Whether it lies in the grid."""
        inside = 0 <= self.p <= 2 and 0 <= self.q <= 2 and 0 <= self.P <= 1 and 0 <= self.Q <= 1
        return inside and (self.m > 1 or self.P == self.Q == 0) and not (self.constant and self.d + self.D > 1)


def fit_arima(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit the ARIMA with the best AICc that the search finds.

    Args:
        y: (time,) in the data's own units; NaN stays missing.
        season_length: steps of the season, 1 if there is none.
        plan: how long the search and the fit may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_arima(np.arange(24.0) + np.tile([0.1, -0.1, 0.0], 8), 1)
        >>> [round(float(v)) for v in model.forecast(3)]
        [24, 25, 26]
    """
    budget = plan.start()
    series = checked_series(y, season_length)
    observed = series[~np.isnan(series)]
    if observed.size < SHORTEST_HISTORY or np.ptp(observed) == 0:
        return naive_instead(
            "ARIMA", series, season_length, (), f"the history is constant or has fewer than {SHORTEST_HISTORY} observed values"
        )
    gaps = np.isnan(series)
    figure, history, notes = adjusted(fill_causally(series, season_length), season_length, longest=LONGEST_SEASON)
    m = season_length if 1 < season_length <= LONGEST_SEASON else 1
    if m > 1 and history.size < 3 * m:
        notes += (f"ARIMA has no seasonal part here: the history is shorter than three seasons of {m} steps.",)
        m = 1
    longest = LONGEST_SEASONAL_HISTORY if m > 1 else LONGEST_HISTORY
    if history.size > longest:
        notes += (f"ARIMA was fitted to the last {longest:,} of {history.size:,} rows, to stay quick.",)
        history, gaps = history[-longest:], gaps[-longest:]
    if np.ptp(history) == 0:
        return naive_instead("ARIMA", series, season_length, notes, "nothing is left to model once the season is taken out")
    texts: list[str] = []
    start = differences(history, m, texts)
    notes += summary_of(texts, "Choosing the differences")
    results, said = search_order(np.where(gaps, np.nan, history), start, budget)
    notes += said
    if results is None:
        return naive_instead("ARIMA", series, season_length, notes, "no order could be fitted")
    return Guarded(FilteredState(results), series, season_length, figure=figure, notes=notes)


def differences(history: Floats, m: int, texts: list[str]) -> Order:
    """How often to difference: over the season if it is strong, then once if both tests ask for it."""
    with collected_warnings(texts):
        seasonal = int(m > 1 and _season_strength(history, m) > STRONG_SEASON)
        rest = history[m:] - history[:-m] if seasonal else history
        ordinary = 0
        if np.ptp(rest) > 0:
            ordinary = int(kpss(rest, regression="c", nlags="auto")[0] > KPSS_FIVE_PERCENT and _may_have_unit_root(rest))
    # These two say nothing about the data: the p-value is often outside kpss's table, and its return type will change.
    # Only the statistic is used, which comes first in either type.
    texts[:] = [text for text in texts if not text.startswith((InterpolationWarning.__name__, FutureWarning.__name__))]
    return Order(d=ordinary, D=seasonal, m=m)


def _may_have_unit_root(rest: Floats) -> bool:
    """Whether an augmented Dickey-Fuller test keeps the hypothesis of a unit root at 5 %."""
    lags = int((rest.size - 1) ** (1 / 3))  # as R's tseries::adf.test
    statistic, _, _, _, limits, *_ = adfuller(rest, maxlag=lags, regression="c", autolag=None)
    return bool(statistic > limits["5%"])


def _season_strength(history: Floats, m: int) -> float:
    """1 - Var(rest) / Var(season + rest) of an STL decomposition, at least 0."""
    parts = STL(history, period=m).fit()
    whole = float(np.var(parts.seasonal + parts.resid))
    return max(0.0, 1.0 - float(np.var(parts.resid)) / whole) if whole > 0 else 0.0


def _first_orders(start: Order) -> list[Order]:
    constant = start.d + start.D <= 1
    seasonal = start.m > 1
    shapes = ((1, 1, 0, 1), (0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1), (2, 2, 1, 1))
    return [replace(start, p=p, q=q, P=P * seasonal, Q=Q * seasonal, constant=constant) for p, q, P, Q in shapes]


def _neighbours(order: Order) -> list[Order]:
    changed = [replace(order, p=order.p + a, q=order.q + b) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1))]
    changed += [replace(order, P=order.P + a, Q=order.Q + b) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    changed.append(replace(order, constant=not order.constant))
    return [other for other in changed if other.allowed]


def search_order(history: Floats, start: Order, budget: Budget) -> tuple[Any, tuple[str, ...]]:
    """Follow the best AICc through the grid.

    Args:
        history: (time,), NaN where nothing was observed.
        start: says how often to difference, and the season.
        budget: the time for all orders together; one that is being fitted when it ends stays as far as it got.

    Returns:
        statsmodels' results of the best order, or None; and what to say about the search.
    """
    tried: dict[Order, tuple[float, Floats]] = {}
    best: Order | None = None
    notes: tuple[str, ...] = ()
    texts: list[str] = []
    waiting = _first_orders(start)
    while waiting:
        if best is not None and budget.spent:
            notes += (f"The search for an ARIMA order stopped after {budget.seconds:g} s and {_orders(len(tried))}.",)
            break
        order = waiting.pop(0)
        if order in tried:
            continue
        tried[order] = _quick_aicc(history, order, budget, texts)
        if np.isfinite(tried[order][0]) and (best is None or tried[order][0] < tried[best][0]):
            best = order
        budget.say(f"{_orders(len(tried))} tried, the best so far is {best}." if best else f"{_orders(len(tried))} tried.")
        if not waiting and best is not None:
            waiting = [other for other in _neighbours(best) if other not in tried]
    failed = [str(order) for order, (aicc, _) in tried.items() if not np.isfinite(aicc)]
    if failed:
        notes += (f"Could not be fitted: {', '.join(failed)}.",)
    notes += summary_of(texts, "An ARIMA order that was tried")
    if best is None:
        return None, notes
    return _final(history, best, tried[best][1], budget, len(tried), notes)


def _final(
    history: Floats, best: Order, parameters: Floats, budget: Budget, tried: int, notes: tuple[str, ...]
) -> tuple[Any, tuple[str, ...]]:
    """The best order fitted to the history itself; if there is no time for that, with the parameters of the search."""
    texts: list[str] = []
    try:
        with collected_warnings(texts):
            model = _model(history, best)
            results, ended = fit_within(model, budget)
            if not ended:
                results = model.filter(parameters, cov_type="none")
                notes += (f"The time was up before {best} was fitted once more: its parameters are those of the search.",)
    except FIT_ERRORS as error:
        return None, (*notes, f"{best} could not be fitted: {error}.")
    return results, (f"{best}, chosen by AICc among {_orders(tried)}.", *summary_of(texts, str(best)), *notes)


def _quick_aicc(history: Floats, order: Order, budget: Budget, texts: list[str]) -> tuple[float, Floats]:
    """AICc and parameters of an order.

    The differences are taken before the fit, so that all orders use the same values, and the variance of the errors is worked out
    instead of searched for: together four times faster.
    """
    try:
        with collected_warnings(texts):
            results, _ = fit_within(_model(history, order, simple_differencing=True, concentrate_scale=True), budget)
            return float(results.aicc), np.append(results.params, results.scale)
    except FIT_ERRORS:
        return float("inf"), np.empty(0)  # listed by the caller as "could not be fitted"


def _orders(count: int) -> str:
    return f"{count} order{'s' if count > 1 else ''}"


def _model(history: Floats, order: Order, **options: Any) -> SARIMAX:
    return SARIMAX(
        history,
        order=(order.p, order.d, order.q),
        seasonal_order=(order.P, order.D, order.Q, order.m if order.m > 1 else 0),
        trend="c" if order.constant else "n",
        **options,
    )
