r"""The Theta method through statsmodels: half a straight line, half simple exponential smoothing, season taken out.

Assimakopoulos & Nikolopoulos (2000), The theta model, International Journal of Forecasting 16; winner of the M3
competition. With slope :math:`b_0`, weight :math:`\alpha` and level :math:`\ell_n` after n values,
:math:`\hat y_{n+h} = \tfrac12 b_0 \left[h - 1 + \tfrac1\alpha - \tfrac{(1-\alpha)^n}{\alpha}\right] + \ell_n`,
times or plus the seasonal figure.
"""

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.forecasting.theta import ThetaModel

from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.smoothing import SmoothingState
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["fit_theta"]

Floats = npt.NDArray[np.float64]

SHORTEST_HISTORY = 5


def fit_theta(y: npt.ArrayLike, season_length: int) -> Baseline:
    """Fit the Theta method, with a season if statsmodels' test finds one.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none; of any length.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_theta([10, 11, 13, 12, 15, 14, 17, 16.0], 1)
        >>> bool(15 < model.forecast(1)[0] < 18)
        True
    """
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

    def __init__(self, model: ThetaModel, results: object, history: Floats) -> None:
        slope, alpha = (float(p) for p in results.params)  # type: ignore[attr-defined]
        components = results.forecast_components(model.period)  # type: ignore[attr-defined]
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

    def forecast(self, horizon: int) -> Floats:
        alpha = self._state.alpha
        steps = np.arange(horizon, dtype=float)
        if alpha > 0:
            steps += 1 / alpha - (1 - alpha) ** self._seen / alpha
        line = self._slope * steps / 2
        season = self._state.season_ahead(horizon)
        return (self._state.level + line) * season if self._multiplicative else self._state.level + line + season

    def update(self, values: Floats) -> None:
        for value in values.tolist():
            self._state.step(value)
        self._seen += values.size
