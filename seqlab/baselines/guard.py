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

    A forecast may leave the range of all values seen so far by at most the width of that range. One that
    goes further, or is not a finite number, is replaced by the seasonal naive forecast of the same origin,
    and :attr:`notes` says how often. The method itself keeps its state and may recover.

    Args:
        method: the fitted method, on seasonally adjusted values if there is a figure.
        history: (time,) what it was fitted to, before any adjustment; NaN where nothing was observed.
        season_length: season of the naive forecast that stands by.
        figure: what is subtracted from values and added to forecasts, standing at the next step.
        notes: what to say from the beginning.
    """

    def __init__(
        self, method: Baseline, history: Floats, season_length: int, *, figure: SeasonalFigure | None = None, notes: tuple[str, ...] = ()
    ) -> None:
        self._method = method
        self._figure = figure
        self._standby = SeasonalNaive.fit(history, season_length)
        self._low = float(np.nanmin(history))
        self._high = float(np.nanmax(history))
        self._notes = notes
        self._replaced = 0
        self._forecasts = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was said at the fit, by the method since, and how many forecasts were replaced."""
        notes = self._notes + self._method.notes
        if self._replaced:
            replaced = f"{self._replaced:,} of {self._forecasts:,} forecasts left the range of the values seen by more than its width"
            notes += (f"{replaced}; the seasonal naive forecast was taken instead.",)
        return tuple(dict.fromkeys(notes))

    def forecast(self, horizon: int) -> Floats:
        """(horizon,): the method's forecast, or the seasonal naive one where it is out of reach."""
        forecast = self._method.forecast(horizon)
        if self._figure is not None:
            forecast = forecast + self._figure.ahead(horizon)
        self._forecasts += 1
        width = self._high - self._low
        if np.isfinite(forecast).all() and forecast.min() >= self._low - width and forecast.max() <= self._high + width:
            return forecast
        self._replaced += 1
        return self._standby.forecast(horizon)

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
            self._method.update(new - self._figure.ahead(new.size))
            self._figure.advance(new.size)


def naive_instead(who: str, series: Floats, season_length: int, notes: tuple[str, ...], reason: str) -> Guarded:
    """The seasonal naive forecast in place of a method that could not be fitted, and a note that says so."""
    said = f"{who} fell back to the seasonal naive forecast: {reason}."
    return Guarded(SeasonalNaive.fit(series, season_length), series, season_length, notes=(*notes, said))
