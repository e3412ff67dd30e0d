import pandas as pd
import pytest

from seqlab.data.csv_dates import FORMATS, looks_like_time, read_dates

DATES = pd.date_range("2023-11-28 09:05:00", periods=60, freq="D")


@pytest.mark.parametrize("layout", [layout for layout in FORMATS if layout != "ISO8601"])
def test_every_way_of_writing_is_read_back(layout):
    dates = pd.date_range("2019-01-01", periods=30, freq="MS") if "%d" not in layout else DATES
    written = [date.strftime(layout) for date in dates]
    expected = pd.to_datetime(written, format=layout)
    column = read_dates(written)
    assert len(column.wrong) == 0
    assert column.dates.equals(expected.as_unit(column.dates.unit))
    assert column.format == FORMATS[layout] or column.format.split()[0] in ("day", "month")


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024-01-31", "2024-02-01 10:30"], "2024-01-31 00:00:00"),
        (["2024/01/31", "2024/02/01"], "2024-01-31 00:00:00"),
        (["2024/01/31 10:30", "2024/02/01 11:30"], "2024-01-31 10:30:00"),
        (["2024-01", "2024-02"], "2024-01-01 00:00:00"),
        (["2024-01-31T10:30:15.250", "2024-02-01T00:00:00"], "2024-01-31 10:30:15.250000"),
        (["2024-01-31T10:00:00+02:00", "2024-01-31T10:00:00Z"], "2024-01-31 08:00:00"),
        (["1749-01", "1749-02"], "1749-01-01 00:00:00"),
    ],
)
def test_iso_dates(cells, first):
    assert str(read_dates(cells).dates[0]) == first


@pytest.mark.parametrize(
    ("cells", "first", "words"),
    [
        (["1700", "1701"], "1700-01-01", "year"),
        (["1959Q3", "1959 Q4"], "1959-07-01", "year and quarter"),
        (["Q1-2020", "Q2-2020"], "2020-01-01", "year and quarter"),
        (["20240131", "20240201"], "2024-01-31", "yearmonthday"),
        (["1704067200", "1704067201.5"], "2024-01-01", "seconds since 1970"),
        (["1704067200000", "1704067201000"], "2024-01-01", "milliseconds since 1970"),
    ],
)
def test_bare_numbers_are_dates_only_where_the_name_says_so(cells, first, words):
    column = read_dates(cells, "date")
    assert (str(column.dates[0].date()), column.format, column.share) == (first, words, 1.0)
    if words != "year and quarter":
        assert read_dates(cells, "load").share == 0.0


def test_two_readings_are_settled_by_even_steps_and_said():
    column = read_dates(["01/02/2024", "02/02/2024", "03/02/2024"])
    assert [date.day for date in column.dates] == [1, 2, 3]
    assert "fit two ways of writing; they were read as day/month/year" in column.notes[0]
    column = read_dates(["01/01/2024", "02/01/2024", "03/01/2024", "04/01/2024", "05/01/2024"])
    assert len(column.notes) == 1


def test_what_is_no_date_is_pointed_out():
    column = read_dates(["2024-01-31", "2024-02-30", "", "soon"])
    assert column.wrong.tolist() == [1, 2, 3]
    assert column.share == 0.25


def test_numbers_and_words_are_no_dates():
    for cells in (["1.5", "2"], ["a", "b"], ["", ""], ["3", "may be"], []):
        assert read_dates(cells).share == 0.0


def test_offsets_are_said():
    assert read_dates(["2024-01-31T10:00:00+02:00"]).notes == ("The times carry an offset; they were brought to UTC.",)


@pytest.mark.parametrize("name", ["date", "Date", "start_time", "Timestamp", "order-date", "ds", "year", "OrderDate", "Datum"])
def test_names_that_speak_of_time(name):
    assert looks_like_time(name)


@pytest.mark.parametrize("name", ["load", "candidate", "daytona", "yearly_mean_of", "overtime", ""])
def test_names_that_do_not(name):
    assert not looks_like_time(name)
