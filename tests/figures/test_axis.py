import numpy as np
import pandas as pd

from seqlab.figures.axis import edge, extend, positions


def test_positions_are_dates_where_there_are_dates():
    index = pd.date_range("2020-01-01", periods=3, freq="D")
    assert positions(index, [0, 2]).tolist() == np.array(["2020-01-01", "2020-01-03"], dtype="datetime64[s]").tolist()
    assert positions(index).dtype == np.dtype("datetime64[s]")
    assert positions(pd.RangeIndex(4), np.array([3, 1])).tolist() == [3, 1]


def test_extending_keeps_the_step():
    months = pd.date_range("2020-01-01", periods=3, freq="MS")
    assert extend(months, 5)[-1] == pd.Timestamp("2020-05-01")
    assert extend(months, 2) is months
    irregular = pd.DatetimeIndex(["2020-01-01", "2020-01-02", "2020-01-05"])
    assert extend(irregular, 4)[-1] == pd.Timestamp("2020-01-08")
    assert extend(pd.DatetimeIndex(["2020-01-01"]), 2)[-1] == pd.Timestamp("2020-01-02")
    assert list(extend(pd.RangeIndex(2), 4)) == [0, 1, 2, 3]


def test_shape_edges_are_plain():
    assert edge(np.datetime64("2020-01-01T00:00:00")) == "2020-01-01T00:00:00"
    assert edge(np.int64(3)) == 3


def test_dates_without_a_stated_frequency_go_on_as_before():
    months = pd.DatetimeIndex(["2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01"])
    assert extend(months, 6)[-1] == pd.Timestamp("2020-06-01")
    assert extend(months[:2], 3)[-1] == pd.Timestamp("2020-03-03")  # two dates tell a distance only
