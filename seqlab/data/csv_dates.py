"""Reading a column of text as dates."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

__all__ = ["DateColumn", "looks_like_time", "read_dates"]

FORMATS = {
    "ISO8601": "year-month-day",
    "%d.%m.%Y": "day.month.year",
    "%d.%m.%Y %H:%M": "day.month.year hour:minute",
    "%d.%m.%Y %H:%M:%S": "day.month.year hour:minute:second",
    "%d/%m/%Y": "day/month/year",
    "%m/%d/%Y": "month/day/year",
    "%d/%m/%Y %H:%M": "day/month/year hour:minute",
    "%m/%d/%Y %H:%M": "month/day/year hour:minute",
    "%d/%m/%Y %H:%M:%S": "day/month/year hour:minute:second",
    "%m/%d/%Y %H:%M:%S": "month/day/year hour:minute:second",
    "%m/%d/%Y %I:%M %p": "month/day/year hour:minute AM/PM",
    "%m/%d/%Y %I:%M:%S %p": "month/day/year hour:minute:second AM/PM",
    "%d-%m-%Y": "day-month-year",
    "%m-%d-%Y": "month-day-year",
    "%d.%m.%y": "day.month.year (two digits)",
    "%d/%m/%y": "day/month/year (two digits)",
    "%m/%d/%y": "month/day/year (two digits)",
    "%d %b %Y": "day month year",
    "%d-%b-%Y": "day-month-year",
    "%b %d, %Y": "month day, year",
    "%d %B %Y": "day month year",
    "%B %d, %Y": "month day, year",
    "%b %Y": "month year",
    "%B %Y": "month year",
    "%b-%Y": "month-year",
    "%m/%Y": "month/year",
}
SAMPLE = 200
PLAIN_NUMBER = re.compile(r"[+-]?\d*[.,]?\d*(?:[eE][+-]?\d+)?")
QUARTER = re.compile(r"(\d{4})[\s\-_/]?[Qq]([1-4])|[Qq]([1-4])[\s\-_/]?(\d{4})")
OFFSET = re.compile(r"\d{2}:\d{2}.*(?:[Zz]|[+-]\d{2}:?\d{2})$")
WORDS = ("date", "time", "datum", "zeit", "timestamp", "month", "year", "day", "week", "quarter", "period", "hour", "monat", "jahr", "tag")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DateColumn:
    """A column read as dates.

    Args:
        dates: (row,) NaT where the cell holds no date.
        format: the way of writing that fits best, in words.
        notes: sentences about choices that were made.
    """

    dates: pd.DatetimeIndex = field(repr=False)
    format: str
    notes: tuple[str, ...] = ()

    @property
    def wrong(self) -> np.ndarray:
        """Rows whose cell holds no date."""
        return np.flatnonzero(np.asarray(self.dates.isna()))

    @property
    def share(self) -> float:
        """Share of the rows that hold a date."""
        return 1.0 - len(self.wrong) / len(self.dates) if len(self.dates) else 0.0


def looks_like_time(name: str) -> bool:
    """Whether a column's name speaks of time.

    Example:
        >>> looks_like_time("Start_Date"), looks_like_time("ds"), looks_like_time("load"), looks_like_time("daylight")
        (True, True, False, False)
    """
    words = re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())
    return any(word in WORDS or word in ("ds", "datetime", "dt", "ts") for word in words)


def read_dates(cells: Sequence[str], name: str = "") -> DateColumn:
    """Reads cells as dates, in the one way of writing that fits most of them.

    Four-digit years, 20240131, 2024Q1 and seconds or milliseconds since 1970 are dates only in a column
    whose name speaks of time: elsewhere they are numbers.

    Args:
        cells: (row,) text.
        name: name of the column.

    Example:
        >>> column = read_dates(["31/12/2023", "01/01/2024"])
        >>> column.dates[1].date().isoformat(), column.format
        ('2024-01-01', 'day/month/year')
    """
    if looks_like_time(name):
        counted = _counted(cells)
        if counted is not None:
            return counted
    text = pd.Series(np.asarray(cells, dtype=object), dtype=object)
    sample = text.iloc[np.unique(np.linspace(0, len(text) - 1, min(SAMPLE, len(text))).astype(int))]
    dated = sum(any(sign.isdigit() for sign in cell) and not PLAIN_NUMBER.fullmatch(cell) for cell in sample)
    if not dated:
        return DateColumn(dates=pd.DatetimeIndex([pd.NaT] * len(text)), format="no dates")
    return _written(text, sample)


def _counted(cells: Sequence[str]) -> DateColumn | None:
    """Dates written as bare numbers or quarters, if every cell is one."""
    for pattern, words, convert in COUNTED:
        if all(pattern.fullmatch(cell) for cell in cells):
            return DateColumn(dates=convert(pd.Series(np.asarray(cells, dtype=object), dtype=object)), format=words)
    return None


def _quarters(text: pd.Series) -> pd.DatetimeIndex:
    parts = [QUARTER.fullmatch(cell) for cell in text]
    firsts = [f"{part[1] or part[4]}-{3 * int(part[2] or part[3]) - 2:02d}-01" for part in parts if part]
    return _parsed(pd.Series(firsts, dtype=object), "%Y-%m-%d")


def _since_1970(text: pd.Series, unit: float) -> pd.DatetimeIndex:
    microseconds = np.round(np.array([float(cell) for cell in text]) * unit).astype(np.int64)
    return pd.DatetimeIndex(microseconds.astype("datetime64[us]"))


def _parsed(text: pd.Series, layout: str) -> pd.DatetimeIndex:
    # utc=True reads offsets of all kinds; times without one stay as they are written.
    return pd.DatetimeIndex(pd.to_datetime(text, format=layout, errors="coerce", utc=True)).tz_localize(None)


COUNTED: tuple[tuple[re.Pattern[str], str, Callable[[pd.Series], pd.DatetimeIndex]], ...] = (
    (re.compile(r"[12]\d{3}"), "year", lambda text: _parsed(text, "%Y")),
    (QUARTER, "year and quarter", _quarters),
    (re.compile(r"[12]\d{3}[01]\d[0-3]\d"), "yearmonthday", lambda text: _parsed(text, "%Y%m%d")),
    (re.compile(r"\d{9,10}(?:\.\d+)?"), "seconds since 1970", lambda text: _since_1970(text, 1e6)),
    (re.compile(r"\d{12,13}"), "milliseconds since 1970", lambda text: _since_1970(text, 1e3)),
)


def _written(text: pd.Series, sample: pd.Series) -> DateColumn:
    """The way of writing that fits most cells; between two that fit alike, the one with the more even steps."""
    fits = {layout: _count(_parsed(sample, layout)) for layout in FORMATS}
    best = max(fits.values())
    candidates = [(layout, _parsed(text, layout)) for layout, count in fits.items() if count == best and count]
    if not candidates:
        return DateColumn(dates=pd.DatetimeIndex([pd.NaT] * len(text)), format="no dates")
    most = max(_count(dates) for _, dates in candidates)
    alike = [(layout, dates) for layout, dates in candidates if _count(dates) == most]
    layout, dates = min(alike, key=lambda candidate: _unevenness(candidate[1]))
    notes = []
    if {"%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"} & {other for other, _ in alike} and len(alike) > 1:
        notes.append(f"The dates fit two ways of writing; they were read as {FORMATS[layout]}, which gives the more even steps.")
    if any(OFFSET.search(cell) for cell in sample):
        notes.append("The times carry an offset; they were brought to UTC.")
    return DateColumn(dates=dates, format=FORMATS[layout], notes=tuple(notes))


def _count(dates: pd.DatetimeIndex) -> int:
    return int(np.asarray(dates.notna()).sum())


def _unevenness(dates: pd.DatetimeIndex) -> int:
    steps = np.diff(dates[dates.notna()].to_numpy())
    return len(np.unique(steps)) + int((steps < np.timedelta64(0)).sum())
