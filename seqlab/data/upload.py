"""Any table a stranger brings: looked at, read as a series, or refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.data.csv_dates import looks_like_time
from seqlab.data.csv_table import ROW_NUMBERS, CsvTable, is_constant
from seqlab.data.csv_text import Source
from seqlab.data.regular import DUPLICATES, regularise
from seqlab.data.season import best_season, possible_seasons
from seqlab.data.series import SeriesDataset, missing_notes
from seqlab.data.upload_store import store_upload
from seqlab.errors import ConfigError, DataError

__all__ = [
    "DUPLICATES",
    "INFINITIES",
    "MIN_ROWS",
    "ROW_NUMBERS",
    "ColumnInfo",
    "TableInspection",
    "inspect_table",
    "read_table",
    "store_upload",
]

MIN_ROWS = 20

INFINITIES = {"refuse": "Refuse the file", "missing": "Treat as missing"}
"""What to do with infinite values: stored value → label."""

FIRST_ROWS = 5
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnInfo:
    """What was found out about one column.

    Args:
        name: its name.
        kind: ``"number"``, ``"date"``, ``"text"``, ``"rows"`` (it only numbers the rows) or ``"empty"``.
        missing: number of cells without a value.
        note: why it cannot be used, or how it is written; empty if there is nothing to say.
    """

    name: str
    kind: str
    missing: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInspection:
    """A first look at a table, before anything is chosen.

    Args:
        columns: one entry per column, in order.
        rows: number of rows.
        time: the column that most likely holds the time, ``ROW_NUMBERS`` if none does.
        target: the column that is most likely to be forecast; ``None`` if no column can be.
        times, targets: the columns that may be chosen as either.
        first_rows: the first rows as text, one entry per column.
        notes: sentences about how the file was read.
    """

    columns: tuple[ColumnInfo, ...]
    rows: int
    time: str
    target: str | None
    times: tuple[str, ...]
    targets: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def inspect_table(source: Source) -> TableInspection:
    r"""Looks at a CSV file: its columns, and a guess which one is the time and which the target.

    Args:
        source: a path, or an open file.

    Raises:
        DataError: the file is no readable table.

    Example:
        >>> import io
        >>> look = inspect_table(io.StringIO("day,load\n2024-01-01,5\n2024-01-02,7\n"))
        >>> look.time, look.target, [column.kind for column in look.columns]
        ('day', 'load', ['date', 'number'])
    """
    table = CsvTable(source)
    return TableInspection(
        columns=tuple(_info(table, name) for name in table.kinds),
        rows=len(table),
        time=table.guessed_time(),
        target=table.guessed_target(),
        times=tuple(table.names("date")),
        targets=tuple(table.names("number")),
        first_rows=tuple(zip(*(cells[:FIRST_ROWS] for cells in table.text.cells), strict=True)),
        notes=table.text.notes,
    )


def _info(table: CsvTable, name: str) -> ColumnInfo:
    kind, numbers = table.kinds[name], table.numbers(name)
    missing = int(np.isnan(numbers.values).sum()) - len(numbers.wrong)
    if kind == "date":
        note = f"Dates written as {table.dates(name).format}."
    elif kind == "text":
        note = f"{len(numbers.wrong)} of its {len(table)} values cannot be read as numbers, such as {table.shown(name, numbers.wrong)}."
    elif kind == "number":
        note = f"Written with {numbers.rewritten}." if numbers.rewritten else ""
    else:
        note = {"rows": "It only numbers the rows.", "empty": "It holds no value."}[kind]
    return ColumnInfo(name=name, kind=kind, missing=missing, note=note)


def read_table(
    source: Source,
    *,
    target: str | Sequence[str] | None = None,
    time: str | None = None,
    known_ahead: Sequence[str] = (),
    season_length: int | None = None,
    duplicates: str = "refuse",
    infinities: str = "refuse",
    label: str = "",
) -> SeriesDataset:
    r"""Reads a CSV file with a header line as a series.

    Args:
        source: a path, or an open file.
        target: column or columns to forecast; ``None`` guesses one.
        time: column of dates; ``None`` guesses it, ``""`` numbers the rows.
        known_ahead: columns whose future is known when a forecast is made.
        season_length: steps of the main season; ``None`` tries those that fit the dates.
        duplicates: what to do with rows of the same time, a key of ``DUPLICATES``.
        infinities: what to do with infinite values, a key of ``INFINITIES``.
        label: name on the screen; the file's name if empty.

    Returns:
        The data set; its ``notes`` say what was read, left out, sorted and filled.

    Raises:
        DataError: the file cannot be read or cannot be used; says what was found, and what to do.
        ConfigError: an option out of its range.

    Example:
        >>> import io
        >>> rows = "".join(f"2024-01-{day:02d},{day % 7}\n" for day in range(1, 32))
        >>> data = read_table(io.StringIO("day,load\n" + rows))
        >>> data.targets, data.frequency, data.season_length
        (('load',), 'D', 7)
    """
    if infinities not in INFINITIES:
        raise ConfigError(f"There is no way to handle infinite values called {infinities!r}. Choose one of: {', '.join(INFINITIES)}.")
    table = CsvTable(source)
    notes = list(table.text.notes)
    targets = _chosen_targets(table, target)
    chosen_time = _chosen_time(table, time, targets)
    frame = _frame(table, targets, chosen_time, infinities, notes)
    frequency = None
    if chosen_time == ROW_NUMBERS:
        notes.append("No column of dates is used; the rows are numbered and count as evenly spaced.")
    else:
        notes.extend(table.dates(chosen_time).notes)
        regular = regularise(frame, duplicates=duplicates)
        frame, frequency = regular.frame, regular.frequency
        notes.extend(regular.notes)
    _check_size(frame, targets)
    notes.extend(missing_notes(frame))
    others = tuple(name for name in frame.columns if name not in targets)
    for name in known_ahead:
        if name not in others:
            raise DataError(
                f"The known-ahead covariate {name!r} is no column of numbers beside the target. "
                f"Choose among: {', '.join(others) or 'none'}."
            )
    seasons = tuple(season for season in possible_seasons(frame.index, frequency) if 2 * season <= len(frame))
    season = _season(frame[targets[0]].to_numpy(), seasons, season_length, notes)
    return SeriesDataset(
        label=label or _file_name(source),
        frame=frame,
        targets=targets,
        known_ahead=tuple(known_ahead),
        past=tuple(name for name in others if name not in known_ahead),
        frequency=frequency,
        season_length=season,
        seasons=tuple(sorted({*seasons, season} - {1})) if season > 1 else (),
        notes=tuple(notes),
        summary=f"A table of {len(frame)} rows that you brought.",
        source="Uploaded file",
    )


def _chosen_targets(table: CsvTable, target: str | Sequence[str] | None) -> tuple[str, ...]:
    if target is None:
        guess = table.guessed_target()
        if guess is None:
            raise DataError(_no_numbers(table))
        target = guess
    targets = (target,) if isinstance(target, str) else tuple(target)
    if not targets or len(set(targets)) < len(targets):
        raise ConfigError(f"The targets are {list(targets)!r}. Name at least one column, each once.")
    for name in targets:
        if name not in table.kinds:
            raise DataError(f"There is no column {name!r} in the file. Its columns are: {', '.join(table.kinds)}.")
        column = table.numbers(name)
        if table.kinds[name] == "empty":
            others = ", ".join(table.names("number"))
            raise DataError(
                f"The target {name!r} has no value in any of the {len(table)} rows. Fill it in"
                + (f", or choose another target: {others}." if others else " and give the file again.")
            )
        if len(column.wrong):
            raise DataError(
                f"Of the {len(table)} values of the target {name!r}, {len(column.wrong)} cannot be read as numbers, the first is "
                f"{table.shown(name, column.wrong)}. Replace them by numbers, or empty the cells to mark them as missing."
            )
        if is_constant(column.values):
            value = column.values[~np.isnan(column.values)][0]
            raise DataError(
                f"The target {name!r} is constant: every value is {value:g}, so there is nothing to learn. Choose another target."
            )
    return targets


def _no_numbers(table: CsvTable) -> str:
    found = ", ".join(f"{name!r} ({kind})" for name, kind in list(table.kinds.items())[:6])
    text = next(iter(table.names("text")), None)
    hint = f" The first value of {text!r} that is no number is {table.shown(text, table.numbers(text).wrong)}." if text is not None else ""
    return f"No column holds numbers that could be forecast. Found: {found}.{hint} Give at least one column of numbers."


def _chosen_time(table: CsvTable, time: str | None, targets: tuple[str, ...]) -> str:
    chosen = time if time is not None else table.guessed_time()
    if time is None and chosen == ROW_NUMBERS:
        # A column called "date" that holds no dates is more likely a mistake than a column to ignore.
        chosen = next((name for name in table.names("text") if looks_like_time(name)), ROW_NUMBERS)
    if chosen == ROW_NUMBERS or (time is None and chosen in targets):
        return ROW_NUMBERS
    if chosen not in table.kinds:
        raise DataError(f"There is no column {chosen!r} in the file for the time. Its columns are: {', '.join(table.kinds)}.")
    if chosen in targets:
        raise ConfigError(f"Column {chosen!r} is chosen as the time and as a target. Choose it once.")
    dates = table.dates(chosen)
    if len(dates.wrong):
        raise DataError(
            f"Of the {len(table)} values in the time column {chosen!r}, {len(dates.wrong)} cannot be read as dates, the first is "
            f"{table.shown(chosen, dates.wrong)}. Write all dates alike, "
            "best as 2024-01-31 or 2024-01-31 13:00; or choose another time column, or to number the rows."
        )
    return chosen


def _frame(table: CsvTable, targets: tuple[str, ...], time: str, infinities: str, notes: list[str]) -> pd.DataFrame:
    """All columns of numbers; everything else is left out, and said."""
    columns: dict[str, Values] = {}
    for name, kind in table.kinds.items():
        if name == time:
            continue
        column = table.numbers(name)
        if kind == "number" or name in targets:
            if column.rewritten:
                notes.append(f"The column {name!r} is written with {column.rewritten}.")
            columns[name] = _finite(table, name, column.values, infinities, notes)
            if is_constant(columns[name]):
                notes.append(f"The column {name!r} never changes; as a covariate it tells nothing.")
        else:
            why = {"empty": "it holds no value", "rows": "it only numbers the rows", "date": "it holds dates"}.get(kind)
            shown = table.shown(name, column.wrong) if len(column.wrong) else ""
            why = why or f"{len(column.wrong)} of its {len(table)} values cannot be read as numbers, the first is {shown}"
            notes.append(f"The column {name!r} is left out: {why}.")
    index = pd.RangeIndex(len(table)) if time == ROW_NUMBERS else pd.DatetimeIndex(table.dates(time).dates, name=time)
    return pd.DataFrame(columns, index=index, dtype=np.float64)


def _finite(table: CsvTable, name: str, values: Values, infinities: str, notes: list[str]) -> Values:
    infinite = np.isinf(values)
    if not infinite.any():
        return values
    if infinities == "refuse":
        raise DataError(
            f"Infinite values in column {name!r}: {int(infinite.sum())} of {len(table)}, the first is "
            f"{table.shown(name, np.flatnonzero(infinite))}. Put numbers in their place, "
            "empty the cells, or choose to treat infinite values as missing."
        )
    notes.append(f"Infinite values of {name!r} are treated as missing: {int(infinite.sum())} of {len(table)}.")
    return np.where(infinite, np.nan, values)


def _check_size(frame: pd.DataFrame, targets: tuple[str, ...]) -> None:
    for name in targets:
        observed = int(frame[name].notna().sum())
        if observed < MIN_ROWS:
            raise DataError(
                f"The target {name!r} has {observed} values. At least {MIN_ROWS} are needed, "
                "so that some can be trained on, some validated on and the rest tested on. Add rows."
            )


def _season(values: Values, candidates: tuple[int, ...], given: int | None, notes: list[str]) -> int:
    if given is not None:
        if isinstance(given, bool) or given != int(given) or not 1 <= given < len(values):
            raise ConfigError(
                f"The season is {given!r} steps. It must be a whole number from 1 (none) to {len(values) - 1}, one less than the rows."
            )
        return int(given)
    season = best_season(values, candidates)
    if season > 1:
        notes.append(f"The season is taken as {season} steps, at which the first 70 % of the rows repeat most nearly.")
    else:
        notes.append("No season is assumed: over a day, a week or a year the last value is as near as an earlier one.")
    return season


def _file_name(source: Source) -> str:
    given = source if isinstance(source, str | Path) else getattr(source, "name", "")
    name = Path(given).name if isinstance(given, str | Path) else ""
    return "".join(sign for sign in name if sign.isprintable())[:100] or "Your table"
