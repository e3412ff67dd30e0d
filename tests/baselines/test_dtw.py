"""Dynamic time warping against the recurrence written out, for equal and unequal lengths, with and without a band."""

import numpy as np
import pytest

from seqlab.baselines.dtw import dtw_distances


def _by_the_book(a: np.ndarray, b: np.ndarray, allowed: float) -> float:
    table = np.full((len(a) + 1, len(b) + 1), np.inf)
    table[0, 0] = 0
    for i in range(len(a)):
        for j in range(len(b)):
            if abs(i - j) <= allowed:
                best = min(table[i, j + 1], table[i + 1, j], table[i, j])
                table[i + 1, j + 1] = ((a[i] - b[j]) ** 2).sum() + best
    return float(np.sqrt(table[-1, -1]))


@pytest.mark.parametrize("band", [None, 0, 2, 20])
@pytest.mark.parametrize("rows", [1, 6, 11])
def test_all_at_once_is_the_recurrence(rows, band):
    rng = np.random.default_rng(rows)
    query, others, lengths = rng.normal(size=(rows, 2)), rng.normal(size=(5, 9, 2)), np.array([9, 1, 4, 9, 6])
    allowed = np.inf if band is None else band + abs(lengths - rows).max()
    wanted = [_by_the_book(query, other[:length], allowed) for other, length in zip(others, lengths, strict=True)]
    assert dtw_distances(query, others, lengths, band) == pytest.approx(wanted)
