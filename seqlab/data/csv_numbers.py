"""Reading a column of text as numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["NumberColumn", "decimal_commas", "read_numbers"]

MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "missing", "#div/0!", "#value!"))
TRUTH = {"true": "1", "false": "0"}

DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
GROUPED_POINT = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumberColumn:
    """A column read as numbers.

    Args:
        values: (row,) NaN where the cell is empty or holds no number; infinities are kept.
        wrong: rows whose cell holds something that is no number.
        rewritten: how the text had to be changed to be read ("decimal commas", "thousands separators"), or empty.
    """

    values: npt.NDArray[np.float64] = field(repr=False)
    wrong: npt.NDArray[np.int64] = field(repr=False)
    rewritten: str = ""

    @property
    def observed(self) -> int:
        """Number of cells that hold a number."""
        return int((~np.isnan(self.values)).sum())


def decimal_commas(columns: Sequence[Sequence[str]], separator: str) -> bool:
    """Whether the file writes 1,5 for one and a half. Never so where commas separate the values.

    One column decides: it has a cell with digits after a comma, and every cell fits that way of writing.

    Example:
        >>> decimal_commas([["1,5", "2"]], ";"), decimal_commas([["1,234.5"]], ";"), decimal_commas([["1,5"]], ",")
        (True, False, False)
    """
    if separator == ",":
        return False
    for cells in columns:
        given = [cell for cell in cells if cell.lower() not in MISSING]
        commas = [cell for cell in given if "," in cell]
        if commas and all(DECIMAL_COMMA.fullmatch(cell) or GROUPED_POINT.fullmatch(cell) for cell in commas):
            return True
    return False


def read_numbers(cells: Sequence[str], *, comma: bool = False) -> NumberColumn:
    """Reads cells as numbers; an empty cell, NA, NaN, null and the like are missing, true and false are 1 and 0.

    Args:
        cells: (row,) text.
        comma: whether the file writes decimal commas, see :func:`decimal_commas`.

    Example:
        >>> column = read_numbers(["1", "", "2.5", "oops"])
        >>> column.values.tolist(), column.wrong.tolist()
        ([1.0, nan, 2.5, nan], [3])
        >>> read_numbers(["1.250,5", "7"], comma=True).values.tolist()
        [1250.5, 7.0]
    """
    column = _plain(cells)
    if comma and any("," in cell or GROUPED_POINT.fullmatch(cell) for cell in cells):
        candidate = _plain([cell.replace(".", "").replace(",", ".") if _comma_number(cell) else cell for cell in cells])
        if len(candidate.wrong) <= len(column.wrong):
            return NumberColumn(values=candidate.values, wrong=candidate.wrong, rewritten="decimal commas")
    if len(column.wrong):
        candidate = _plain([cell.replace(",", "") if GROUPED_COMMA.fullmatch(cell) else cell for cell in cells])
        if len(candidate.wrong) < len(column.wrong):
            return NumberColumn(values=candidate.values, wrong=candidate.wrong, rewritten="thousands separators")
    return column


def _comma_number(cell: str) -> bool:
    return bool(DECIMAL_COMMA.fullmatch(cell) or GROUPED_POINT.fullmatch(cell))


def _plain(cells: Sequence[str]) -> NumberColumn:
    try:
        # Most columns are plain numbers and empty cells: ten times faster than looking at every cell.
        return NumberColumn(values=np.array([cell or "nan" for cell in cells], dtype=np.float64), wrong=np.empty(0, dtype=np.int64))
    except ValueError:
        return _by_cell(cells)


def _by_cell(cells: Sequence[str]) -> NumberColumn:
    prepared = np.empty(len(cells), dtype=object)
    for row, cell in enumerate(cells):
        lowered = cell.lower()
        prepared[row] = "nan" if lowered in MISSING else TRUTH.get(lowered, cell)
    values = np.array(pd.to_numeric(pd.Series(prepared, dtype=object), errors="coerce"), dtype=np.float64)
    wrong = np.array([row for row in np.flatnonzero(np.isnan(values)) if prepared[row] != "nan"], dtype=np.int64)
    return NumberColumn(values=values, wrong=wrong)
