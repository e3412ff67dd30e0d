"""Bringing rows with dates into an even step: sorted, one row per time, gaps as rows of missing values."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.errors import ConfigError, DataError

__all__ = ["DUPLICATES", "Regular", "regularise"]

DUPLICATES = {
    "refuse": "Refuse the file",
    "mean": "Use their mean",
    "first": "Keep the first",
    "last": "Keep the last",
}
"""What to do with rows of the same time: stored value → label."""

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
UNITS = ((86_400_000_000, "D"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"), (1, "us"))
MAX_GROWTH = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regular:
    """A table with even steps.

    Args:
        frame: sorted, indexed by dates ``frequency`` apart, or by row numbers if the steps are uneven.
        frequency: pandas offset alias, ``None`` for row numbers.
        notes: sentences about what was done.
    """

    frame: pd.DataFrame = field(repr=False)
    frequency: str | None
    notes: tuple[str, ...]


def regularise(frame: pd.DataFrame, *, duplicates: str = "refuse") -> Regular:
    """Sorts rows by their dates, settles rows of the same time, and adds a row for every date that is missing.

    If the steps are uneven, the rows are numbered instead: nothing is moved or invented.

    Args:
        frame: indexed by dates in any order.
        duplicates: a key of ``DUPLICATES``.

    Raises:
        ConfigError: an unknown way to settle duplicates.
        DataError: there are duplicates and they are to be refused.

    Example:
        >>> dates = pd.DatetimeIndex(["2024-01-01", "2024-01-02", "2024-01-04", "2024-01-05", "2024-01-07"])
        >>> regular = regularise(pd.DataFrame({"x": [1.0, 2.0, 4.0, 5.0, 7.0]}, index=dates))
        >>> regular.frequency, len(regular.frame), int(regular.frame["x"].isna().sum())
        ('D', 7, 2)
    """
    notes: list[str] = []
    frame = _sorted(frame, notes)
    frame = _unique(frame, duplicates, notes)
    index = pd.DatetimeIndex(frame.index)
    frequency, moved = _frequency(index)
    if frequency == "B":
        notes.append("The rows are trading days: weekends and holidays have no row and count as no step.")
    elif frequency is not None:
        if moved is not None:
            notes.append(f"The dates lie on different days of the month; each was moved to the first day of its {moved}.")
            index = index.to_period("M").to_timestamp()
            frame = frame.set_axis(index)
        full = pd.date_range(index[0], index[-1], freq=frequency, name=frame.index.name)
        added = len(full) - len(frame)
        if added:
            notes.append(f"{added} of {len(full)} dates had no row; rows with missing values were added.")
        frame = frame.reindex(full)
    else:
        notes.append(_uneven(index))
        frame = frame.reset_index(drop=True)
    return Regular(frame=frame, frequency=frequency, notes=tuple(notes))


def _sorted(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    if frame.index.is_monotonic_increasing:
        return frame
    backwards = int((np.diff(frame.index.to_numpy()) < np.timedelta64(0)).sum())
    if frame.index.is_monotonic_decreasing:
        notes.append("The rows ran backwards in time; they were turned round.")
    else:
        notes.append(f"The rows were not in time order ({backwards} of {len(frame)} go back in time); they were sorted.")
    return frame.sort_index(kind="stable")


def _unique(frame: pd.DataFrame, duplicates: str, notes: list[str]) -> pd.DataFrame:
    if duplicates not in DUPLICATES:
        raise ConfigError(f"There is no way to settle duplicates called {duplicates!r}. Choose one of: {', '.join(DUPLICATES)}.")
    if frame.index.is_unique:
        return frame
    again = frame.index.duplicated()
    count = int(again.sum())
    if duplicates == "refuse":
        raise DataError(
            f"Of the {len(frame)} rows, {count} repeat the time of a row before them; the first such time is {frame.index[again][0]}. "
            "Each time may occur once. Keep one series in the file, or choose to use the mean, the first or the last of such rows."
        )
    notes.append(
        f"Rows that repeat the time of a row before them: {count}. They were settled by this choice: {DUPLICATES[duplicates].lower()}."
    )
    if duplicates == "mean":
        # The index may hold the same instant many times; missing values do not count in the mean.
        return frame.groupby(level=0).mean()
    return frame[~frame.index.duplicated(keep="first" if duplicates == "first" else "last")]


def _frequency(index: pd.DatetimeIndex) -> tuple[str | None, str | None]:
    """Offset alias of the step, and what the dates must be moved to the start of; None where there is none."""
    if len(index) < 3:
        return None, None
    stamps = index.to_numpy().astype("datetime64[us]").astype(np.int64)
    steps = np.diff(stamps)
    day = UNITS[0][0]
    if steps.min() >= 27 * day:
        return _months(index)
    if (
        not (stamps % day).any()
        and steps.min() == day
        and not (np.asarray(index.day_of_week) >= 5).any()
        and stamps[-1] - stamps[0] >= 14 * day
    ):
        return "B", None
    return _fixed(index, stamps, steps), None


def _fixed(index: pd.DatetimeIndex, stamps: npt.NDArray[np.int64], steps: npt.NDArray[np.int64]) -> str | None:
    usual, counts = np.unique(steps, return_counts=True)
    step = int(usual[counts.argmax()])
    # Mostly one step, all others whole multiples of it, and not more rows to invent than were given.
    if (steps % step).any() or counts.max() < 0.5 * len(steps) or (stamps[-1] - stamps[0]) // step + 1 > MAX_GROWTH * len(index):
        return None
    if step == 7 * UNITS[0][0] and not (stamps % UNITS[0][0]).any():
        return f"W-{WEEKDAYS[index[0].day_of_week]}"
    for size, name in UNITS:
        if step % size == 0:
            return name if step == size else f"{step // size}{name}"
    return None


def _months(index: pd.DatetimeIndex) -> tuple[str | None, str | None]:
    months = np.asarray(index.year) * 12 + np.asarray(index.month) - 1
    steps = np.diff(months)
    if not len(steps) or steps.min() < 1:
        return None, None
    step = math.gcd(*(int(value) for value in steps))
    if (months[-1] - months[0]) // step + 1 > MAX_GROWTH * len(index):
        return None, None
    on_first = bool(np.asarray(index.is_month_start).all())
    on_last = bool(np.asarray(index.is_month_end).all())
    at_midnight = bool((index == index.normalize()).all())
    ends = on_last and at_midnight and not on_first
    anchor = MONTHS[int(index[0].month) - 1]
    start = {1: "MS", 3: f"QS-{anchor}", 12: f"YS-{anchor}"}.get(step, f"{step}MS")
    end = {1: "ME", 3: f"QE-{anchor}", 12: f"YE-{anchor}"}.get(step, f"{step}ME")
    return (end if ends else start), (None if ends or (on_first and at_midnight) else "month")


def _uneven(index: pd.DatetimeIndex) -> str:
    if len(index) < 3:
        return "There are too few rows to see a regular step; the rows are numbered."
    steps = np.diff(index.to_numpy())
    return (
        f"The times are not evenly spaced (steps from {pd.Timedelta(steps.min())} to {pd.Timedelta(steps.max())}), "
        "so the rows are numbered and each counts as one step. If the spacing matters, average the file to a regular step first."
    )
