"""Fewer points for the screen: the smallest and largest value of every pixel bucket, gaps kept."""

import numpy as np
import numpy.typing as npt

__all__ = ["MAX_POINTS", "decimate"]

MAX_POINTS = 4_000
"""Points of one line sent to a browser; about twice the pixels of a wide screen."""


def decimate(values: npt.NDArray[np.floating], max_points: int = MAX_POINTS) -> npt.NDArray[np.intp]:
    """Rows worth drawing of a long line.

    Rows are cut into equal buckets of time; of each, the rows of its smallest and its largest value
    stay, and one missing row if it has any, so that peaks and gaps look as they do in the full line.

    Args:
        values: (time,), NaN where missing.
        max_points: rows returned at most; at least 5.

    Returns:
        (row,) increasing row numbers; all rows if there are few enough.

    Example:
        >>> decimate(np.array([0.0, 5.0, 1.0, 2.0, -3.0, 2.0]), max_points=5).tolist()
        [0, 1, 4, 5]
    """
    rows = len(values)
    if rows <= max_points:
        return np.arange(rows)
    buckets = (max_points - 2) // 3
    starts = np.unique(np.linspace(0, rows, buckets + 1).astype(np.intp)[:-1])
    missing = ~np.isfinite(values)
    lengths = np.diff(np.append(starts, rows))
    bucket = np.repeat(np.arange(len(starts)), lengths)
    kept = [np.array([0, rows - 1], dtype=np.intp)]
    for filler, reduce in ((np.inf, np.minimum), (-np.inf, np.maximum)):
        filled = np.where(missing, filler, values)
        extreme = reduce.reduceat(filled, starts)
        kept.append(_first_row(~missing & (filled == extreme[bucket]), bucket))
    kept.append(_first_row(missing, bucket))
    return np.unique(np.concatenate(kept))


def _first_row(chosen: npt.NDArray[np.bool_], bucket: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The first row of each bucket for which ``chosen`` holds."""
    rows = np.flatnonzero(chosen)
    _, first = np.unique(bucket[rows], return_index=True)
    return rows[first]
