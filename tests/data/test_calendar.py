import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.calendar import Calendar, calendar_for, extend_index

DAY = ("calendar:day_sin", "calendar:day_cos")
YEAR = ("calendar:year_sin", "calendar:year_cos")


def test_what_each_spacing_gets():
    hours = calendar_for(pd.date_range("2022-01-01", periods=24 * 800, freq="h"))
    assert (hours.names[:2], len(hours.weekdays), hours.names[-2:]) == (DAY, 7, YEAR)
    days = calendar_for(pd.date_range("2022-01-01", periods=800, freq="D"))
    assert (days.day, len(days.weekdays), days.year) == (False, 7, True)
    trading = calendar_for(pd.date_range("2022-01-03", periods=800, freq="B"))
    assert trading.weekdays == (0, 1, 2, 3, 4)
    assert calendar_for(pd.date_range("2020-01-01", periods=150, freq="W")).names == YEAR
    assert calendar_for(pd.date_range("2020-01-01", periods=30, freq="QS")).names == YEAR
    yearly = calendar_for(pd.date_range("1990-01-01", periods=30, freq="YS"))
    assert (yearly.names, yearly.note) == ((), "There are no calendar features: the rows are a year or more apart.")


def test_less_than_a_year_has_no_time_of_year_and_says_so():
    calendar = calendar_for(pd.date_range("2000-06-05", periods=4032, freq="30min"))
    assert not calendar.year
    assert "span only 84 days" in calendar.note
    assert calendar_for(pd.date_range("2020-01-01", periods=12, freq="MS")).year


def test_rows_without_dates_have_no_calendar():
    calendar = calendar_for(pd.RangeIndex(100))
    assert calendar.names == ()
    assert "numbers, not dates" in calendar.note
    assert calendar.values(pd.RangeIndex(5)).shape == (5, 0)
    assert Calendar().values(pd.date_range("2024-01-01", periods=3)).shape == (3, 0)


def test_values_at_known_times():
    calendar = Calendar(day=True, weekdays=(0, 6), year=True)
    noon = calendar.values(pd.DatetimeIndex(["2024-01-01 06:00", "2024-01-07 12:00"]))
    assert noon[:, :4] == pytest.approx(np.array([[1.0, 0.0, 1.0, 0.0], [0.0, -1.0, 0.0, 1.0]]), abs=1e-12)
    newyear = calendar.values(pd.DatetimeIndex(["2023-01-01", "2024-01-01", "2024-07-02"]))
    assert newyear[:, 4:] == pytest.approx(np.array([[0.0, 1.0], [0.0, 1.0], [0.0, -1.0]]), abs=1e-12)


def test_dates_before_1970_have_the_same_phases():
    calendar = Calendar(day=True)
    assert calendar.values(pd.DatetimeIndex(["1960-03-05 18:00"]))[0] == pytest.approx([-1.0, 0.0], abs=1e-9)


@pytest.mark.parametrize("frequency", ["h", "30min", "D", "B", "W-SAT", "MS", "ME", "QS-JAN", "YS-JAN", "2MS"])
def test_the_rows_to_come_continue_the_rows_there_are(frequency):
    whole = pd.date_range("2020-01-01", periods=40, freq=frequency)
    assert extend_index(whole[:30], frequency, 10).equals(whole[30:])
    assert len(extend_index(whole, frequency, 0)) == 0


def test_trading_days_may_end_anywhere_and_row_numbers_go_on():
    assert list(extend_index(pd.DatetimeIndex(["2024-05-31"]), "B", 2).day) == [3, 4]
    assert list(extend_index(pd.RangeIndex(7), None, 3)) == [7, 8, 9]


@given(steps=st.integers(1, 50), frequency=st.sampled_from(["h", "D", "B", "MS"]))
def test_features_of_the_future_do_not_depend_on_how_they_were_asked(steps, frequency):
    index = pd.date_range("2021-01-01", periods=900, freq=frequency)
    calendar = calendar_for(index)
    later = extend_index(index, frequency, steps)
    assert np.array_equal(calendar.values(later), calendar.values(index.append(later))[len(index) :])
    assert np.abs(calendar.values(later)).max() <= 1
