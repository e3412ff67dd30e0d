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
    rows, columns = len(query), int(lengths.max())
    # (i, j, sequence): so that the cells of one diagonal lie at equal distances, and those of all sequences side by side.
    squares = np.square(others[:, :columns]).sum(axis=2).T[None] + np.square(query).sum(axis=1)[:, None, None]
    cost = squares - 2 * np.tensordot(query, others[:, :columns], axes=([1], [2])).transpose(0, 2, 1)
    cells = np.maximum(cost, 0).reshape(rows * columns, -1)
    allowed = columns + rows if band is None else band + int(np.abs(lengths - rows).max())
    before, last = (np.full((rows + 1, len(others)), np.inf, dtype=cells.dtype) for _ in range(2))  # row i + 1 holds D_i
    before[0] = 0
    found = np.full(len(others), np.inf, dtype=cells.dtype)
    for diagonal in range(rows + columns - 1):
        # |i - j| <= allowed, with j = diagonal - i
        first = max(0, diagonal - columns + 1, (diagonal - allowed + 1) // 2)
        end = min(rows, diagonal + 1, (diagonal + allowed) // 2 + 1)
        new = np.full_like(last, np.inf)
        if end > first:
            start = first * columns + diagonal - first
            stride = max(columns - 1, 1)
            here = cells[start : start + (end - first - 1) * stride + 1 : stride]
            best = np.minimum(np.minimum(last[first + 1 : end + 1], last[first:end]), before[first:end])
            new[first + 1 : end + 1] = here + best
        before, last = last, new
        ended = lengths == diagonal - rows + 2
        found[ended] = last[rows, ended]
    return np.sqrt(found)
