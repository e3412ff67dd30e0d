"""Keep a fitted method within reach of what was seen; hand over to the seasonal naive forecast beyond it."""

import numpy as np
import numpy.typing as npt

from seqlab.baselines.interface import Baseline, checked_values
from seqlab.baselines.naive import SeasonalNaive
from seqlab.baselines.seasonal import SeasonalFigure

__all__ = ["FIT_ERRORS", "Guarded", "naive_instead"]

Floats = npt.NDArray[np.float64]

# What filters and optimisers throw at data they cannot handle. Whoever catches one says so in its notes.
FIT_ERRORS = (ValueError, ArithmeticError, np.linalg.LinAlgError)


class Guarded:
    """A method with a season taken out before it, put back after it, and a cap on what it may say.

    A forecast may leave the range of all values seen so far by at most the width of that range (or ``reach`` times
    that width). One that goes further, or is not a finite number, is replaced by the seasonal naive forecast of the same origin,
    and :attr:`notes` says how often. The method itself keeps its state and may recover.

    Args:
        method: the fitted method, on seasonally adjusted values if there is a figure.
        history: (time,) what it was fitted to, before any adjustment; NaN where nothing was observed.
        season_length: season of the naive forecast that stands by.
        figure: the season taken out of values and put back into forecasts, standing at the next step.
        notes: what to say from the beginning.
        reach: widths of the range that a forecast may leave it by.
    """

    def __init__(
        self,
        method: Baseline,
        history: Floats,
        season_length: int,
        *,
        figure: SeasonalFigure | None = None,
        notes: tuple[str, ...] = (),
        reach: float = 1.0,
    ) -> None:
        self._method = method
        self._figure = figure
        self._standby = SeasonalNaive.fit(history, season_length)
        self._low = float(np.nanmin(history))
        self._high = float(np.nanmax(history))
        self._notes = notes
        self._reach = reach
        self._replaced = 0
        self._forecasts = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was said at the fit, by the method since, and how many forecasts were replaced."""
        notes = self._notes + self._method.notes
        if self._replaced:
            width = "its width" if self._reach == 1 else f"{self._reach:g} times its width"
            replaced = f"{self._replaced:,} of {self._forecasts:,} forecasts left the range of the values seen by more than {width}"
            notes += (f"{replaced}; the seasonal naive forecast was taken instead.",)
        return tuple(dict.fromkeys(notes))

    def forecast(self, horizon: int) -> Floats:
        """(horizon,): the method's forecast, or the seasonal naive one where it is out of reach."""
        forecast = self._said(horizon)
        self._forecasts += 1
        if self._within_reach(forecast):
            return forecast
        self._replaced += 1
        return self._standby.forecast(horizon)

    def deviation(self, horizon: int) -> Floats | None:
        """(horizon,): that of the method, or of the seasonal naive forecast where that is what :meth:`forecast` gives."""
        if not self._within_reach(self._said(horizon)):
            return self._standby.deviation(horizon)
        deviation = self._method.deviation(horizon)
        if deviation is None or not np.isfinite(deviation).all():
            return None
        return deviation if self._figure is None else self._figure.widened(deviation)

    def update(self, values: npt.ArrayLike) -> None:
        """Move on past new values; the range of values seen grows with them."""
        new = checked_values(values)
        if not new.size:
            return
        self._standby.update(new)
        if not np.isnan(new).all():
            self._low = min(self._low, float(np.nanmin(new)))
            self._high = max(self._high, float(np.nanmax(new)))
        if self._figure is None:
            self._method.update(new)
        else:
            self._method.update(self._figure.taken_out(new))
            self._figure.advance(new.size)

    def _said(self, horizon: int) -> Floats:
        forecast = self._method.forecast(horizon)
        return forecast if self._figure is None else self._figure.put_back(forecast)

    def _within_reach(self, forecast: Floats) -> bool:
        if not np.isfinite(forecast).all():
            return False
        slack = self._reach * (self._high - self._low)
        return bool(forecast.min() >= self._low - slack and forecast.max() <= self._high + slack)


def naive_instead(who: str, series: Floats, season_length: int, notes: tuple[str, ...], reason: str) -> Guarded:
    """The seasonal naive forecast in place of a method that could not be fitted, and a note that says so."""
    said = f"{who} fell back to the seasonal naive forecast: {reason}."
    return Guarded(SeasonalNaive.fit(series, season_length), series, season_length, notes=(*notes, said))
