import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.fill import fill_gaps
from seqlab.errors import ConfigError
from seqlab.records import SplitBounds

NAN = np.nan
BOUNDS = SplitBounds(train_end=6, validation_end=9, end=12)


def filled(series, method, season=3, bounds=BOUNDS):
    return fill_gaps(np.array(series, dtype=float)[:, None], method, season, bounds)[:, 0].tolist()


def test_previous_repeats_the_last_value():
    assert filled([1, NAN, NAN, 4, 5, 6, NAN, 8, 9, NAN, 11, NAN], "previous") == [1, 1, 1, 4, 5, 6, 6, 8, 9, 9, 11, 11]


def test_seasonal_repeats_the_value_one_season_earlier():
    assert filled([1, 2, 3, NAN, 5, 6, NAN, NAN, 9, 10, 11, 12], "seasonal") == [1, 2, 3, 1, 5, 6, 1, 5, 9, 10, 11, 12]
    assert filled([1, NAN, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "seasonal")[1] == 1


def test_interpolate_draws_a_line_but_not_into_a_later_part():
    series = [0, NAN, 2, 3, 4, NAN, 60, NAN, 80, NAN, 1000, 1001]
    assert filled(series, "interpolate") == [0, 1, 2, 3, 4, 4, 60, 70, 80, 540, 1000, 1001]


def test_a_gap_at_the_start_becomes_the_training_mean():
    series = [NAN, NAN, 2, 4, 6, NAN, 100, 100, 100, 100, 100, 100]
    for method in ("previous", "skip", "seasonal", "interpolate"):
        assert filled(series, method)[:2] == [4, 4]


def test_a_column_never_observed_in_training_starts_at_zero():
    assert filled([NAN] * 6 + [1.0] * 6, "previous")[0] == 0


def test_columns_are_filled_one_by_one_and_the_input_is_kept():
    values = np.array([[1.0, NAN], [NAN, 20.0]] * 6)
    before = values.copy()
    result = fill_gaps(values, "previous", 1, BOUNDS)
    assert np.array_equal(values, before, equal_nan=True)
    assert result[1].tolist() == [1.0, 20.0]


def test_an_unknown_method_is_refused():
    with pytest.raises(ConfigError, match="previous, seasonal, interpolate, skip"):
        fill_gaps(np.zeros((3, 1)), "guess", 1, BOUNDS)


@given(
    series=st.lists(st.one_of(st.just(NAN), st.floats(-100, 100)), min_size=12, max_size=12),
    method=st.sampled_from(["previous", "seasonal", "interpolate", "skip"]),
    changed=st.sampled_from([6, 9]),
)
def test_what_a_later_part_holds_never_changes_an_earlier_one(series, method, changed):
    other = list(series)
    other[changed:] = [50.0] * (12 - changed)
    assert filled(series, method)[:changed] == filled(other, method)[:changed]


@given(
    series=st.lists(st.one_of(st.just(NAN), st.floats(-100, 100)), min_size=12, max_size=12),
    method=st.sampled_from(["previous", "seasonal", "skip"]),
    row=st.integers(6, 12),
)
def test_only_the_straight_line_looks_ahead(series, method, row):
    other = list(series)
    other[row:] = [50.0] * (12 - row)
    assert filled(series, method)[:row] == filled(other, method)[:row]


@given(
    series=st.lists(st.one_of(st.just(NAN), st.floats(-100, 100)), min_size=12, max_size=12),
    method=st.sampled_from(["previous", "seasonal", "interpolate", "skip"]),
    season=st.integers(1, 15),
)
def test_nothing_is_left_missing_and_nothing_observed_is_changed(series, method, season):
    result = filled(series, method, season)
    assert not np.isnan(result).any()
    assert all(after == before for before, after in zip(series, result, strict=True) if not np.isnan(before))
