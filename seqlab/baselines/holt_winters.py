"""Holt–Winters through statsmodels: level, slope and season, the season added or multiplied.

Holt (1957) and Winters (1960). The first level, slope and season come from statsmodels' heuristic, so only three weights
are estimated and a season of any length can be carried. Of the two forms, the one with the better AICc is kept.
Forecasts are ours: up to version 0.15, statsmodels' own forget the season's last update at every m-th step (its issue
9538, mended since); they agree with its ``simulate`` without shocks.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from seqlab.baselines.exponential import fitted, state_of
from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, Budget, FitPlan, OutOfTimeError
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["LONGEST_HISTORY", "fit_holt_winters"]

Floats = npt.NDArray[np.float64]

LONGEST_HISTORY = 4_000
SHORTEST_HISTORY = 10  # what the heuristic for the first level and slope needs
FORMS = {"add": "added", "mul": "multiplied"}


def fit_holt_winters(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit Holt–Winters with an added season and, where all values are above zero, with a multiplied one.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season; without one, or with a history too short for it, it is Holt's trend.
        plan: how long both fits together may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_holt_winters([v * (1 + v % 4) for v in range(1, 41)], 4)
        >>> model.notes
        ('The season is multiplied, chosen by AICc.',)
        >>> model.forecast(4).round()
        array([ 82., 126., 172.,  44.])
    """
    budget = plan.start()
    series = checked_series(y, season_length)
    notes = gap_note(series, season_length)
    history = fill_causally(series, season_length)
    if history.size < SHORTEST_HISTORY or np.ptp(history) == 0:
        why = f"the history is constant or has fewer than {SHORTEST_HISTORY} values"
        return naive_instead("Holt-Winters", series, season_length, notes, why)
    longest = max(LONGEST_HISTORY, _enough(season_length))
    if history.size > longest:
        notes += (f"Holt-Winters was fitted to the last {longest:,} of {history.size:,} rows, to stay quick.",)
        history = history[-longest:]
    best, said = _best(history, season_length, budget)
    notes += said
    if best is None:
        return naive_instead("Holt-Winters", series, season_length, notes, "no form could be fitted")
    return Guarded(state_of(best), series, season_length, notes=notes)


def _enough(season_length: int) -> int:
    """Rows that the heuristic for the first season needs."""
    return max(2 * season_length, SHORTEST_HISTORY + 2 * (season_length // 2))


def _forms(history: Floats, season_length: int) -> tuple[str | None, ...]:
    if season_length < 2 or history.size < _enough(season_length):
        return (None,)
    return ("add", "mul") if history.min() > 0 else ("add",)


def _best(history: Floats, season_length: int, budget: Budget) -> tuple[Any, tuple[str, ...]]:
    """The results of the better form, or None; and what to say."""
    best: Any = None
    notes: tuple[str, ...] = ()
    forms = _forms(history, season_length)
    for form in forms:
        model = ExponentialSmoothing(
            history, trend="add", seasonal=form, seasonal_periods=season_length if form else None, initialization_method="heuristic"
        )
        texts: list[str] = []
        who = f"The form with a season that is {FORMS[form]}" if form else "Holt-Winters"
        try:
            with collected_warnings(texts):
                results = fitted(model, budget)
        except OutOfTimeError:
            notes += (f"{who} was given up after {budget.seconds:g} s.",)
            break
        except FIT_ERRORS as error:
            notes += (f"{who} could not be fitted: {error}.",)
            continue
        notes += summary_of(texts, who)
        if np.isfinite(results.sse) and (best is None or results.aicc < best.aicc):
            best = results
    if best is None:
        return None, notes
    chosen = best.model.seasonal
    if chosen is None and season_length > 1:
        rows = _enough(season_length)
        notes = (f"Holt-Winters has no season here: a season of {season_length} steps takes at least {rows} values.", *notes)
    if chosen is not None:
        why = "chosen by AICc" if len(forms) > 1 else "because not all values are above zero"
        notes = (f"The season is {FORMS[chosen]}, {why}.", *notes)
    return best, notes
