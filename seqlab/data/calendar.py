"""Calendar features: what a date alone says about a step, known as far ahead as one likes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Calendar", "calendar_for", "extend_index"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_PER_YEAR = 365.2425


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which calendar features a series has; gives their values for any dates, also those to come.

    Args:
        day: sine and cosine of the time of day.
        weekdays: days of the week with a 0/1 feature each (0 = Monday).
        year: sine and cosine of the time of year.
        note: what was left out, and why; empty if nothing.
    """

    day: bool = False
    weekdays: tuple[int, ...] = ()
    year: bool = False
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in the order of :meth:`values`."""
        day = ("calendar:day_sin", "calendar:day_cos") if self.day else ()
        week = tuple(f"calendar:{WEEKDAYS[number]}" for number in self.weekdays)
        year = ("calendar:year_sin", "calendar:year_cos") if self.year else ()
        return day + week + year

    def values(self, index: pd.Index) -> npt.NDArray[np.float64]:
        """The features at those dates.

        Returns:
            (time, feature) between -1 and 1; sines and cosines complete one turn per day or year.

        Example:
            >>> dates = pd.date_range("2024-01-01", periods=24 * 400, freq="h")
            >>> calendar = calendar_for(dates)
            >>> calendar.values(dates[:1])[0, :3].tolist()
            [0.0, 1.0, 1.0]
        """
        if not isinstance(index, pd.DatetimeIndex) or not self.names:
            return np.empty((len(index), 0))
        days = _days(index)
        columns: list[npt.NDArray[np.float64]] = []
        if self.day:
            phase = 2 * np.pi * (days % 1.0)
            columns += [np.sin(phase), np.cos(phase)]
        weekday = np.asarray(index.day_of_week)
        columns += [(weekday == number).astype(np.float64) for number in self.weekdays]
        if self.year:
            # Day of the year over its length, so that January 1 has the same phase in every year.
            length = np.where(np.asarray(index.is_leap_year), 366.0, 365.0)
            phase = 2 * np.pi * (np.asarray(index.day_of_year) - 1 + days % 1.0) / length
            columns += [np.sin(phase), np.cos(phase)]
        return np.stack(columns, axis=1)


def _days(index: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
    """Days since 1970, with fractions."""
    return index.to_numpy().astype("datetime64[us]").astype(np.int64) / 86_400e6


def calendar_for(index: pd.Index) -> Calendar:
    """The calendar features that fit these rows.

    The time of day comes with rows less than a day apart, the weekdays that occur with rows less than
    a week apart, the time of year with rows less than a year apart that span at least a whole
    year: over less, it would only be another way to number the rows.

    Example:
        >>> calendar_for(pd.date_range("2020-01-01", periods=48, freq="MS")).names
        ('calendar:year_sin', 'calendar:year_cos')
        >>> calendar_for(pd.RangeIndex(10)).note
        'There are no calendar features: the rows have numbers, not dates.'
    """
    if not isinstance(index, pd.DatetimeIndex):
        return Calendar(note="There are no calendar features: the rows have numbers, not dates.")
    days = _days(index)
    spacing = float(np.median(np.diff(days))) if len(days) > 1 else DAYS_PER_YEAR
    spans_year = days[-1] - days[0] >= DAYS_PER_YEAR - spacing - 1
    weekdays = tuple(int(number) for number in np.unique(index.day_of_week)) if spacing < 6.5 else ()
    note = ""
    if spacing >= 360:
        note = "There are no calendar features: the rows are a year or more apart."
    elif not spans_year:
        note = f"The time of year is left out of the calendar features: the rows span only {days[-1] - days[0]:.0f} days."
    return Calendar(day=spacing < 0.99, weekdays=weekdays, year=spans_year and spacing < 360, note=note)


def extend_index(index: pd.Index, frequency: str | None, steps: int) -> pd.Index:
    """The ``steps`` rows that follow the last one.

    Example:
        >>> [date.day for date in extend_index(pd.date_range("2024-05-30", periods=2, freq="B"), "B", 2)]
        [3, 4]
        >>> list(extend_index(pd.RangeIndex(5), None, 2))
        [5, 6]
    """
    if not isinstance(index, pd.DatetimeIndex) or frequency is None:
        first = int(index[-1]) + 1 if not isinstance(index, pd.DatetimeIndex) else len(index)
        return pd.RangeIndex(first, first + steps)
    # Two spare dates: the range may begin with the last row itself, or with the date after it.
    later = pd.date_range(index[-1], periods=steps + 1, freq=frequency)
    return later[later > index[-1]][:steps]
