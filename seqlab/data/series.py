"""One regular time series with everything known about its columns."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from seqlab.errors import DataError

__all__ = ["SeriesDataset", "missing_notes"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SeriesDataset:
    """A series data set: a regular table of numbers, and what may be done with its columns.

    Args:
        key: key of ``seqlab.DATASETS``, or ``upload:<fingerprint>``; empty for a table that was not stored.
        label: name on the screen.
        frame: one row per step, sorted, float64 columns, NaN where nothing was observed. Its index is
            dates one ``frequency`` apart, or the row numbers 0, 1, 2, …
        targets: the columns forecast by default.
        known_ahead: columns whose future is known when a forecast is made, offered as known-ahead covariates.
        past: columns offered as past covariates: their future is unknown.
        frequency: distance between rows as a pandas offset alias; ``None`` for row numbers. ``"B"`` means
            that rows are trading days: a holiday has no row and counts as no step.
        season_length: steps of the main season, 1 if there is none. The seasonal-naive forecast and the
            seasonal reference use it.
        seasons: all seasons in steps, shortest first.
        published_test_start: first row of the test part others have published results on.
        block_length: rows that belong together, where the series is a row of independent blocks of equal length; 0 if it is
            one whole. A window then is one whole block.
        notes: sentences about what was read, left out and filled.
        summary, source, licence: what the data is, and where it comes from.

    Raises:
        DataError: the table contradicts this description.

    Example:
        >>> frame = pd.DataFrame({"load": [1.0, 2.0, 3.0]})
        >>> data = SeriesDataset(label="Demo", frame=frame, targets=("load",))
        >>> data.task, data.columns, len(data.fingerprint)
        ('forecast', ('load',), 64)
    """

    label: str
    frame: pd.DataFrame = field(repr=False)
    targets: tuple[str, ...]
    key: str = ""
    known_ahead: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    frequency: str | None = None
    season_length: int = 1
    seasons: tuple[int, ...] = ()
    published_test_start: int | None = None
    block_length: int = 0
    notes: tuple[str, ...] = ()
    summary: str = ""
    source: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        _check_frame(self.frame)
        if not self.targets:
            raise DataError(f"The data set {self.label!r} names no target. Give the column to forecast.")
        for role, names in (("target", self.targets), ("known-ahead covariate", self.known_ahead), ("past covariate", self.past)):
            for name in names:
                if name not in self.frame.columns:
                    raise DataError(f"The {role} {name!r} is no column of {self.label!r}. Its columns are: {', '.join(self.columns)}.")
        if self.season_length < 1:
            raise DataError(f"The season of {self.label!r} is {self.season_length} steps. It must be at least 1; 1 means none.")
        if self.block_length < 0 or (self.block_length and len(self.frame) % self.block_length):
            raise DataError(
                f"The blocks of {self.label!r} have {self.block_length} rows, and the table has {len(self.frame)}. "
                "Give a table of whole blocks, or the length 0 for none."
            )

    @property
    def task(self) -> str:
        """What the data is for: ``"forecast"``."""
        return "forecast"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(self.frame.columns)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over values, index, column names and column roles, as 64 hexadecimal digits.

        Two data sets with one fingerprint give the same run for the same spec. The roles belong to it
        because a spec that names no target means the data set's own.
        """
        index = self.frame.index
        dated = isinstance(index, pd.DatetimeIndex)
        # One unit and one byte order, so that the same data has the same fingerprint with every pandas.
        steps = index.to_numpy().astype("datetime64[us]").astype("<i8") if dated else np.asarray(index, dtype="<i8")
        values = self.frame.to_numpy(dtype="<f8", copy=True)
        values[np.isnan(values)] = np.nan  # NaN has many bit patterns
        values += 0.0  # and zero has two
        described = {
            "columns": self.columns,
            "targets": self.targets,
            "known_ahead": self.known_ahead,
            "past": self.past,
            "frequency": self.frequency,
            "season_length": self.season_length,
            "published_test_start": self.published_test_start,
            "index": "dates" if dated else "rows",
        }
        if self.block_length:  # left out otherwise, so that older fingerprints stay
            described["block_length"] = self.block_length
        digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode())
        digest.update(np.ascontiguousarray(steps).tobytes())
        digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()


def missing_notes(frame: pd.DataFrame) -> list[str]:
    """A sentence for every column with missing values.

    Example:
        >>> missing_notes(pd.DataFrame({"load": [1.0, None, 3.0], "plan": [1.0, 2.0, 3.0]}))
        ["1 of 3 values of 'load' is missing."]
    """
    counts = frame.isna().sum()
    return [
        f"{count} of {len(frame)} values of {name!r} {'is' if count == 1 else 'are'} missing." for name, count in counts.items() if count
    ]


def _check_frame(frame: pd.DataFrame) -> None:
    if frame.empty:
        raise DataError(
            f"The table has {len(frame)} rows and {len(frame.columns)} columns. Give at least one row and one column of numbers."
        )
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise DataError(f"Two columns are called {str(twice)!r}. Every column needs a name of its own.")
    if not (frame.index.is_monotonic_increasing and frame.index.is_unique):
        raise DataError("The rows are not in time order, or two rows have the same time. Sort them and keep one row per time.")
    for name in frame.columns:
        if not isinstance(name, str):
            raise DataError(f"The column name {name!r} is no text. Give every column a name.")
        if frame[name].dtype != np.float64:
            raise DataError(f"Column {name!r} has the type {frame[name].dtype}. Convert it to float64 numbers.")
        infinite = int(np.isinf(frame[name].to_numpy()).sum())
        if infinite:
            raise DataError(f"Column {name!r} has {infinite} infinite values. Replace them by numbers, or by NaN for missing.")
