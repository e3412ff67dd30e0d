"""Dynamic time warping: how far two sequences are apart if each may wait for the other."""

import numpy as np
import numpy.typing as npt

__all__ = ["dtw_distances"]

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


def dtw_distances(query: Floats, others: Floats, lengths: Integers, band: int | None = None) -> Floats:
    r"""Distance of one sequence to each of many, under the best warping of time.

    :math:`D_{ij} = \|q_i - o_j\|^2 + \min(D_{i-1,j}, D_{i,j-1}, D_{i-1,j-1})`, and the root of the last one; all features are
    warped together. Steps (i, j) with the same i + j don't depend on each other: they are computed at once, for all others.
    Sakoe & Chiba (1978), IEEE Transactions on Acoustics, Speech, and Signal Processing 26(1).

    Args:
        query: (time, feature).
        others: (sequence, time, feature) finite numbers; what stands after a sequence's end does not matter.
        lengths: (sequence,) of the others.
        band: how many steps i and j may be apart, beyond the difference of the lengths; ``None`` for no limit.

    Returns:
        (sequence,)

    Example:
        >>> one, same_but_later = np.array([[0.0], [1.0], [0.0]]), np.array([[0.0], [0.0], [1.0], [0.0]])
        >>> dtw_distances(one, same_but_later[None], np.array([4])).tolist()
        [0.0]
    """
    rows, columns, count = len(query), int(lengths.max()), len(others)
    cells = _costs(query, others[:, :columns])
    allowed = rows + columns if band is None else band + int(np.abs(lengths - rows).max())
    # Row i + 1 holds D_i of one diagonal; the rows on both sides of those in use are infinite.
    before, last, new = (np.full((rows + 2, count), np.inf, dtype=cells.dtype) for _ in range(3))
    before[0] = 0
    found = np.full(count, np.inf, dtype=cells.dtype)
    stride = max(columns - 1, 1)
    for diagonal in range(rows + columns - 1):
        # |i - j| <= allowed, with j = diagonal - i
        first = max(0, diagonal - columns + 1, (diagonal - allowed + 1) // 2)
        end = max(first, min(rows, diagonal + 1, (diagonal + allowed) // 2 + 1))
        here = new[first + 1 : end + 1]
        np.minimum(last[first + 1 : end + 1], last[first:end], out=here)
        np.minimum(here, before[first:end], out=here)
        start = first * columns + diagonal - first
        here += cells[start : start + (end - first - 1) * stride + 1 : stride] if end > first else 0
        new[first], new[end + 1] = np.inf, np.inf
        before, last, new = last, new, before
        ended = lengths == diagonal - rows + 2
        if ended.any():
            found[ended] = last[rows, ended]
    return np.sqrt(found)


def _costs(query: Floats, others: Floats) -> Floats:
    """(i and j, sequence) squared differences of every two steps: cells of one diagonal lie at equal distances."""
    features_first = np.ascontiguousarray(others.transpose(2, 1, 0))
    squares = np.square(features_first).sum(axis=0).ravel()
    costs = (-2 * query) @ features_first.reshape(features_first.shape[0], -1)
    costs += squares
    costs += np.square(query).sum(axis=1)[:, None]
    cells: Floats = np.maximum(costs, 0, out=costs).reshape(-1, len(others))
    return cells
