import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqlab.figures.decimate import MAX_POINTS, decimate

LINES = hnp.arrays(np.float64, st.integers(1, 300), elements=st.one_of(st.floats(-1e6, 1e6), st.just(np.nan)))


@given(LINES, st.integers(5, 120))
def test_rows_are_few_sorted_and_keep_ends_extremes_and_gaps(values, most):
    rows = decimate(values, most)
    assert len(rows) <= max(most, 2)
    assert (np.diff(rows) > 0).all()
    assert rows[0] == 0
    assert rows[-1] == len(values) - 1
    assert np.isnan(values[rows]).any() == np.isnan(values).any()
    if np.isfinite(values).any():
        assert np.nanmax(values[rows]) == np.nanmax(values)
        assert np.nanmin(values[rows]) == np.nanmin(values)


def test_a_short_line_stays_whole():
    assert decimate(np.arange(7.0), 7).tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_two_years_of_hours_fit_the_limit_and_show_every_gap():
    values = np.random.default_rng(0).normal(size=17_520)
    gaps = [100, 5_000, 17_000]
    values[gaps] = np.nan
    rows = decimate(values)
    assert len(rows) <= MAX_POINTS
    assert np.flatnonzero(np.isnan(values[rows])).size == len(gaps)
    assert set(gaps) <= set(rows.tolist())
