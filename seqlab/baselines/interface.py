"""What every statistical baseline offers: fit once, forecast, follow new values without fitting again."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.errors import DataError

__all__ = ["Baseline", "FitBaseline", "checked_series", "checked_values"]

Floats = npt.NDArray[np.float64]


class Baseline(Protocol):
    """A fitted statistical forecaster, standing right after the last value it has seen.

    One that is fitted to all targets together (``BaselineEntry.joint``) takes and gives (time, target) where (time,) stands here.
    """

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences to show beside the numbers: what was filled, shortened or replaced, and warnings with their text."""

    def forecast(self, horizon: int) -> Floats:
        """The next ``horizon`` steps after the last value seen.

        Returns:
            (horizon,) in the units of the fitted values.
        """

    def deviation(self, horizon: int) -> Floats | None:
        """How far off the next forecasts are to be expected, by the model's own assumptions.

        Returns:
            (horizon,) standard deviation of the error of each step; ``None`` if the model has no such formula.
        """

    def update(self, values: Floats) -> None:
        """Move on past new values with the parameters kept as they are.

        Args:
            values: (time,) the values that follow the last one seen; NaN where nothing was observed.
        """


class FitBaseline(Protocol):
    """The function that fits a baseline; named by ``BaselineEntry.implementation``."""

    def __call__(self, y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
        """Fit to a history.

        Args:
            y: (time,) in the data's own units, oldest first, NaN where nothing was observed.
            season_length: steps of the season, 1 if there is none.
            plan: what the fit is for, and how long it may take.

        Raises:
            DataError: nothing was observed, a value is infinite, or the shape is not (time,).
        """


def checked_series(y: npt.ArrayLike, season_length: int) -> Floats:
    """A history ready to be fitted: (time,) float64, starting with the first observed value.

    Raises:
        DataError: nothing was observed, a value is infinite, the shape is not (time,), or the season is below 1.

    Example:
        >>> checked_series([float("nan"), 3, 4], 1)
        array([3., 4.])
    """
    values = checked_values(y)
    if season_length < 1:
        raise DataError(f"The season is {season_length} steps. It must be at least 1; 1 means none.")
    observed = np.flatnonzero(~np.isnan(values))
    if not observed.size:
        raise DataError(f"None of the {values.size} values a baseline should be fitted to was observed. Give it at least one.")
    return values[observed[0] :]


def checked_values(values: npt.ArrayLike) -> Floats:
    """Values of one series: (time,) float64, NaN allowed, infinities refused.

    Raises:
        DataError: a value is infinite, or the shape is not (time,).
    """
    array = np.array(values, dtype=np.float64)
    if array.ndim != 1:
        raise DataError(f"A baseline was given an array of shape {array.shape}. It takes one series: shape (time,).")
    if np.isinf(array).any():
        raise DataError(f"A baseline was given {int(np.isinf(array).sum())} infinite values. Mark them as missing (NaN).")
    return array
