"""How many steps a season has."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["best_season", "possible_seasons"]

DAY = 86_400.0
LAGS_LOOKED_AT = 12


def possible_seasons(index: pd.Index, frequency: str | None) -> tuple[int, ...]:
    """Steps per day, week and year that rows this far apart may have.

    Example:
        >>> possible_seasons(pd.date_range("2024-01-01", periods=100, freq="h"), "h")
        (24, 168)
        >>> possible_seasons(pd.RangeIndex(100), None)
        ()
    """
    if not isinstance(index, pd.DatetimeIndex) or frequency is None or len(index) < 2:
        return ()
    if frequency == "B":
        return (5,)
    seconds = float(np.median(np.diff(index.to_numpy().astype("datetime64[us]").astype(np.int64)))) / 1e6
    if seconds < 27 * DAY:
        spans = [DAY, 7 * DAY] if seconds < DAY else [7 * DAY, 365 * DAY] if seconds < 6 * DAY else [365 * DAY]
        steps = [span / seconds for span in spans]
        # Weeks and days need not divide a year exactly; a day must hold a whole number of steps.
        seasons = [round(step) for span, step in zip(spans, steps, strict=True) if span == 365 * DAY or abs(step - round(step)) < 1e-9]
    else:
        seasons = [round(365.25 * DAY / seconds)]
    return tuple(season for season in seasons if season > 1)


def best_season(values: npt.NDArray[np.float64], candidates: Sequence[int]) -> int:
    """The candidate at which the series repeats most nearly, or 1 if none is worth it.

    A season is worth it if the value one season ago is at least 5 % nearer than the last observed one, on
    average over the steps of a whole season. Only the first 70 % of the rows are looked at, and a season
    must fit into them twice.

    Args:
        values: (time,) NaN where missing.
        candidates: seasons in steps.

    Example:
        >>> best_season(np.tile([1.0, 5.0, 9.0], 20), (2, 3, 4))
        3
        >>> best_season(np.arange(60.0), (2, 3, 4))
        1
    """
    head = values[: int(0.7 * len(values))]
    best, smallest = 1, float("inf")
    for season in candidates:
        if 2 * season > len(head):
            continue
        # A few steps spread over the season tell enough about the last value's error.
        steps = np.unique(np.linspace(1, season, min(season, LAGS_LOOKED_AT)).round().astype(int))
        last = float(np.mean([_mean_change(head, int(step)) for step in steps]))
        error = _mean_change(head, season)
        if error < min(0.95 * last, smallest):
            best, smallest = season, error
    return best


def _mean_change(values: npt.NDArray[np.float64], lag: int) -> float:
    """Mean distance between values ``lag`` steps apart; infinite if no two are observed."""
    changes = np.abs(values[lag:] - values[:-lag])
    observed = changes[~np.isnan(changes)]
    return float(observed.mean()) if len(observed) else float("inf")
