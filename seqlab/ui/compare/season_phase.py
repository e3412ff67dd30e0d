"""Which season a row belongs to: its hour, weekday or month where it has a date, else its phase in the season."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["SeasonWay", "season_phases"]

MOST_PHASES = 60
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonWay:
    """One way to group rows.

    Args:
        name: what a phase is called.
        phases: (row,) phase of each row.
        labels: phase → its name on the screen.
    """

    name: str
    phases: npt.NDArray[np.int64]
    labels: dict[int, str]


def season_phases(index: pd.Index, rows: npt.NDArray[np.int64], season_length: int) -> tuple[SeasonWay, ...]:
    """The groupings that tell rows apart, the finest first; none if there is neither a season nor a date.

    Args:
        index: (time,) dates or row numbers of the whole series.
        rows: row numbers to group.
        season_length: m, 1 if there is no season.

    Example:
        >>> index = pd.date_range("2024-01-01", periods=96, freq="h")
        >>> [way.name for way in season_phases(index, np.arange(24, 96), 24)]
        ['hour', 'weekday']
    """
    ways = []
    if isinstance(index, pd.DatetimeIndex):
        dates = index[rows]
        for name, phases, labels in (
            ("hour", dates.hour, {hour: f"{hour:02d}" for hour in range(24)}),
            ("weekday", dates.day_of_week, dict(enumerate(WEEKDAYS))),
            ("month", dates.month, dict(enumerate(MONTHS, start=1))),
        ):
            found = np.asarray(phases, dtype=np.int64)
            if len(np.unique(found)) > 1 and not _follows_from_rows(name, index):
                ways.append(SeasonWay(name=name, phases=found, labels=labels))
    if not ways and 1 < season_length <= MOST_PHASES:
        place = np.asarray(rows % season_length, dtype=np.int64)
        ways.append(SeasonWay(name="step of the season", phases=place, labels={phase: str(phase + 1) for phase in range(season_length)}))
    return tuple(ways)


def _follows_from_rows(name: str, index: pd.DatetimeIndex) -> bool:
    """Whether the grouping means nothing for rows this far apart: the weekday of a month's first day."""
    if name != "weekday" or len(index) < 2:
        return False
    return bool(np.median(np.diff(index.to_numpy()).astype("timedelta64[s]").astype(np.int64)) > 4 * 24 * 3600)
