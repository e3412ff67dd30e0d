"""The closed-form linear forecast of :mod:`seqlab.baselines.linear` as a baseline: fit to one history, follow new values."""

import numpy as np
import numpy.typing as npt

from seqlab.baselines.gaps import fill_causally
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.linear import LinearMap, fit_linear_map
from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.errors import DataError

__all__ = ["LONGEST_CONTEXT", "fit_linear"]

Floats = npt.NDArray[np.float64]

SHORTEST_HISTORY = 10
SHORTEST_CONTEXT = 24  # what the method gives itself, season or not
LONGEST_CONTEXT = 720


def fit_linear(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit the linear map from a context to ``plan.horizon`` steps.

    A longer forecast is made by reading the forecast so far as context.

    Args:
        y: (time,) in the data's own units. In a context, NaN is filled with the value one season earlier; windows with a
            missing target are not used.
        season_length: steps of the season, 1 if there is none.
        plan: its horizon and context length are those of the map; without a context length two seasons are read.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_linear(np.sin(np.arange(100) * 0.5), 1, FitPlan(horizon=3))
        >>> bool(abs(model.forecast(3) - np.sin([50.0, 50.5, 51.0])).max() < 0.01)
        True
    """
    budget = plan.start()
    series = checked_series(y, season_length)
    filled = fill_causally(series, season_length)
    if filled.size < SHORTEST_HISTORY or np.ptp(filled) == 0:
        return naive_instead("Linear", series, season_length, (), f"the history is constant or has fewer than {SHORTEST_HISTORY} values")
    horizon, context_length, notes = _lengths(filled.size, season_length, plan)
    missing = int(np.isnan(series).sum())
    if missing:
        source = "the value one season earlier" if season_length > 1 else "the value before"
        notes += (f"{missing:,} values were missing: in contexts each was filled with {source}; windows that end in one were not used.",)
    budget.say(f"Linear: {context_length} steps of context, {horizon} of forecast")
    try:
        fitted = fit_linear_map(filled[:, None], series[:, None], context_length, horizon, check=budget.check)
    except (*FIT_ERRORS, DataError) as error:
        return naive_instead("Linear", series, season_length, notes, f"it could not be fitted ({error})")
    how = "chosen on the last fifth of the history" if fitted.validated else "the usual one, too few windows to choose on"
    said = f"{context_length} steps of context, {fitted.windows:,} windows, ridge penalty {fitted.penalty:g} of the mean eigenvalue, {how}."
    notes = (said, *notes)
    if budget.spent:
        notes += (f"The time of {budget.seconds:g} s was up before all windows were counted: the oldest are not among them.",)
    return Guarded(_Linear(fitted, filled, season_length), series, season_length, notes=notes)


class _Linear:
    """A linear map and the last values, gaps filled."""

    def __init__(self, fitted: LinearMap, filled: Floats, season_length: int) -> None:
        self._fitted = fitted
        self._season_length = season_length
        self._kept = max(fitted.context_length, season_length)
        self._last = filled[-self._kept :]
        self._farthest = fitted.horizon

    @property
    def notes(self) -> tuple[str, ...]:
        planned = self._fitted.horizon
        if self._farthest <= planned:
            return ()
        return (f"It was fitted to forecast {planned} step{'s' if planned > 1 else ''}; what lies farther reads its own forecasts.",)

    def forecast(self, horizon: int) -> Floats:
        self._farthest = max(self._farthest, horizon)
        length, planned = self._fitted.context_length, self._fitted.horizon
        known = self._last[-length:]
        for _ in range(0, horizon, planned):
            known = np.append(known, self._fitted.predict(known[None, -length:])[0])
        return known[length : length + horizon]

    def deviation(self, horizon: int) -> None:
        """It has no formula for its errors."""

    def update(self, values: Floats) -> None:
        joined = np.append(self._last, values)
        self._last = fill_causally(joined, self._season_length)[-self._kept :]


def _lengths(rows: int, season_length: int, plan: FitPlan) -> tuple[int, int, tuple[str, ...]]:
    """Horizon and context of the map, at least two windows of context length left to fit to; and what to say."""
    notes: tuple[str, ...] = ()
    horizon = min(plan.horizon, rows // 4)
    wanted = plan.context_length or min(max(2 * season_length, 2 * horizon, SHORTEST_CONTEXT), LONGEST_CONTEXT)
    context_length = min(wanted, (rows - horizon) // 3)
    if plan.context_length and context_length < plan.context_length:
        notes += (f"The context was cut from {plan.context_length} to {context_length} steps: the history has {rows} rows.",)
    return horizon, context_length, notes
