"""Filling gaps in what the model reads. Targets are never filled: what was not observed is not learned."""

import numpy as np
import numpy.typing as npt

from seqlab.errors import ConfigError
from seqlab.records import SplitBounds

__all__ = ["fill_gaps"]

Values = npt.NDArray[np.float64]


def fill_gaps(values: Values, method: str, season_length: int, bounds: SplitBounds) -> Values:
    """A copy of ``values`` (time, column) without gaps.

    ``previous`` and ``skip`` repeat the last observed value; ``seasonal`` repeats the value one season
    earlier, or the last one where that is unknown too; ``interpolate`` draws a straight line, but never
    to a value of a later part: up to the end of its own part only, so that training sees nothing of
    the validation part and validation nothing of the test part. A gap at the very start has nothing before it and becomes
    the mean of the column over the training part.

    Raises:
        ConfigError: no such method.

    Example:
        >>> bounds = SplitBounds(train_end=4, validation_end=5, end=6)
        >>> series = np.array([[np.nan], [2.0], [np.nan], [4.0], [np.nan], [6.0]])
        >>> fill_gaps(series, "previous", 1, bounds).ravel().tolist()
        [3.0, 2.0, 2.0, 4.0, 4.0, 6.0]
        >>> fill_gaps(series, "interpolate", 1, bounds).ravel().tolist()
        [3.0, 2.0, 3.0, 4.0, 4.0, 6.0]
    """
    if method not in ("previous", "seasonal", "interpolate", "skip"):
        raise ConfigError(f"There is no way to fill gaps called {method!r}. Choose one of: previous, seasonal, interpolate, skip.")
    filled = values.copy()
    for column in np.flatnonzero(np.isnan(values).any(axis=0)):
        series = filled[:, column]
        start = _training_mean(series[: bounds.train_end])
        if method == "seasonal":
            _repeat_season(series, season_length, start)
        elif method == "interpolate":
            _draw_lines(series, bounds)
        _repeat_last(series, start)
    return filled


def _training_mean(training: Values) -> float:
    observed = training[~np.isnan(training)]
    return float(observed.mean()) if len(observed) else 0.0


def _repeat_last(series: Values, start: float) -> None:
    gaps = np.isnan(series)
    rows = np.where(gaps, -1, np.arange(len(series)))
    last = np.maximum.accumulate(rows)
    series[gaps] = np.where(last >= 0, series[last], start)[gaps]


def _repeat_season(series: Values, season_length: int, start: float) -> None:
    # In time order, so that a gap longer than a season repeats what was filled before.
    for row in np.flatnonzero(np.isnan(series)):
        if row >= season_length:
            series[row] = series[row - season_length]
        else:
            series[row] = series[row - 1] if row else start


def _draw_lines(series: Values, bounds: SplitBounds) -> None:
    observed = np.flatnonzero(~np.isnan(series))
    if not len(observed):
        return
    original = series[observed]
    for part in ("train", "validation", "test"):
        start, end = bounds.rows(part)
        gaps = start + np.flatnonzero(np.isnan(series[start:end]))
        known = observed < end
        if known.any():
            # A gap before the first observed value keeps NaN here; the caller fills it without looking ahead.
            series[gaps] = np.interp(gaps, observed[known], original[known], left=np.nan)
