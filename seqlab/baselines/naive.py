r"""The four forecasts nobody needs a library for: mean, last value, last season, straight line.

Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.2.
They remember all they were shown, so following new values equals fitting to the longer history.

Deviations are those of their table 5.2, with the variance :math:`\hat\sigma^2` (5.4) of the errors in the history of n values:
mean :math:`\hat\sigma \sqrt{1 + 1/n}`, naive and seasonal naive :math:`\hat\sigma \sqrt{\lceil h/m \rceil}`,
drift :math:`\hat\sigma \sqrt{h (1 + h/(n-1))}`. A step since the last observation counts as one more step ahead.
"""

import math
from typing import Self

import numpy as np
import numpy.typing as npt

from seqlab.baselines.interface import checked_series, checked_values
from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan

__all__ = ["Drift", "Mean", "SeasonalNaive", "fit_drift", "fit_mean", "fit_naive", "fit_seasonal_naive"]

Floats = npt.NDArray[np.float64]


class _Spread:
    """Mean and squared deviations of numbers that keep coming (Chan, Golub & LeVeque 1983); NaN is left out."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self._squares = 0.0  # around their own mean

    def add(self, values: Floats) -> None:
        seen = values[~np.isnan(values)]
        if not seen.size:
            return
        mean, total = float(seen.mean()), self.count + seen.size
        apart = mean - self.mean
        self._squares += float(((seen - mean) ** 2).sum()) + apart**2 * self.count * seen.size / total
        self.mean += apart * seen.size / total
        self.count = total

    def deviation(self, around: float, parameters: int) -> float | None:
        """Root of the mean square around a number, with so many degrees of freedom gone; None if none is left."""
        if self.count <= parameters:
            return None
        return math.sqrt((self._squares + self.count * (self.mean - around) ** 2) / (self.count - parameters))


class Mean:
    """The mean of all observed values."""

    notes: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._values = _Spread()

    def forecast(self, horizon: int) -> Floats:
        """(horizon,): the mean, every step."""
        return np.full(horizon, self._values.mean)

    def deviation(self, horizon: int) -> Floats | None:
        """(horizon,): see the top of this file."""
        sigma = self._values.deviation(self._values.mean, 1)
        return None if sigma is None else np.full(horizon, sigma * math.sqrt(1 + 1 / self._values.count))

    def update(self, values: npt.ArrayLike) -> None:
        """Take new values into the mean."""
        self._values.add(checked_values(values))


class SeasonalNaive:
    """Each step repeats the last observed value of the same phase of the season; a season of 1 is the naive forecast.

    A phase that was never observed gets the last observed value of any phase.
    """

    def __init__(self, season: Floats, last: float) -> None:
        self._season = season  # season[k] is the latest observation of the phase that comes k steps ahead
        self._age = np.zeros(season.size)  # seasons for which that phase has not been observed
        self._recent = np.full(season.size, np.nan)  # the last season as it was, gaps included
        self._last = last
        self._errors = _Spread()

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

    def deviation(self, horizon: int) -> Floats | None:
        """(horizon,): see the top of this file; None while a phase was never observed."""
        sigma = self._errors.deviation(0.0, 0)
        if sigma is None or np.isnan(self._season).any():
            return None
        steps = np.arange(horizon)
        seasons = 1 + steps // self._season.size + self._age[steps % self._season.size]
        ahead: Floats = sigma * np.sqrt(seasons)
        return ahead

    def update(self, values: npt.ArrayLike) -> None:
        """Remember the latest observation of every phase."""
        new = checked_values(values)
        period = self._season.size
        observed = np.flatnonzero(~np.isnan(new))
        shown = np.concatenate([self._recent, new])
        self._errors.add(shown[period:] - shown[:-period])
        self._recent = shown[-period:]
        # Later assignments win, so every phase ends with its latest observation.
        self._season[observed % period] = new[observed]
        self._season = np.roll(self._season, -(new.size % period))
        passed = np.bincount(np.arange(new.size) % period, minlength=period)
        self._age += passed
        self._age[observed % period] = passed[observed % period] - observed // period - 1
        self._age = np.roll(self._age, -(new.size % period))
        if observed.size:
            self._last = float(new[observed[-1]])


class Drift:
    """A straight line through the first and the last observed value."""

    notes: tuple[str, ...] = ()

    def __init__(self, first: float) -> None:
        self._changes = _Spread()
        self._recent = np.array([np.nan])  # the last value as it was, a gap included
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

    def deviation(self, horizon: int) -> Floats | None:
        """(horizon,): see the top of this file."""
        sigma = self._changes.deviation(self.slope, 1)
        if sigma is None:
            return None
        steps = np.arange(self._steps, self._steps + horizon, dtype=np.float64) - self._last_step
        ahead: Floats = sigma * np.sqrt(steps * (1 + steps / self._last_step))
        return ahead

    def update(self, values: npt.ArrayLike) -> None:
        """Draw the line to the latest observation."""
        new = checked_values(values)
        shown = np.concatenate([self._recent, new])
        self._changes.add(np.diff(shown))
        self._recent = shown[-1:]
        observed = np.flatnonzero(~np.isnan(new))
        if observed.size:
            self._last = float(new[observed[-1]])
            self._last_step = self._steps + int(observed[-1])
        self._steps += new.size


def fit_mean(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Mean:
    """Forecasts the mean of all observed values.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_mean([1, 2, 6], 1).forecast(2)
        array([3., 3.])
    """
    del plan
    model = Mean()
    model.update(checked_series(y, season_length))
    return model


def fit_naive(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> SeasonalNaive:
    """Repeats the last observed value, whatever the season.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_naive([1, 2, 5], 2).forecast(3)
        array([5., 5., 5.])
    """
    del plan
    return SeasonalNaive.fit(checked_series(y, season_length), 1)


def fit_seasonal_naive(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> SeasonalNaive:
    """Repeats the last season.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_seasonal_naive([1, 2, 5], 2).forecast(3)
        array([2., 5., 2.])
    """
    del plan
    return SeasonalNaive.fit(y, season_length)


def fit_drift(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Drift:
    """Continues the line from the first to the last observed value.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> fit_drift([1, 2, 5], 1).forecast(2)
        array([7., 9.])
    """
    del plan
    values = checked_series(y, season_length)
    model = Drift(float(values[0]))
    model.update(values)
    return model
