"""What is said about where the two cursors stand."""

from types import SimpleNamespace

import pandas as pd
import pytest

from seqlab.ui.lab.pair_view import _reading


def bench(first_row, step, length):
    prepared = SimpleNamespace(index=pd.RangeIndex(100))
    return SimpleNamespace(prepared=prepared, of_series=True, first_row=first_row, step=step, trace=SimpleNamespace(segment_length=length))


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ((10, 21, 1), (0, 31, 1), "Both cursors stand at row 31."),
        ((10, 5, 4), (10, 5, 4), "Both cursors stand at row 30 to row 33."),
        ((10, 21, 1), (10, 5, 4), "The cursors stand at row 31 and at row 30 to row 33: there both read row 31."),
        ((10, 5, 4), (12, 8, 2), "The cursors stand at row 30 to row 33 and at row 28 to row 29: one of the models reads no step"),
        ((10, 0, 1), (20, 0, 1), "The cursors stand at row 10 and at row 20: one of the models reads no step at the other's date."),
    ],
)
def test_where_the_cursors_stand(first, second, said):
    assert _reading((bench(*first), bench(*second)), SimpleNamespace(same_dates=True)).startswith(said)
