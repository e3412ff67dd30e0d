r"""Unobserved components through statsmodels: a level that wanders, a slope, a season that slowly changes.

.. math::
    y_t = \mu_t + \gamma_t + \varepsilon_t, \qquad \mu_{t+1} = \mu_t + \nu_t + \xi_t, \qquad \nu_{t+1} = \nu_t + \zeta_t

A slope that wanders as well (the local linear trend) carries a chance change on for ever, so three calmer forms stand
beside it, and the best AICc decides: the slope fixed; no slope and an autoregression; the slope fixed and an
autoregression. Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter. A season up to 12 steps has one effect
per phase; a longer one is a few sines and cosines (trigonometric), so that the filter stays small. What is fixed in the
season beyond those is taken out before. Missing values stay missing: the Kalman filter steps over them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.statespace.structural import UnobservedComponents

from seqlab.baselines.gaps import fill_causally
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, Budget, FitPlan
from seqlab.baselines.seasonal import adjusted
from seqlab.baselines.statespace import FilteredState, fit_within
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["HARMONICS", "LONGEST_HISTORY", "LONGEST_SEASON", "fit_unobserved_components"]

Floats = npt.NDArray[np.float64]

LONGEST_SEASON = 12
LONGEST_HISTORY = 2_000
HARMONICS = 3  # of each long season
SHORTEST_HISTORY = 10
ENOUGH = 20  # values beyond those that set up the states, to choose among forms


@dataclass(frozen=True, slots=True)
class Form:
    """A level, in statsmodels' words, and the lags of an autoregression beside it."""

    level: str
    lags: int
    words: str


FORMS = (
    Form("lldtrend", 0, "a level that wanders and a fixed slope"),
    Form("llevel", 1, "a level that wanders and an AR(1)"),
    Form("lldtrend", 1, "a level that wanders, a fixed slope and an AR(1)"),
    Form("lltrend", 0, "a level and a slope that wander"),
)
"""In the order they are tried, because a time budget may end the list."""


def fit_unobserved_components(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit level, slope and season by maximum likelihood.

    Args:
        y: (time,) in the data's own units; NaN stays missing.
        season_length: steps of the season, 1 if there is none.
        plan: its seasons are used beside ``season_length``; how long the fit may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_unobserved_components(np.arange(20.0) + np.tile([0.0, 1.0], 10), 2)
        >>> [round(float(v)) for v in model.forecast(2)]
        [20, 22]
    """
    budget = plan.start()
    series = checked_series(y, season_length)
    who = "Unobserved components"
    observed = series[~np.isnan(series)]
    if observed.size < SHORTEST_HISTORY or np.ptp(observed) == 0:
        return naive_instead(
            who, series, season_length, (), f"the history is constant or has fewer than {SHORTEST_HISTORY} observed values"
        )
    gaps = np.isnan(series)
    figure, history, notes = adjusted(fill_causally(series, season_length), season_length, longest=LONGEST_SEASON)
    if history.size > LONGEST_HISTORY:
        notes += (f"{who} were fitted to the last {LONGEST_HISTORY:,} of {history.size:,} rows, to stay quick.",)
        history, gaps = history[-LONGEST_HISTORY:], gaps[-LONGEST_HISTORY:]
    if np.ptp(history) == 0:
        return naive_instead(who, series, season_length, notes, "nothing is left to model once the season is taken out")
    results, said = _best(np.where(gaps, np.nan, history), {season_length, *plan.seasons}, budget)
    if results is None:
        return naive_instead(who, series, season_length, notes + said, "statsmodels could not fit them")
    return Guarded(FilteredState(results), series, season_length, figure=figure, notes=(said[0], *notes, *said[1:]))


def _best(history: Floats, seasons: set[int], budget: Budget) -> tuple[Any, tuple[str, ...]]:
    """The results of the form with the best AICc, or None; and what to say about it."""
    held = sorted(season for season in seasons if season > 1 and 2 * season < history.size)
    short = [season for season in held if season <= LONGEST_SEASON][:1]
    terms = [{"period": season, "harmonics": min(HARMONICS, season // 2)} for season in held if season > LONGEST_SEASON]
    # The first values set up level, slope and season. All forms leave out as many, or their AICc could not be compared.
    burn = 2 + sum(season - 1 for season in short) + sum(2 * term["harmonics"] for term in terms)
    best: Any = None
    chosen, texts, ended = FORMS[0], list[str](), True
    tried = 0
    notes: tuple[str, ...] = ()
    # With few values the AICc says little, so the first form stands alone.
    forms = FORMS if history.size >= burn + ENOUGH else FORMS[:1]
    for form in forms:
        if tried and budget.spent:
            notes += (f"The time of {budget.seconds:g} s was up after {tried} of {len(forms)} forms.",)
            break
        warned: list[str] = []
        tried += 1
        try:
            with collected_warnings(warned):
                model = UnobservedComponents(
                    history,
                    level=form.level,
                    autoregressive=form.lags or None,
                    seasonal=short[0] if short else None,
                    freq_seasonal=terms or None,
                    loglikelihood_burn=burn,
                )
                results, whole = fit_within(model, budget)
        except FIT_ERRORS as error:
            notes += (f"Could not be fitted: {form.words} ({error}).",)
            continue
        if np.isfinite(results.aicc) and (best is None or results.aicc < best.aicc):
            best, chosen, texts, ended = results, form, warned, whole
        budget.say(f"Unobserved components: {tried} of {len(forms)} forms tried")
    if not ended:
        notes += ("Its fit was cut short by the time: the variances are those of its last iteration.",)
    season = [f"a season of {one} steps" for one in short]
    season += [f"{term['harmonics']} harmonics of a season of {term['period']} steps" for term in terms]
    said = f"{', '.join([chosen.words, *season])}; {f'chosen by AICc among {tried} forms' if tried > 1 else 'the only form tried'}."
    return best, (said[0].upper() + said[1:], *notes, *summary_of(texts, "Unobserved components"))
