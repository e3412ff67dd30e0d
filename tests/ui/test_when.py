import pandas as pd
import pytest

from seqlab.ui.when import step_words, when


@pytest.mark.parametrize(
    ("start", "freq", "row", "shown"),
    [
        ("1949-01-01", "MS", 11, "Dec 1949"),
        ("1959-01-01", "QS", 1, "Apr 1959"),
        ("2020-01-01", "D", 31, "2020-02-01"),
        ("2020-01-01", "h", 24, "2020-01-02 00:00"),
        ("2020-01-01", "30min", 1, "2020-01-01 00:30"),
        ("2020-01-04", "W-SAT", 1, "2020-01-11"),
    ],
)
def test_dates_are_as_short_as_the_step_allows(start, freq, row, shown):
    assert when(pd.date_range(start, periods=40, freq=freq), row) == shown


def test_rows_without_dates_are_numbered():
    assert when(pd.RangeIndex(2000), 1234) == "row 1,234"
    assert when(pd.date_range("2020-01-01", periods=1), 0) == "2020-01-01"


@pytest.mark.parametrize(
    ("frequency", "count", "words"),
    [
        ("MS", 12, "12 months"),
        ("B", 1, "1 trading day"),
        ("W-SAT", 52, "52 weeks"),
        ("15min", 4, "1 hour"),
        ("30min", 336, "7 days"),
        ("h", 36, "36 hours"),
        ("2h", 1, "2 hours"),
        ("ms", 1, "1 × ms"),
        (None, 1, "1 row"),
    ],
)
def test_steps_in_words(frequency, count, words):
    assert step_words(frequency, count) == words
