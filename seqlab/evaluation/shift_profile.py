"""What a forecast resembles: the truth of its own time, or the series some steps earlier."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.records import Forecast

__all__ = ["FEWEST", "ShiftProfile", "shift_profile"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MORE_SHIFTS = 3
MOST_SHIFTS = 120
FEWEST = 5
"""Pairs of values that a judgement needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftProfile:
    r"""What a forecast of one step ahead resembles: the truth of its own time, or an earlier value.

    Shift s compares ŷ of row t with y of row t - s: 0 is the truth it should be, ``step`` the last value known.

    Args:
        step: steps ahead, from 1.
        shifts: (shift,) ascending, from 0.
        distance: (shift,) mean \|ŷ_t - y_{t-s}\| over the origins; NaN where too few values were observed.
        correlation: (shift,) of the movements of ŷ from origin to origin with those of y, s earlier; NaN where there is none.
    """

    step: int
    shifts: Integers
    distance: Floats
    correlation: Floats

    @property
    def nearest(self) -> int:
        """The shift with the smallest distance; -1 if there is none."""
        return int(self.shifts[np.nanargmin(self.distance)]) if np.isfinite(self.distance).any() else -1


def shift_profile(
    forecast: Forecast, values: npt.ArrayLike, *, step: int, season_length: int = 1, target: int = 0, more: int = MORE_SHIFTS
) -> ShiftProfile:
    """Distance and correlation of the forecasts of one step ahead with the truth of that row and of earlier ones.

    Args:
        forecast: from several origins.
        values: (time,) the whole column of the target.
        step: steps ahead, from 1.
        season_length: m; its smallest multiple that was known at the origin is among the shifts.
        target: which target column of the forecast.
        more: shifts beyond the last value known.

    Raises:
        DataError: the forecast has no such step.
    """
    horizon = forecast.y_pred.shape[1]
    if not 1 <= step <= horizon:
        raise DataError(f"There is no step {step}. The forecast has steps 1 to {horizon}.")
    series = np.asarray(values, dtype=np.float64).reshape(-1)
    shifts = np.arange(step + more + 1)
    if len(shifts) > MOST_SHIFTS:
        shifts = np.unique(np.r_[np.linspace(0, step + more, MOST_SHIFTS).round().astype(np.int64), step])
    if season_length > 1:
        shifts = np.unique(np.r_[shifts, season_length * -(-step // season_length)])
    rows = forecast.origins + step - 1
    made = np.asarray(forecast.y_pred[:, step - 1, target], dtype=np.float64)
    compared = [_pair(made, series, rows - shift) for shift in shifts]
    return ShiftProfile(
        step=step,
        shifts=shifts.astype(np.int64),
        distance=np.array([one[0] for one in compared]),
        correlation=np.array([one[1] for one in compared]),
    )


def _pair(made: Floats, series: Floats, rows: Integers) -> tuple[float, float]:
    """Mean distance of forecasts and the values of some rows, and the correlation of their movements from origin to origin."""
    inside = (rows >= 0) & (rows < len(series))
    known = np.where(inside, series[np.where(inside, rows, 0)], np.nan)
    distance = np.abs(made - known)
    distance = distance[np.isfinite(distance)]
    moves = np.stack([np.diff(made), np.diff(known)])
    moves = moves[:, np.isfinite(moves).all(axis=0)]
    enough = moves.shape[1] >= FEWEST and bool((np.ptp(moves, axis=1) > 1e-12 * np.abs(moves).max()).all())
    return (
        float(distance.mean()) if len(distance) >= FEWEST else float("nan"),
        float(np.corrcoef(moves)[0, 1]) if enough else float("nan"),
    )
