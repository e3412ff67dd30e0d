r"""Dynamic harmonic regression: long or several seasons as sines and cosines, what is left as an ARIMA.

.. math::
    y_t = c + \sum_k \left[ a_k \sin(2 \pi f_k t) + b_k \cos(2 \pi f_k t) \right] + u_t, \qquad u_t \sim \text{ARIMA}(p, d, q)

Young, Pedregal & Tych (1999), Dynamic harmonic regression, Journal of Forecasting 18; Hyndman & Athanasopoulos (2021),
Forecasting: Principles and Practice, 3rd ed., section 12.1. The frequencies are chosen in :mod:`seqlab.baselines.fourier`,
the order of the errors as in :mod:`seqlab.baselines.arima`; then statsmodels estimates all weights together by generalised
least squares with the innovations algorithm, which is far quicker than the state-space filter on a long history.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.statespace.sarimax import SARIMAX

from seqlab.baselines.arima import Order, differences, search_order
from seqlab.baselines.fourier import chosen_frequencies, fourier_terms, harmonics_of
from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, Budget, FitPlan, OutOfTimeError
from seqlab.baselines.statespace import FilteredState
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["LONGEST_HISTORY", "MOST_HARMONICS", "fit_harmonic"]

Floats = npt.NDArray[np.float64]

LONGEST_HISTORY = 10_000
LONGEST_SEARCH = 2_000  # rows on which the order of the errors is searched
MOST_HARMONICS = 20
SHORTEST_HISTORY = 20
MOST_ROUNDS = 10
"""Rounds of feasible least squares: weights, then errors, and again; few more change anything."""

TOLERANCE = 1e-3  # of the standard deviation: when weights have settled


def fit_harmonic(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit harmonics of all seasons with ARIMA errors.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none.
        plan: its seasons are used beside ``season_length``; how long the fit may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> wave = 5 * np.sin(np.arange(150) * 2 * np.pi / 30) + np.random.default_rng(0).normal(size=150) / 9
        >>> model = fit_harmonic(wave, 30)
        >>> model.notes[0]
        'Harmonics chosen by AICc: 1 of a season of 30 steps.'
    """
    budget = plan.start()
    series = checked_series(y, season_length)
    notes = gap_note(series, season_length)
    history = fill_causally(series, season_length)
    if history.size < SHORTEST_HISTORY or np.ptp(history) == 0:
        return naive_instead(
            "Harmonic regression", series, season_length, notes, f"the history is constant or has fewer than {SHORTEST_HISTORY} values"
        )
    if history.size > LONGEST_HISTORY:
        notes += (f"It was fitted to the last {LONGEST_HISTORY:,} of {history.size:,} rows, to stay quick.",)
        history = history[-LONGEST_HISTORY:]
    try:
        method, said = _fitted(history, {season_length, *plan.seasons}, budget)
    except (*FIT_ERRORS, OutOfTimeError) as error:
        reason = f"it could not be fitted ({error})" if str(error) else f"its {budget.seconds:g} s were over before anything was fitted"
        return naive_instead("Harmonic regression", series, season_length, notes, reason)
    return Guarded(method, series, season_length, notes=(*said, *notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Regression:
    """Trend and harmonics with their weights."""

    frequencies: tuple[Fraction, ...]
    constant: bool
    drift: bool
    weights: Floats

    def columns(self, start: int, rows: int) -> Floats:
        """(rows, column) from a step on; step 0 is the first of the history."""
        steps = np.arange(start, start + rows, dtype=np.float64)
        trend = [np.ones(rows)] * self.constant + [steps] * self.drift
        return np.column_stack([*trend, fourier_terms(self.frequencies, start, rows)])

    def at(self, start: int, rows: int) -> Floats:
        """(rows,) its values from a step on."""
        return self.columns(start, rows) @ self.weights


class _Harmonic:
    """A regression, and the state of its errors."""

    notes: tuple[str, ...] = ()

    def __init__(self, regression: _Regression, errors: FilteredState, steps: int) -> None:
        self._regression = regression
        self._errors = errors
        self._steps = steps

    def forecast(self, horizon: int) -> Floats:
        return self._regression.at(self._steps, horizon) + self._errors.forecast(horizon)

    def deviation(self, horizon: int) -> Floats:
        return self._errors.deviation(horizon)

    def update(self, values: Floats) -> None:
        self._errors.update(values - self._regression.at(self._steps, values.size))
        self._steps += values.size


def _fitted(history: Floats, seasons: set[int], budget: Budget) -> tuple[_Harmonic, tuple[str, ...]]:
    texts: list[str] = []
    harmonics = harmonics_of(seasons, history.size, min(MOST_HARMONICS, history.size // (8 * len(seasons))))
    budget.check()
    frequencies, rest = chosen_frequencies(history, harmonics)
    start = differences(rest, 1, texts) if np.ptp(rest) > 0 else Order()
    if start.d:
        frequencies, rest = chosen_frequencies(np.diff(history), harmonics)
    budget.say(f"Harmonic regression: {len(frequencies)} harmonics chosen")
    # The rest is differenced already, so the search takes no further differences.
    results, said = search_order(rest[-LONGEST_SEARCH:], replace(start, d=0), budget)
    if results is None:
        raise ValueError(" ".join(said))
    order = Order(p=results.model.order[0], d=start.d, q=results.model.order[2], constant=results.model.trend == "c")
    weights, arma, late = _estimated(history, frequencies, order, budget, texts, np.asarray(results.params[int(order.constant) :]))
    regression = replace(_shape(frequencies, order), weights=weights)
    errors = SARIMAX(history - regression.at(0, history.size), order=(order.p, order.d, order.q), trend="n").filter(arma, cov_type="none")
    name = f"{replace(order, constant=False)}{' with drift' * regression.drift}"
    notes = (_counted(frequencies, seasons), f"Errors: {name}, {said[0].split(', ')[-1]}", *late, *said[1:])
    return _Harmonic(regression, FilteredState(errors), history.size), notes + summary_of(texts, "Harmonic regression")


def _shape(frequencies: tuple[Fraction, ...], order: Order) -> _Regression:
    """The columns that go with an order: a constant for errors around a level, a drift for differenced ones if it pays."""
    return _Regression(frequencies=frequencies, constant=order.d == 0, drift=order.d > 0 and order.constant, weights=np.empty(0))


def _estimated(
    history: Floats, frequencies: tuple[Fraction, ...], order: Order, budget: Budget, texts: list[str], searched: Floats
) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Weights of the regression; AR and MA weights and variance of its errors; what to say.

    What the search found stands in where the joint estimation fails or the time is up: least squares and ``searched``.
    """
    columns = _shape(frequencies, order).columns(0, history.size)
    if not columns.shape[1]:
        return np.empty(0), searched, ()
    try:
        with collected_warnings(texts):
            budget.check()
            model = ARIMA(history, exog=columns, order=(order.p, order.d, order.q), trend="n")
            parameters = np.asarray(
                model.fit(
                    method="innovations_mle",
                    method_kwargs={"minimize_kwargs": {"callback": budget.check}},
                    gls_kwargs={"tolerance": TOLERANCE * float(np.std(history)), "max_iter": MOST_ROUNDS},
                    return_params=True,
                )
            )
        texts[:] = [text for text in texts if "to eliminate integration" not in text]  # differencing is what d = 1 asks for
        return parameters[: columns.shape[1]], parameters[columns.shape[1] :], ()
    except (*FIT_ERRORS, OutOfTimeError) as error:
        why = str(error) or f"the {budget.seconds:g} s were over"
    weights = np.linalg.lstsq(np.diff(columns, n=order.d, axis=0), np.diff(history, n=order.d), rcond=None)[0]
    return np.asarray(weights, dtype=np.float64), searched, (f"Weights and errors were estimated one after the other: {why}.",)


def _counted(frequencies: tuple[Fraction, ...], seasons: set[int]) -> str:
    """How many harmonics each season got."""
    if not frequencies:
        return "No harmonic improves the AICc: what remains is an ARIMA without a season."
    named, left = [], set(frequencies)
    for season in sorted(seasons):
        own = {frequency for frequency in left if (frequency * season).denominator == 1}
        left -= own
        named += [f"{len(own)} of a season of {season} steps"] if own else []
    return f"Harmonics chosen by AICc: {', '.join(named)}."
