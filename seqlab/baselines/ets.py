"""Exponential smoothing (ETS) through statsmodels, restricted to forms that cannot explode.

statsmodels' ``ETSModel`` with a multiplicative error can lose its footing completely on real series
(statsmodels issue 8551: errors in the tens of millions when the form is chosen by AIC). So the error is
always additive, the trend none, additive or damped, the season none, additive or (all values above zero)
multiplicative. The form with the best AICc is taken whose in-sample error is no worse than the naive one's,
and :class:`seqlab.baselines.guard.Guarded` caps what it forecasts.

Initial states come from statsmodels' heuristic: estimating them too is far slower, and its optimiser often
stops early with a worse likelihood than the heuristic it started from (seasons of 12 and 24 on the shipped
series). A season above 24 steps is taken out before and put back after.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, Budget, FitPlan, OutOfTimeError
from seqlab.baselines.seasonal import adjusted
from seqlab.baselines.smoothing import SmoothingState
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["LONGEST_HISTORY", "LONGEST_SEASON", "Form", "fit_ets"]

Floats = npt.NDArray[np.float64]

LONGEST_SEASON = 24
LONGEST_HISTORY = 10_000
SHORTEST_HISTORY = 10  # what the heuristic for the initial states needs
WORST_RATIO = 1.05  # one-step RMSE over the naive one's; a little slack because alpha stops at 0.9999


@dataclass(frozen=True, slots=True)
class Form:
    """One member of the ETS family with additive error."""

    trend: str | None
    damped: bool
    seasonal: str | None

    def __str__(self) -> str:
        trend = {None: "N", "add": "Ad" if self.damped else "A"}[self.trend]
        return f"ETS(A,{trend},{ {None: 'N', 'add': 'A', 'mul': 'M'}[self.seasonal] })"


def fit_ets(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit the ETS form with the best AICc.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none.
        plan: how long the search for a form may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_ets([float(v) for v in range(30)], 1)
        >>> [round(float(v), 1) for v in model.forecast(2)]
        [30.0, 31.0]
        >>> model.notes[0]
        'ETS(A,A,N), chosen by AICc.'
    """
    budget = plan.start()
    series = checked_series(y, season_length)
    notes = gap_note(series, season_length)
    history = fill_causally(series, season_length)
    if history.size < SHORTEST_HISTORY or np.ptp(history) == 0:
        return naive_instead("ETS", series, season_length, notes, "the history is constant or has fewer than 10 values")
    figure, history, said = adjusted(history, season_length, longest=LONGEST_SEASON)
    notes += said
    if history.size > LONGEST_HISTORY:
        notes += (f"ETS was fitted to the last {LONGEST_HISTORY:,} of {history.size:,} rows, to stay quick.",)
        history = history[-LONGEST_HISTORY:]
    inner_season = 1 if season_length > LONGEST_SEASON else season_length
    chosen, said = _best_form(history, inner_season, budget)
    notes += said
    if chosen is None:
        why = (
            "no form could be fitted in time" if budget.spent else "no form could be fitted that is at least as good as the naive forecast"
        )
        return naive_instead("ETS", series, season_length, notes, why)
    return Guarded(_state_after(chosen), series, season_length, figure=figure, notes=notes)


def _forms(history: Floats, season_length: int) -> Iterator[Form]:
    """Candidates, the most useful first, because a time budget may end the list."""
    enough = history.size >= max(2 * season_length, 10 + 2 * (season_length // 2))
    seasonals: list[str | None] = [None]
    if season_length > 1 and enough:
        seasonals = ["mul", "add", None] if history.min() > 0 else ["add", None]
    for seasonal in seasonals:
        for trend, damped in (("add", True), ("add", False), (None, False)):
            yield Form(trend, damped, seasonal)


def _best_form(history: Floats, season_length: int, budget: Budget) -> tuple[Any, tuple[str, ...]]:
    """The results of the best form, or None; and what to say about the search."""
    limit = WORST_RATIO * float(np.sqrt(np.mean(np.diff(history) ** 2)))
    best: Any = None
    best_form: Form | None = None
    best_texts: list[str] = []
    other_texts: list[str] = []
    failed: list[str] = []
    notes: tuple[str, ...] = ()
    forms = list(_forms(history, season_length))
    for number, form in enumerate(forms):
        texts: list[str] = []
        try:
            with collected_warnings(texts):
                results = _fit_form(history, form, season_length, budget)
                usable = np.isfinite(results.aicc) and np.sqrt(np.mean(results.resid**2)) <= limit
        except OutOfTimeError:
            notes += (f"The search for an ETS form stopped after {budget.seconds:g} s and {number} of {len(forms)} forms.",)
            break
        except FIT_ERRORS as error:
            failed.append(f"{form} ({error})")
            continue
        budget.say(f"{form}: {number + 1} of {len(forms)} forms tried")
        if usable and (best is None or results.aicc < best.aicc):
            other_texts += best_texts
            best, best_form, best_texts = results, form, texts
        else:
            other_texts += texts
    if failed:
        notes += (f"Could not be fitted: {', '.join(failed)}.",)
    if best is not None:
        notes = (f"{best_form}, chosen by AICc.", *notes)
    return best, notes + summary_of(best_texts, str(best_form)) + summary_of(other_texts, "Another ETS form that was tried")


def _fit_form(history: Floats, form: Form, season_length: int, budget: Budget) -> Any:
    budget.check()
    model = ETSModel(
        history,
        error="add",
        trend=form.trend,
        damped_trend=form.damped,
        seasonal=form.seasonal,
        seasonal_periods=season_length if form.seasonal else None,
        initialization_method="heuristic",
    )
    return model.fit(disp=False, callback=budget.check)


def _state_after(results: Any) -> SmoothingState:
    """The state after the last fitted value."""
    model = results.model
    value = dict(zip(model.param_names, np.asarray(results.params, dtype=float).tolist(), strict=True))
    alpha = value["smoothing_level"]
    multiplicative = model.seasonal == "mul"
    neutral = np.array([1.0 if multiplicative else 0.0])
    return SmoothingState(
        alpha=alpha,
        beta_star=value.get("smoothing_trend", 0.0) / alpha,
        gamma_star=value.get("smoothing_seasonal", 0.0) / (1 - alpha),
        phi=value.get("damping_trend", 1.0),
        level=float(results.level[-1]),
        slope=float(results.slope[-1]) if model.has_trend else 0.0,
        season=np.array(results.season[-model.seasonal_periods :], dtype=float) if model.has_seasonal else neutral,
        multiplicative=multiplicative,
        variance=float(results.mse),
    )
