r"""The Theta method through statsmodels: half a straight line, half simple exponential smoothing, season taken out.

Assimakopoulos & Nikolopoulos (2000), The theta model, International Journal of Forecasting 16; winner of the M3
competition. With slope :math:`b_0`, weight :math:`\alpha` and level :math:`\ell_n` after n values,
:math:`\hat y_{n+h} = \tfrac12 b_0 \left[h - 1 + \tfrac1\alpha - \tfrac{(1-\alpha)^n}{\alpha}\right] + \ell_n`,
times or plus the seasonal figure.

Hyndman & Billah (2003), Unmasking the Theta method, International Journal of Forecasting 19, show that this is simple
exponential smoothing with a drift, so the error h steps ahead has variance :math:`\sigma^2 (1 + (h-1) \alpha^2)`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter
from statsmodels.tsa.forecasting.theta import ThetaModel

from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.baselines.smoothing import SmoothingState
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["fit_theta"]

Floats = npt.NDArray[np.float64]

SHORTEST_HISTORY = 5


def fit_theta(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit the Theta method, with a season if statsmodels' test finds one.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none; of any length.
        plan: not used: one weight is estimated, in well under a second.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_theta([10, 11, 13, 12, 15, 14, 17, 16.0], 1)
        >>> bool(15 < model.forecast(1)[0] < 18)
        True
    """
    del plan
    series = checked_series(y, season_length)
    notes = gap_note(series, season_length)
    history = fill_causally(series, season_length)
    if history.size < SHORTEST_HISTORY or np.ptp(history) == 0:
        return naive_instead("Theta", series, season_length, notes, "the history is constant or has fewer than 5 values")
    seasonal = season_length > 1 and history.size >= 2 * season_length
    if season_length > 1 and not seasonal:
        notes += (f"Theta has no season here: the history is shorter than two seasons of {season_length} steps.",)
    texts: list[str] = []
    try:
        with collected_warnings(texts):
            model = ThetaModel(history, period=season_length if seasonal else 1, deseasonalize=seasonal)
            results = model.fit()
            method = _Theta(model, results, history)
    except FIT_ERRORS as error:
        return naive_instead("Theta", series, season_length, notes + summary_of(texts, "Theta"), f"statsmodels could not fit it ({error})")
    return Guarded(method, series, season_length, notes=notes + summary_of(texts, "Theta"))


class _Theta:
    """A fitted Theta model: slope, weight and season stay, the level follows new values."""

    notes: tuple[str, ...] = ()

    def __init__(self, model: ThetaModel, results: Any, history: Floats) -> None:
        slope, alpha = (float(p) for p in results.params)
        components = results.forecast_components(model.period)
        self._multiplicative = str(model.method).startswith("mul")
        self._slope = slope
        self._seen = history.size
        # The season is fixed, so it is a smoothing whose season weight is 0.
        self._state = SmoothingState(
            alpha=alpha,
            level=float(components["ses"].iloc[0]),
            season=components["seasonal"].to_numpy(dtype=float).copy(),
            multiplicative=self._multiplicative,
        )
        self._variance = self._error_variance(history)

    def forecast(self, horizon: int) -> Floats:
        line = self._line(self._seen + np.zeros(horizon)) + self._slope * np.arange(horizon) / 2
        season = self._state.season_ahead(horizon)
        return (self._state.level + line) * season if self._multiplicative else self._state.level + line + season

    def deviation(self, horizon: int) -> Floats:
        relative = 1 + np.arange(self._state.unseen, self._state.unseen + horizon) * self._state.alpha**2
        ahead: Floats = np.sqrt(self._variance * relative)
        return ahead * self._state.season_ahead(horizon) if self._multiplicative else ahead

    def update(self, values: Floats) -> None:
        self._state.update(values)
        self._seen += values.size

    def _line(self, seen: Floats) -> Floats:
        """What the line adds to the level one step after so many values."""
        alpha = self._state.alpha
        return self._slope / 2 * (1 - (1 - alpha) ** seen) / alpha if alpha > 0 else np.zeros(seen.size)

    def _error_variance(self, history: Floats) -> float:
        """Mean squared one-step error over the history without its season, which starts at the level of its first value."""
        season = self._state.season[(np.arange(history.size) - history.size) % self._state.season.size]
        rest = history / season if self._multiplicative else history - season
        decay = 1 - self._state.alpha
        level, _ = lfilter([self._state.alpha], [1, -decay], rest[:-1], zi=[decay * rest[0]])
        errors = rest[1:] - level - self._line(np.arange(1.0, history.size))
        return float(np.mean(errors**2))
