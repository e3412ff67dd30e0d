"""The three forecasts nobody needs a library for: last value, last season, straight line.

Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.2.
They remember all they were shown, so following new values equals fitting to the longer history.
"""

from typing import Self

import numpy as np
import numpy.typing as npt

from seqlab.baselines.interface import checked_series, checked_values

__all__ = ["Drift", "SeasonalNaive", "fit_drift", "fit_naive", "fit_seasonal_naive"]

Floats = npt.NDArray[np.float64]


class SeasonalNaive:
    """Each step repeats the last observed value of the same phase of the season; a season of 1 is the naive forecast.

    A phase that was never observed gets the last observed value of any phase.
    """

    def __init__(self, season: Floats, last: float) -> None:
        self._season = season  # season[k] is the latest observation of the phase that comes k steps ahead
        self._last = last

    @classmethod
    def fit(cls, y: npt.ArrayLike, season_length: int) -> Self:
        """See :class:`seqlab.baselines.interface.FitBaseline`."""
        values = checked_series(y, season_length)
        model = cls(np.full(season_length, np.nan), values[0])
        model.update(values)
        return model

    @property
    def notes(self) -> tuple[str, ...]:
        """Says when a phase was never observed."""
        unseen = int(np.isnan(self._season).sum())
        if not unseen:
            return ()
        return (f"{unseen} of {self._season.size} phases of the season were never observed; they repeat the last observed value.",)

    def forecast(self, horizon: int) -> Floats:
        """(horizon,): the last observed value of each step's phase."""
        repeated = self._season[np.arange(horizon) % self._season.size]
        return np.where(np.isnan(repeated), self._last, repeated)

    def update(self, values: npt.ArrayLike) -> None:
        """Remember the latest observation of every phase."""
        new = checked_values(values)
        period = self._season.size
        observed = np.flatnonzero(~np.isnan(new))
        # Later assignments win, so every phase ends with its latest observation.
        self._season[observed % period] = new[observed]
        self._season = np.roll(self._season, -(new.size % period))
        if observed.size:
            self._last = float(new[observed[-1]])


class Drift:
    """A straight line through the first and the last observed value."""

    notes: tuple[str, ...] = ()

    def __init__(self, first: float) -> None:
        self._first = first  # observed at step 0
        self._last = first
        self._last_step = 0
        self._steps = 0

    @property
    def slope(self) -> float:
        """Change per step; 0 while only one value was observed."""
        return (self._last - self._first) / self._last_step if self._last_step else 0.0

    def forecast(self, horizon: int) -> Floats:
        """(horizon,): the line, continued."""
        steps = np.arange(self._steps, self._steps + horizon, dtype=np.float64) - self._last_step
        line: Floats = self._last + self.slope * steps
        return line

    def update(self, values: npt.ArrayLike) -> None:
        """Draw the line to the latest observation."""
        new = checked_values(values)
        observed = np.flatnonzero(~np.isnan(new))
        if observed.size:
            self._last = float(new[observed[-1]])
            self._last_step = self._steps + int(observed[-1])
        self._steps += new.size


def fit_naive(y: npt.ArrayLike, season_length: int) -> SeasonalNaive:
    """Repeats the last observed value, whatever the season.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_naive([1, 2, 5], 2).forecast(3)
        array([5., 5., 5.])
    """
    return SeasonalNaive.fit(checked_series(y, season_length), 1)


def fit_seasonal_naive(y: npt.ArrayLike, season_length: int) -> SeasonalNaive:
    """Repeats the last season.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_seasonal_naive([1, 2, 5], 2).forecast(3)
        array([2., 5., 2.])
    """
    return SeasonalNaive.fit(y, season_length)


def fit_drift(y: npt.ArrayLike, season_length: int) -> Drift:
    """Continues the line from the first to the last observed value.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_drift([1, 2, 5], 1).forecast(2)
        array([7., 9.])
    """
    values = checked_series(y, season_length)
    model = Drift(float(values[0]))
    model.update(values)
    return model
