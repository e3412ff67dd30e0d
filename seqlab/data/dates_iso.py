"""Dates: read one as people write it, write it as ISO 8601 has it ("March 5, 1998" becomes "1998-03-05")."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.held_out import PARTS, part_of
from seqlab.data.tokens import TokenDataset, Tokens
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry

__all__ = ["FORMATS", "DatesOptions", "dates_iso", "draw_dates", "written_date"]

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FORMATS = (
    "{month} {day}, {year}",
    "{day} {month} {year}",
    "{day}{th} of {month} {year}",
    "{short} {day}, {year}",
    "{day} {short} {year}",
    "{weekday}, {month} {day}, {year}",
    "{weekday} {day} {month} {year}",
    "{number}/{day}/{year}",
    "{day}.{number}.{year}",
    "{year}, {month} {day}",
)

FIRST, LAST = date(1900, 1, 1).toordinal(), date(2099, 12, 31).toordinal()
HELD_OUT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesOptions(Config):
    """How many dates are made."""

    sequences: int = number_field(3_000, "Training dates per epoch", "Every epoch draws as many new ones.", 10, 100_000, 500)
    seed: int = number_field(0, "Seed", "Another seed gives other dates.", 0, 2**31 - 1, 1)


def written_date(day: date, form: str) -> str:
    """A date in one of :data:`FORMATS`, in English whatever the machine speaks.

    Example:
        >>> [written_date(date(1998, 3, 5), form) for form in FORMATS[2:6]]
        ['5th of March 1998', 'Mar 5, 1998', '5 Mar 1998', 'Thursday, March 5, 1998']
    """
    month = MONTHS[day.month - 1]
    ending = "th" if day.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    weekday = WEEKDAYS[day.weekday()]
    return form.format(month=month, short=month[:3], number=day.month, day=day.day, th=ending, year=day.year, weekday=weekday)


def draw_dates(random: np.random.Generator, count: int, part: str) -> tuple[tuple[date, str], ...]:
    """Days of one part, from 1900 to 2099, each with how it is written.

    Args:
        random: the random numbers.
        count: how many.
        part: ``train``, ``validation`` or ``test``. A day is in one part only, however it is written.

    Returns:
        (count,) the day and its text.

    Example:
        >>> draw_dates(np.random.default_rng(0), 1, "train")
        ((datetime.date(2070, 2, 15), 'Saturday 15 February 2070'),)
    """
    found: list[int] = []
    while len(found) < count:
        days = random.integers(FIRST, LAST + 1, 2 * count + 20 if part == "train" else 12 * count)
        found += days[part_of(days) == part].tolist()
    forms = random.integers(0, len(FORMATS), count).tolist()
    days_of = [date.fromordinal(day) for day in found[:count]]
    return tuple((day, written_date(day, FORMATS[form])) for day, form in zip(days_of, forms, strict=True))


def dates_iso(entry: "DatasetEntry", options: DatesOptions) -> TokenDataset:
    """Dates as a data set, after a well-known exercise for networks that write.

    Example:
        >>> from seqlab.data.catalog import DATASETS
        >>> data = dates_iso(DATASETS["dates_iso"], DatesOptions(sequences=10))
        >>> "".join(data.tokens[0]), "".join(data.labels[0])
        ('15 Feb 2070', '2070-02-15')
    """
    counts = dict(zip(PARTS, (options.sequences, HELD_OUT, HELD_OUT), strict=True))
    drawn = {part: draw_dates(np.random.default_rng([options.seed, n]), counts[part], part) for n, part in enumerate(PARTS)}
    plain = _dataset(entry, drawn["train"])
    return replace(
        plain,
        tokens=tuple(tuple(text) for dates in drawn.values() for _, text in dates),
        labels=tuple(_iso(day) for dates in drawn.values() for day, _ in dates),
        parts=tuple(part for part, dates in drawn.items() for _ in dates),
        fresh=lambda random, count: _dataset(entry, draw_dates(random, count, "train")),
    )


NOTES = (
    (
        f"Days from 1900 to 2099, written in one of {len(FORMATS)} ways, are read character by character. With strokes the month comes "
        "first (3/5/1998), with points the day (5.3.1998)."
    ),
    "A day belongs to one part only, in whatever way it is written, so no day of the test part was ever in training.",
)


def _iso(day: date) -> Tokens:
    return tuple(day.isoformat())


def _dataset(entry: "DatasetEntry", dates: tuple[tuple[date, str], ...]) -> TokenDataset:
    return TokenDataset(
        key=entry.key,
        label=entry.label,
        task="translate",
        tokens=tuple(tuple(text) for _, text in dates),
        labels=tuple(_iso(day) for day, _ in dates),
        unit="character",
        target_names=("ISO date",),
        notes=NOTES,
        summary=entry.summary,
        source=entry.source,
        licence=entry.licence,
    )
