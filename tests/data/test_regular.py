import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.regular import regularise
from seqlab.errors import ConfigError, DataError


def rows(index):
    return pd.DataFrame({"x": np.arange(float(len(index)))}, index=pd.DatetimeIndex(index))


@pytest.mark.parametrize(
    "frequency",
    [
        "s",
        "15s",
        "min",
        "30min",
        "h",
        "6h",
        "D",
        "2D",
        "W-SAT",
        "W-MON",
        "14D",
        "MS",
        "ME",
        "2MS",
        "QS-JAN",
        "QS-FEB",
        "QE-MAR",
        "YS-JAN",
        "YE-DEC",
    ],
)
def test_every_step_is_recognised_with_and_without_gaps(frequency):
    whole = pd.date_range("2021-01-31", periods=40, freq=frequency)
    regular = regularise(rows(whole))
    assert regular.frame.index.equals(whole)
    assert regular.frame.index.equals(pd.date_range(whole[0], periods=40, freq=regular.frequency))
    assert regular.notes == ()
    gappy = regularise(rows(whole.delete([5, 6, 20])))
    assert gappy.frame.index.equals(whole)
    assert gappy.frequency == regular.frequency
    assert np.flatnonzero(gappy.frame["x"].isna()).tolist() == [5, 6, 20]
    assert gappy.notes == ("3 of 40 dates had no row; rows with missing values were added.",)


def test_trading_days_keep_their_rows():
    days = pd.date_range("2024-01-01", periods=60, freq="B").delete([10, 30])
    regular = regularise(rows(days))
    assert (regular.frequency, len(regular.frame)) == ("B", 58)
    assert "trading days" in regular.notes[0]


def test_months_on_changing_days_move_to_the_first():
    days = pd.DatetimeIndex([f"2024-{month:02d}-{10 + month}" for month in range(1, 13)])
    regular = regularise(rows(days))
    assert regular.frequency == "MS"
    assert regular.frame.index[0] == pd.Timestamp("2024-01-01")
    assert "moved to the first day of its month" in regular.notes[0]


def test_uneven_steps_are_numbered_not_invented():
    index = pd.to_datetime(np.cumsum([1, 5, 2, 9, 1, 7, 3, 8]), unit="min", origin="2024-01-01")
    regular = regularise(rows(index))
    assert isinstance(regular.frame.index, pd.RangeIndex)
    assert (regular.frequency, len(regular.frame)) == (None, 8)
    assert "not evenly spaced" in regular.notes[0]


def test_one_far_date_does_not_invent_a_million_rows():
    index = [*pd.date_range("2024-01-01", periods=50, freq="min"), pd.Timestamp("2030-01-01")]
    assert len(regularise(rows(index)).frame) == 51
    months = [*pd.date_range("1900-01-01", periods=20, freq="MS"), pd.Timestamp("9000-01-01")]
    assert len(regularise(rows(months)).frame) == 21


def test_few_rows_have_no_step():
    assert regularise(rows(pd.date_range("2024-01-01", periods=2))).frequency is None


@pytest.mark.parametrize(("choice", "first"), [("mean", 1.0), ("first", 0.0), ("last", 2.0)])
def test_duplicates(choice, first):
    index = pd.DatetimeIndex(["2024-01-01", "2024-01-02", "2024-01-01", "2024-01-03", "2024-01-04"])
    with pytest.raises(DataError, match="Of the 5 rows, 1 repeat"):
        regularise(rows(index))
    regular = regularise(rows(index), duplicates=choice)
    assert regular.frame["x"].iloc[0] == first
    assert len(regular.frame) == 4
    with pytest.raises(ConfigError, match="refuse, mean, first, last"):
        regularise(rows(index), duplicates="median")


@given(order=st.permutations(range(30)), left_out=st.sets(st.integers(1, 28), max_size=8))
def test_the_order_of_rows_does_not_matter(order, left_out):
    kept = [number for number in order if number not in left_out]
    whole = pd.date_range("2024-01-01", periods=30, freq="h")
    frame = pd.DataFrame({"x": np.array(kept, dtype=float)}, index=whole[kept])
    regular = regularise(frame)
    assert regular.frame.index.equals(whole)
    assert regular.frame["x"].dropna().tolist() == sorted(kept)
