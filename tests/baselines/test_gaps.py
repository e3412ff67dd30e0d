"""Filling without looking ahead."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqlab.baselines.gaps import fill_causally, gap_note


def test_season_then_previous_value() -> None:
    np.testing.assert_array_equal(fill_causally(np.array([5.0, np.nan, 7.0, np.nan, np.nan, np.nan]), 3), [5, 5, 7, 5, 5, 7])


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(-9, 9)), min_size=1, max_size=30), st.integers(1, 5), st.integers(0, 30))
def test_the_future_changes_nothing(rest: list[float], season: int, cut: int) -> None:
    y = np.array([1.0, *rest])
    filled = fill_causally(y, season)
    assert not np.isnan(filled).any()
    np.testing.assert_array_equal(filled[: cut + 1], fill_causally(y[: cut + 1], season))
    np.testing.assert_array_equal(filled[~np.isnan(y)], y[~np.isnan(y)])


def test_note_counts_and_names_the_source() -> None:
    y = np.array([1.0, np.nan, np.nan])
    assert gap_note(y, 1) == ("2 of 3 values were missing; for this method each was filled with the value before.",)
    assert "one season earlier" in gap_note(y, 2)[0]
    assert gap_note(y[:1], 1) == ()
