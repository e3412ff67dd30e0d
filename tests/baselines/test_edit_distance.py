"""Edit distances against the classic table, short and long, one by one and many at once."""

import numpy as np

from seqlab.baselines.edit_distance import edit_distance, edit_distances


def _table(a: list[int], b: list[int]) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        before, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            before, row[j + 1] = row[j + 1], min(before + (x != y), row[j] + 1, row[j + 1] + 1)
    return row[-1]


def test_both_ways_are_the_classic_table():
    rng = np.random.default_rng(0)
    lengths = np.array([0, 1, 3, 17, 40, 64, 90])
    others = rng.integers(0, 4, (len(lengths), 90))
    for size in (0, 1, 2, 20, 63, 64, 65, 80):
        a = rng.integers(0, 4, size)
        wanted = [_table(a.tolist(), row[:length].tolist()) for row, length in zip(others, lengths, strict=True)]
        assert edit_distances(a, others, lengths).tolist() == wanted
        assert [edit_distance(a.tolist(), row[:length].tolist()) for row, length in zip(others, lengths, strict=True)] == wanted
