"""A CSV file whose columns are known for what they hold: numbers, dates, text, row numbers, nothing."""

import numpy as np
import numpy.typing as npt

from seqlab.data.csv_dates import DateColumn, looks_like_time, read_dates
from seqlab.data.csv_numbers import NumberColumn, decimal_commas, read_numbers
from seqlab.data.csv_text import Source, TextTable, read_text_table
from seqlab.errors import DataError

__all__ = ["KINDS", "ROW_NUMBERS", "CsvTable", "is_constant"]

ROW_NUMBERS = ""
"""Given as the time column, it means: there is none, number the rows."""

KINDS = ("number", "date", "text", "rows", "empty")
"""What a column may hold; ``rows`` means that it only numbers the rows."""

TARGET_NAMES = ("y", "target", "value", "values")
COUNTER_NAMES = ("index", "id", "step", "row", "t")
PARTS_OF_YEAR = {"quarter": 4, "month": 12}


class CsvTable:
    """A CSV file, each column read once.

    Args:
        source: a path, or an open file.

    Raises:
        DataError: the file is no readable table, or its first line holds no names.
    """

    def __init__(self, source: Source) -> None:
        self.text: TextTable = read_text_table(source)
        _check_header(self.text.names)
        comma = decimal_commas(self.text.cells, self.text.separator)
        self._cells = dict(zip(self.text.names, self.text.cells, strict=True))
        self._numbers = {name: read_numbers(cells, comma=comma) for name, cells in self._cells.items()}
        self._dates: dict[str, DateColumn] = {}
        self.kinds = {name: self._kind(name) for name in self.text.names}

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.text.lines)

    def cells(self, name: str) -> list[str]:
        """(row,) the column as text."""
        return self._cells[name]

    def numbers(self, name: str) -> NumberColumn:
        """The column as numbers."""
        return self._numbers[name]

    def dates(self, name: str) -> DateColumn:
        """The column as dates."""
        if name not in self._dates:
            found = read_dates(self._cells[name], name)
            part = self._part_of_year() if found.format == "year" else None
            self._dates[name] = found if part is None else self._joined(name, part)
        return self._dates[name]

    def names(self, kind: str) -> list[str]:
        """The columns of one kind."""
        return [name for name, found in self.kinds.items() if found == kind]

    def shown(self, name: str, rows: npt.NDArray[np.int64]) -> str:
        """The first of some cells and its line, for a message."""
        row = int(rows[0])
        return f"{self._cells[name][row][:60]!r} in line {self.text.lines[row]}"

    def guessed_time(self) -> str:
        """The column that most likely holds the time, ``ROW_NUMBERS`` if none does."""
        dates = self.names("date")
        return next((name for name in dates if looks_like_time(name)), dates[0] if dates else ROW_NUMBERS)

    def guessed_target(self) -> str | None:
        """The column that is most likely to be forecast; ``None`` if no column holds numbers."""
        numbers = self.names("number")
        varying = [name for name in numbers if not is_constant(self._numbers[name].values)]
        likely = [name for name in varying if not looks_like_time(name) and not _counts(self._numbers[name].values)]
        candidates = likely or varying or numbers
        return next((name for name in candidates if name.lower() in TARGET_NAMES), candidates[0] if candidates else None)

    def _part_of_year(self) -> str | None:
        """A column that says which month or quarter of the year a row is."""
        for name, numbers in self._numbers.items():
            last = PARTS_OF_YEAR.get(name.lower())
            if last is not None and bool(np.isin(numbers.values, np.arange(1, last + 1)).all()):
                return name
        return None

    def _joined(self, year: str, part: str) -> DateColumn:
        """Dates from a column of years and one of months or quarters."""
        months_each = 12 // PARTS_OF_YEAR[part.lower()]
        months = months_each * (self._numbers[part].values.astype(int) - 1) + 1
        joined = read_dates([f"{cell}-{month:02d}" for cell, month in zip(self._cells[year], months, strict=True)])
        note = f"The dates are put together from the columns {year!r} and {part!r}."
        return DateColumn(dates=joined.dates, format=f"year and {part.lower()}", notes=(note,))

    def _kind(self, name: str) -> str:
        numbers = self._numbers[name]
        if not numbers.observed and not len(numbers.wrong):
            return "empty"
        by_name = looks_like_time(name)
        if (by_name or len(numbers.wrong)) and self.dates(name).share > 0.5:
            return "date"
        if len(numbers.wrong):
            return "text"
        counter = by_name or name.lower() in COUNTER_NAMES or name.startswith("column ")
        return "rows" if counter and _counts(numbers.values) else "number"


def is_constant(values: npt.NDArray[np.float64]) -> bool:
    """Whether all observed values are the same.

    Example:
        >>> is_constant(np.array([2.0, np.nan, 2.0])), is_constant(np.array([1.0, 2.0]))
        (True, False)
    """
    observed = values[~np.isnan(values)]
    return bool(len(observed) and observed.min() == observed.max())


def _counts(values: npt.NDArray[np.float64]) -> bool:
    """Whether values go up by the same amount from row to row."""
    if len(values) < 2 or not np.isfinite(values).all():
        return False
    steps = np.diff(values)
    return bool(steps.min() > 0 and steps.max() - steps.min() <= 1e-6 * steps.max())


def _check_header(names: tuple[str, ...]) -> None:
    given = [name for name in names if not name.startswith("column ")]
    if given and all(not len(read_numbers([name]).wrong) or read_dates([name]).share == 1.0 for name in given):
        raise DataError(
            f"The first line holds values ({', '.join(repr(name[:30]) for name in given[:4])}), not names. "
            "Add a header line that names every column, such as 'date,value'."
        )
