"""Edit distance: how many symbols must be put in, taken out or changed to turn one sequence into another.

A column of the classic table is kept as two numbers whose bits say where it goes up and down by one, so that a whole column is a
dozen operations on whole numbers: Myers (1999), A fast bit-vector algorithm for approximate string matching, J. ACM 46(3); with
Hyyrö's (2003) change for whole sequences.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["LONGEST_AT_ONCE", "edit_distance", "edit_distances"]

Integers = npt.NDArray[np.int64]

LONGEST_AT_ONCE = 64
"""Longest sequence that :func:`edit_distances` compares with many others at once: one bit per symbol."""


def edit_distance(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Levenshtein's distance of two sequences of any length.

    Example:
        >>> edit_distance("kitten", "sitting"), edit_distance(("a", "b"), ()), edit_distance("", "abc")
        (3, 2, 3)
    """
    if not a:
        return len(b)
    places: dict[Hashable, int] = {}
    for place, symbol in enumerate(a):
        places[symbol] = places.get(symbol, 0) | 1 << place
    mask, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    up, down, distance = mask, 0, len(a)
    for symbol in b:
        equal = places.get(symbol, 0)
        diagonal = (((equal & up) + up) ^ up) | equal | down
        right_up = down | ~(diagonal | up) & mask
        right_down = up & diagonal
        distance += bool(right_up & last) - bool(right_down & last)
        right_up = (right_up << 1 | 1) & mask
        right_down = right_down << 1 & mask
        up, down = right_down | ~(diagonal | right_up) & mask, right_up & diagonal
    return distance


def edit_distances(a: Integers, others: Integers, lengths: Integers) -> Integers:
    """Levenshtein's distance of one sequence to each of many.

    Args:
        a: (symbol,) numbers from 0 on.
        others: (sequence, symbol) numbers from 0 on, also after a sequence's end; quickest with columns side by side in memory.
        lengths: (sequence,) of the others.

    Returns:
        (sequence,)

    Example:
        >>> edit_distances(np.array([1, 2, 3]), np.array([[1, 3, 9], [4, 4, 4]]), np.array([2, 3])).tolist()
        [1, 3]
    """
    if not 0 < a.size <= LONGEST_AT_ONCE:
        rows = zip(others.tolist(), lengths.tolist(), strict=True)
        first = a.tolist()
        return np.array([edit_distance(first, row[:length]) for row, length in rows], dtype=np.int64)
    places = np.zeros(int(max(a.max(), others.max(initial=0))) + 1, dtype=np.uint64)
    np.bitwise_or.at(places, a, np.uint64(1) << np.arange(a.size, dtype=np.uint64))
    one, top = np.uint64(1), np.uint64(a.size - 1)
    up = np.full(len(others), ~np.uint64(0))  # bits above the last symbol never come back down to it
    down = np.zeros(len(others), dtype=np.uint64)
    distance = np.full(len(others), a.size, dtype=np.uint64)
    found = distance.astype(np.int64)
    for column in range(int(lengths.max(initial=0))):
        equal = places[others[:, column]]
        diagonal = (((equal & up) + up) ^ up) | equal | down
        right_up = down | ~(diagonal | up)
        right_down = up & diagonal
        distance += right_up >> top & one
        distance -= right_down >> top & one
        right_up = right_up << one | one
        right_down = right_down << one
        up, down = right_down | ~(diagonal | right_up), right_up & diagonal
        ended = lengths == column + 1
        if ended.any():
            found[ended] = distance[ended]
    return found
