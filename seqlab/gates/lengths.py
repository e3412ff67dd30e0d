"""Sequences of unequal length: how long each is, padding that nobody needs cut off, and values laid out so that all end together."""

import numpy as np
import numpy.typing as npt

__all__ = ["align_ends", "cut_padding", "sequence_lengths"]

Floats = npt.NDArray[np.floating]


def sequence_lengths(x: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """(sequence,) steps of each.

    Args:
        x: (sequence, time, feature), NaN after the end of a sequence.

    Example:
        >>> sequence_lengths([[[1.0], [np.nan]], [[1.0], [2.0]]]).tolist()
        [1, 2]
    """
    return np.asarray((~np.isnan(np.asarray(x)[..., 0])).sum(axis=1), dtype=np.int64)


def cut_padding(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The same sequences without the steps that none of them has; all parts of a data set are padded to one length.

    Args:
        x: (sequence, time, feature), NaN after the end of a sequence.
        y: (sequence, step, target); where every step has an answer it is cut likewise.
    """
    time = x.shape[1]
    longest = int(sequence_lengths(x).max()) if len(x) else time
    if not 0 < longest < time:
        return x, y
    return np.ascontiguousarray(x[:, :longest]), np.ascontiguousarray(y[:, :longest]) if y.shape[1] == time else y


def align_ends(values: Floats, lengths: npt.NDArray[np.int64] | None, steps: int) -> Floats:
    """Values of sequences of unequal length side by side by their distance from the end.

    Args:
        values: (sequence, time)
        lengths: (sequence,) steps of each; ``None`` if all fill it.
        steps: columns of the result.

    Returns:
        (sequence, steps): the last column is each sequence's last step; NaN before the first.

    Example:
        >>> align_ends(np.array([[1.0, 2.0, 3.0], [4.0, np.nan, np.nan]]), np.array([3, 1]), 2).tolist()
        [[2.0, 3.0], [nan, 4.0]]
    """
    ends = np.full(len(values), values.shape[1]) if lengths is None else lengths
    places = ends[:, None] - steps + np.arange(steps)
    found = np.take_along_axis(values, np.clip(places, 0, values.shape[1] - 1), axis=1)
    return np.asarray(np.where(places >= 0, found, np.nan))
