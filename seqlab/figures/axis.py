"""Positions on a time axis: the dates of a series, or its row numbers where it has none."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.figures.label import as_text

if TYPE_CHECKING:
    from seqlab.figures.layout import Figure

__all__ = ["Positions", "edge", "extend", "name_ticks", "positions"]

MOST_NAMES = 48
"""Words on an axis at most: of more only every few are written, so that none lies on another."""

Positions = npt.NDArray[Any]
"""``datetime64[s]`` dates, or row numbers."""


def positions(index: pd.Index, rows: npt.ArrayLike | slice = slice(None)) -> Positions:
    """Where some rows lie on the axis: ``datetime64[s]`` for dates, else row numbers.

    Example:
        >>> positions(pd.RangeIndex(5), slice(1, 3)).tolist()
        [1, 2]
    """
    chosen = index[rows] if isinstance(rows, slice) else index[np.asarray(rows)]
    if isinstance(index, pd.DatetimeIndex):
        return chosen.to_numpy().astype("datetime64[s]")
    return np.asarray(chosen, dtype=np.int64)


def edge(position: object) -> str | float:
    """One position for a shape, which takes text for dates and no numpy values.

    Example:
        >>> edge(np.datetime64("2024-05-01")), edge(np.int64(7))
        ('2024-05-01', 7.0)
    """
    return str(position) if isinstance(position, np.datetime64) else float(position)  # type: ignore[arg-type]


def extend(index: pd.Index, rows: int) -> pd.Index:
    """The index with enough steps appended to hold ``rows`` rows, one step apart as before.

    Example:
        >>> extend(pd.RangeIndex(3), 5)
        RangeIndex(start=0, stop=5, step=1)
    """
    more = rows - len(index)
    if more <= 0:
        return index
    if not isinstance(index, pd.DatetimeIndex):
        return pd.RangeIndex(rows)
    distance = index.freq or _inferred(index) or (index[-1] - index[-2] if len(index) > 1 else pd.Timedelta(days=1))
    return index.append(pd.date_range(index[-1], periods=more + 1, freq=distance)[1:])


def _inferred(index: pd.DatetimeIndex) -> Any:
    """The frequency of regular dates; None for others."""
    if len(index) < 3:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # pandas 4 will return an offset, which serves as well
        warnings.simplefilter("ignore", DeprecationWarning)
        return pd.infer_freq(index)


def name_ticks(figure: "Figure", places: npt.ArrayLike, names: Sequence[str], *, row: int | None = None) -> None:
    """Writes words on the axis of steps, slanted; of many only every few.

    Args:
        figure: it is changed.
        places: (step,) where the steps lie.
        names: (step,) what stands there.
        row: the panel whose axis it is; ``None`` for all.
    """
    every = -(-len(names) // MOST_NAMES)
    letters = all(len(name) < 2 for name in names)
    figure.update_xaxes(
        tickvals=np.asarray(places)[::every],
        ticktext=[as_text(name, 14) or "␣" for name in names[::every]],
        tickangle=0 if letters else -60,
        row=row,
        col=None if row is None else 1,
    )
