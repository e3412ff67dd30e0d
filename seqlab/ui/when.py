"""Rows and steps in words: the date of a row, the distance between two rows."""

import pandas as pd

__all__ = ["step_words", "when"]

_UNITS = {
    "min": "minute",
    "s": "second",
    "h": "hour",
    "D": "day",
    "B": "trading day",
    "W": "week",
    "MS": "month",
    "ME": "month",
    "QS": "quarter",
    "QE": "quarter",
    "YS": "year",
    "YE": "year",
}
_LARGER = {"second": (60, "minute"), "minute": (60, "hour"), "hour": (24, "day")}


def when(index: pd.Index, row: int) -> str:
    """The date of a row, with the time where rows have one; ``row 7`` where there are no dates.

    Example:
        >>> when(pd.date_range("1949-01-01", periods=3, freq="MS"), 1)
        'Feb 1949'
    """
    if not isinstance(index, pd.DatetimeIndex):
        return f"row {row:,}"
    stamp = pd.Timestamp(index[row])
    if stamp != stamp.normalize() or _unit(index) in {"min", "s", "h"}:
        return f"{stamp:%Y-%m-%d %H:%M}"
    return f"{stamp:%b %Y}" if _unit(index) in {"MS", "QS", "YS"} else f"{stamp:%Y-%m-%d}"


def _unit(index: pd.DatetimeIndex) -> str:
    if len(index) < 2:
        return ""
    # Two dates tell enough, and stay cheap for long series.
    step = index[1] - index[0]
    if step < pd.Timedelta(days=1):
        return "h"
    return "MS" if step >= pd.Timedelta(days=28) and index[0].day == index[1].day == 1 else "D"


def step_words(frequency: str | None, count: int = 1) -> str:
    """A number of steps in words.

    Args:
        frequency: a pandas offset alias, ``None`` for numbered rows.
        count: how many steps.

    Example:
        >>> step_words("30min"), step_words("QS-JAN"), step_words("30min", 336), step_words(None, 24)
        ('30 minutes', '1 quarter', '7 days', '24 rows')
    """
    if frequency is None:
        return _counted(count, "row")
    offset = pd.tseries.frequencies.to_offset(frequency)
    unit = _UNITS.get(offset.rule_code.partition("-")[0])
    if unit is None:
        return f"{count} × {frequency}"
    number = count * offset.n
    while unit in _LARGER and number % _LARGER[unit][0] == 0:
        size, unit = _LARGER[unit]
        number //= size
    return _counted(number, unit)


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
