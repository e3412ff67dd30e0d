r"""Autoregression through statsmodels: a weighted sum of the last p values, p chosen by AIC.

:math:`\hat y_{n+1} = c_{n+1 \bmod m} + \sum_{i=1}^p \phi_i y_{n+1-i}`, by least squares. A season of at most 24 steps has
a constant of its own for each phase if the M4 test finds it; a longer one is taken out before and put back after.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.ar_model import ar_select_order

from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.baselines.seasonal import adjusted, is_seasonal
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["LONGEST_HISTORY", "LONGEST_SEASON", "fit_ar", "most_lags"]

Floats = npt.NDArray[np.float64]

LONGEST_SEASON = 24
LONGEST_HISTORY = 4_000
SHORTEST_HISTORY = 12


def fit_ar(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit the autoregression with the best AIC.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none.
        plan: not used: the search is bounded by the number of lags and rows, half a second at most.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_ar(np.random.default_rng(0).normal(size=300).cumsum(), 1)
        >>> model.notes
        ('AR(1), chosen by AIC among 0 to 24 lags.',)
    """
    del plan
    series = checked_series(y, season_length)
    notes = gap_note(series, season_length)
    history = fill_causally(series, season_length)
    if history.size < SHORTEST_HISTORY or np.ptp(history) == 0:
        why = f"the history is constant or has fewer than {SHORTEST_HISTORY} values"
        return naive_instead("AR", series, season_length, notes, why)
    figure, history, said = adjusted(history, season_length, longest=LONGEST_SEASON)
    notes += said
    if history.size > LONGEST_HISTORY:
        notes += (f"AR was fitted to the last {LONGEST_HISTORY:,} of {history.size:,} rows, to stay quick.",)
        history = history[-LONGEST_HISTORY:]
    if np.ptp(history) == 0:
        return naive_instead("AR", series, season_length, notes, "nothing is left to model once the season is taken out")
    period = season_length if season_length <= LONGEST_SEASON and is_seasonal(history, season_length) else 1
    most = most_lags(history.size, season_length)
    texts: list[str] = []
    try:
        with collected_warnings(texts):
            seasonal = {"seasonal": True, "period": period} if period > 1 else {}
            method = _Autoregression(ar_select_order(history, most, ic="aic", **seasonal).model.fit(), history, period)
    except FIT_ERRORS as error:
        notes += summary_of(texts, "AR")
        return naive_instead("AR", series, season_length, notes, f"statsmodels could not fit it ({error})")
    notes = (f"{method}, chosen by AIC among 0 to {most} lags.", *notes, *summary_of(texts, "AR"))
    return Guarded(method, series, season_length, figure=figure, notes=notes)


def most_lags(rows: int, season_length: int) -> int:
    """How many lags are tried: 10 log10(n), as R's ``ar`` does, and one more than a season; at most a quarter of the rows.

    Example:
        >>> most_lags(1000, 1), most_lags(144, 24), most_lags(30, 12)
        (30, 25, 7)
    """
    season = season_length + 1 if 1 < season_length <= LONGEST_SEASON else 0
    return max(1, min(max(int(10 * np.log10(rows)), season), rows // 4))


class _Autoregression:
    """A fitted AR: a constant per phase and weights of the last values, all kept."""

    notes: tuple[str, ...] = ()

    def __init__(self, results: Any, history: Floats, period: int) -> None:
        params = np.asarray(results.params, dtype=np.float64)
        lags = params.size - period  # the first constant, then how much each other phase differs from it
        self._constants = params[0] + np.concatenate([[0.0], params[1:period]])
        self._weights = params[period:][::-1]  # oldest value first, as in recent
        self._recent = history[history.size - lags :].copy()
        self._phase = history.size % period
        self._variance = float(results.sigma2)
        self._unseen = 0

    def __str__(self) -> str:
        season = f" with a constant for each of {self._constants.size} phases" if self._constants.size > 1 else ""
        return f"AR({self._weights.size}){season}"

    def forecast(self, horizon: int) -> Floats:
        lags = self._weights.size
        path = np.concatenate([self._recent, np.empty(horizon)])
        constants = self._constants[(self._phase + np.arange(horizon)) % self._constants.size]
        for step, constant in enumerate(constants.tolist()):
            path[lags + step] = constant + self._weights @ path[step : lags + step]
        return path[lags:]

    def deviation(self, horizon: int) -> Floats | None:
        """Root of the variance times the sum of squared weights of past shocks; unseen steps count as steps ahead."""
        lags = self._weights.size
        steps = horizon + self._unseen
        psi = np.zeros(lags + steps)
        psi[lags] = 1.0
        for step in range(1, steps):
            psi[lags + step] = self._weights @ psi[step : lags + step]
        ahead: Floats = np.sqrt(self._variance * np.cumsum(psi[lags:] ** 2))
        return ahead[self._unseen :]

    def update(self, values: Floats) -> None:
        """A missing value is taken to be what was forecast for it."""
        for value in values.tolist():
            missing = np.isnan(value)
            self._unseen = self._unseen + 1 if missing else 0
            if self._weights.size:
                self._recent = np.append(self._recent[1:], self.forecast(1) if missing else value)
            self._phase = (self._phase + 1) % self._constants.size
