"""Reading the data sets that ship with seqlab, as their catalog entries describe them."""

from pathlib import Path

import numpy as np
import pandas as pd

from seqlab.data.catalog import DatasetEntry
from seqlab.data.series import SeriesDataset, missing_notes
from seqlab.errors import DataError

__all__ = ["read_shipped"]


def read_shipped(entry: DatasetEntry, folder: Path) -> SeriesDataset:
    """The data set ``entry`` describes, read from ``folder/<key>/``.

    Raises:
        DataError: the file is missing or is not what the entry describes.

    Example:
        >>> from seqlab.data.catalog import DATASETS, dataset_folder
        >>> read_shipped(DATASETS["macro_us"], dataset_folder()).frame.index[0].date().isoformat()
        '1959-01-01'
    """
    path = folder / entry.key / entry.file
    try:
        table = pd.read_csv(path)
        index = _dates(table, entry.time)
        flags = table[entry.published_flag].to_numpy(dtype=bool) if entry.published_flag else None
        drop = [*entry.time, *entry.left_out, *([entry.published_flag] if entry.published_flag else [])]
        frame = table.drop(columns=drop).astype(np.float64).set_index(index)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"The shipped data set {entry.key!r} cannot be read from {path}: {error}. Install seqlab again.") from error
    return SeriesDataset(
        key=entry.key,
        label=entry.label,
        frame=frame,
        targets=entry.targets,
        known_ahead=entry.known_ahead,
        past=entry.past,
        frequency=entry.frequency,
        season_length=entry.season_length,
        seasons=entry.seasons,
        published_test_start=_published_test_start(entry, flags),
        notes=_notes(entry, frame),
        summary=entry.summary,
        source=entry.source,
        licence=entry.licence,
    )


def _dates(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DatetimeIndex:
    if columns == ("year", "quarter"):
        months = 3 * table["quarter"].to_numpy() - 2
        return pd.DatetimeIndex(pd.to_datetime({"year": table["year"], "month": months, "day": 1}), name="quarter")
    return pd.DatetimeIndex(pd.to_datetime(table[columns[0]], format="ISO8601"), name=columns[0])


def _published_test_start(entry: DatasetEntry, flags: np.ndarray | None) -> int | None:
    if flags is None:
        return None
    start = int(flags.sum())
    if not flags[:start].all() or start in (0, len(flags)):
        raise DataError(f"The published training rows of {entry.key!r} are not the first rows of its file. Install seqlab again.")
    return start


def _notes(entry: DatasetEntry, frame: pd.DataFrame) -> tuple[str, ...]:
    notes = list(entry.notes)
    notes.extend(missing_notes(frame))
    notes.extend(f"The column {name!r} is left out: {why}." for name, why in entry.left_out.items())
    return tuple(notes)
