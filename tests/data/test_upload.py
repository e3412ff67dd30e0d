import io
import re
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlab.config import RunSpec, WindowConfig
from seqlab.data import csv_text
from seqlab.data.catalog import dataset_folder, load_dataset
from seqlab.data.prepare import prepare
from seqlab.data.upload import ROW_NUMBERS, inspect_table, read_table
from seqlab.errors import ConfigError, DataError, SeqlabError


def days(rows=40, start="2024-01-01", frequency="D", form="%Y-%m-%d"):
    return [date.strftime(form) for date in pd.date_range(start, periods=rows, freq=frequency)]


def table(columns, separator=","):
    """CSV bytes with one column per entry."""
    lines = [separator.join(columns), *(separator.join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    return ("\n".join(lines) + "\n").encode()


def dated(values, **more):
    return table({"date": days(len(values)), "value": values, **more})


NUMBERS = [number % 7 + number / 10 for number in range(40)]


BAD = {
    "empty file": (b"", "The file is empty. Give a CSV file with a header line"),
    "separators only": (b",,\n,\n", "The file holds separators only."),
    "blank lines only": (b"\n \n\r\n", "The file is empty."),
    "header only": (b"date,value\n", "a header line ('date', 'value'), but no row below it. Give one row per time."),
    "no numeric column": (dated(["high"] * 40), "No column holds numbers that could be forecast. Found: 'date' (date), 'value' (text)."),
    "all values missing": (dated([""] * 40), "Found: 'date' (date), 'value' (empty)."),
    "12 rows": (dated(NUMBERS[:12]), "The target 'value' has 12 values. At least 20 are needed"),
    "12 values": (dated([*NUMBERS[:12], *[""] * 28]), "The target 'value' has 12 values. At least 20 are needed"),
    "one date that does not parse": (
        table({"date": [*days(39), "yesterday"], "value": NUMBERS}),
        "Of the 40 values in the time column 'date', 1 cannot be read as dates, the first is 'yesterday' in line 41. Write all dates alike",
    ),
    "a missing date": (table({"date": [*days(39), ""], "value": NUMBERS}), "the first is '' in line 41"),
    "no date that parses": (table({"date": ["soon"] * 40, "value": NUMBERS}), "40 cannot be read as dates, the first is 'soon' in line 2"),
    "duplicate times": (
        table({"date": [*days(38), *days(2)], "value": NUMBERS}),
        "Of the 40 rows, 2 repeat the time of a row before them; the first such time is 2024-01-01",
    ),
    "constant target": (dated([5] * 40), "The target 'value' is constant: every value is 5"),
    "infinite value": (dated([*NUMBERS[:39], "inf"]), "Infinite values in column 'value': 1 of 40, the first is 'inf' in line 41."),
    "minus infinity": (dated(["-Infinity", *NUMBERS[1:]]), "the first is '-Infinity' in line 2"),
    "too large to be a number": (dated([*NUMBERS[:39], "1e999"]), "the first is '1e999' in line 41"),
    "a row with too many values": (dated(NUMBERS) + b"2024-03-01,1,2\n", "Line 42 has 3 values, but the header names 2 columns"),
    "a row with too few values": (dated(NUMBERS) + b"2024-03-01\n", "Line 42 has 1 value, but the header names 2 columns"),
    "a quotation mark never closed": (
        dated(NUMBERS).replace(b"2024-01-05", b'"2024-01-05'),
        "goes over several lines. Close its quotation mark",
    ),
    "two columns with one name": (dated(NUMBERS).replace(b"date,value", b"value,value"), "Columns 1 and 2 are both called 'value'."),
    "no header": (dated(NUMBERS).partition(b"\n")[2], "The first line holds values ('2024-01-01', '0.0'), not names. Add a header line"),
    "a name over two lines": (dated(NUMBERS).replace(b"value", b'"val\nue"'), "holds characters that cannot be shown"),
    "a very long name": (dated(NUMBERS).replace(b"value", b"v" * 201), "has 201 characters, at most 200 are allowed"),
    "zero bytes": (dated(NUMBERS).replace(b"2024-01-02", b"2024\0-01-02"), "holds zero bytes"),
    "a workbook": (b"PK\x03\x04" + bytes(100), "is a workbook, an archive or another binary file"),
    "no known encoding": (dated(NUMBERS).replace(b"value", b"v\x81lue"), "byte 6 (0x81) is neither UTF-8 nor Windows-1252"),
    "broken UTF-16": (b"\xff\xfe" + b"a,b\n1,2\n" + b"\n", "claims to be utf-16 but is not"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_refused_with_a_reason_and_a_remedy(case):
    content, sentence = BAD[case]
    with pytest.raises(DataError, match=re.escape(sentence)) as caught:
        read_table(io.BytesIO(content))
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("case", BAD)
def test_looking_at_it_first_never_fails_otherwise(case):
    try:
        look = inspect_table(io.BytesIO(BAD[case][0]))
    except DataError as error:
        look = error
    assert isinstance(look, DataError) or look.rows >= 1


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"target": "nothing"}, DataError, "There is no column 'nothing' in the file. Its columns are: date, value, word, empty, flat"),
        (
            {"target": "word"},
            DataError,
            "Of the 40 values of the target 'word', 40 cannot be read as numbers, the first is 'low' in line 2.",
        ),
        (
            {"target": "empty"},
            DataError,
            "The target 'empty' has no value in any of the 40 rows. Fill it in, or choose another target: value",
        ),
        ({"target": "flat"}, DataError, "The target 'flat' is constant"),
        ({"target": ()}, ConfigError, "Name at least one column"),
        ({"target": ("value", "value")}, ConfigError, "each once"),
        ({"target": "value", "time": "value"}, ConfigError, "chosen as the time and as a target"),
        ({"time": "../../x"}, DataError, "There is no column '../../x' in the file for the time"),
        ({"time": "word"}, DataError, "cannot be read as dates, the first is 'low' in line 2"),
        ({"time": "value"}, ConfigError, "chosen as the time and as a target"),
        ({"known_ahead": ("word",)}, DataError, "'word' is no column of numbers beside the target. Choose among: flat"),
        ({"duplicates": "sum"}, ConfigError, "refuse, mean, first, last"),
        ({"infinities": "keep"}, ConfigError, "refuse, missing"),
        ({"season_length": 0}, ConfigError, "whole number from 1 (none) to 39"),
        ({"season_length": 40}, ConfigError, "whole number from 1 (none) to 39"),
    ],
)
def test_choices_that_do_not_fit_the_file_are_refused(given, error, sentence):
    content = dated(NUMBERS, word=["low"] * 40, empty=[""] * 40, flat=[1] * 40)
    with pytest.raises(error, match=re.escape(sentence)):
        read_table(io.BytesIO(content), **given)


def test_a_plain_file():
    data = read_table(io.BytesIO(dated(NUMBERS, rain=NUMBERS[::-1])), label="My load")
    assert (data.label, data.targets, data.past, data.frequency, data.season_length) == ("My load", ("value",), ("rain",), "D", 7)
    assert data.frame["value"].tolist() == NUMBERS
    assert data.frame.index.equals(pd.date_range("2024-01-01", periods=40, name="date"))
    assert (data.frame.dtypes == np.float64).all()


ALIKE = {
    "byte-order mark": b"\xef\xbb\xbf" + dated(NUMBERS),
    "UTF-16": dated(NUMBERS).decode().encode("utf-16"),
    "Windows line ends": dated(NUMBERS).replace(b"\n", b"\r\n"),
    "old Macintosh line ends": dated(NUMBERS).replace(b"\n", b"\r"),
    "tabs": dated(NUMBERS).replace(b",", b"\t"),
    "vertical bars": dated(NUMBERS).replace(b",", b"|"),
    "semicolons and decimal commas": table({"date": days(), "value": [str(number).replace(".", ",") for number in NUMBERS]}, ";"),
    "blank lines": dated(NUMBERS).replace(b"\n2024-01-09", b"\n\n , \n2024-01-09"),
    "spaces": dated(NUMBERS).replace(b",", b" , "),
    "quotation marks": dated([f'"{number}"' for number in NUMBERS]),
    "a separator at every line's end": dated(NUMBERS).replace(b"\n", b",\n"),
    "numbered rows": table({"": range(40), "date": days(), "value": NUMBERS}),
    "backwards in time": table({"date": days()[::-1], "value": NUMBERS[::-1]}),
    "out of order": table({"date": days()[20:] + days()[:20], "value": NUMBERS[20:] + NUMBERS[:20]}),
    "German dates": table({"date": days(form="%d.%m.%Y"), "value": NUMBERS}),
    "British dates": table({"date": days(form="%d/%m/%Y"), "value": NUMBERS}),
    "American dates": table({"date": days(form="%m/%d/%Y"), "value": NUMBERS}),
    "written months": table({"date": days(form="%d %b %Y"), "value": NUMBERS}),
    "dates without signs": table({"date": days(form="%Y%m%d"), "value": NUMBERS}),
    "seconds since 1970": table({"timestamp": [1704067200 + 86400 * day for day in range(40)], "value": NUMBERS}),
    "milliseconds since 1970": table({"timestamp": [(1704067200 + 86400 * day) * 1000 for day in range(40)], "value": NUMBERS}),
    "times with an offset": table({"date": days(form="%Y-%m-%dT00:00:00Z"), "value": NUMBERS}),
}


@pytest.mark.parametrize("case", ALIKE)
def test_the_same_table_written_otherwise_reads_the_same(case):
    data = read_table(io.BytesIO(ALIKE[case]))
    assert data.frame["value"].tolist() == NUMBERS
    assert [date.strftime("%Y-%m-%d") for date in data.frame.index] == days()
    assert (data.frequency, data.season_length) == ("D", 7)


def test_what_was_done_is_said():
    content = table({"date": [*days(20), *days(20, start="2024-01-25")][::-1], "value": NUMBERS, "word": ["x"] * 40, "plan": [1] * 40}, ";")
    notes = " ".join(read_table(io.BytesIO(content + b"\n")).notes)
    for part in (
        "Values are separated by semicolons.",
        "The rows ran backwards in time; they were turned round.",
        "4 of 44 dates had no row; rows with missing values were added.",
        "4 of 44 values of 'value' are missing.",
        "The column 'word' is left out: 40 of its 40 values cannot be read as numbers, the first is 'x' in line 2.",
        "The column 'plan' never changes",
        "1 empty line was skipped.",
    ):
        assert part in notes


def test_names_of_columns_stay_text():
    names = ["<b>x</b>", "../../x", "=1+1", "[link](javascript:alert(1))", "${HOME}", "Größe 😀", "a\\b"]
    content = table({"date": days(), **{name: np.roll(NUMBERS, shift) for shift, name in enumerate(names)}})
    data = read_table(io.BytesIO(content), target=names[:2])
    assert data.columns == tuple(names)
    prepared = prepare(data, RunSpec(dataset="x", window=WindowConfig(context_length=4, horizon=2)))
    assert prepared.target_names == tuple(names[:2])
    with pytest.raises(DataError, match=re.escape("'<script>' in the file. Its columns are: date, <b>x</b>")):
        read_table(io.BytesIO(content), target="<script>")


def test_the_label_of_a_file_is_its_name_never_its_path(tmp_path):
    path = tmp_path / "load.csv"
    path.write_bytes(dated(NUMBERS))
    assert read_table(path).label == "load.csv"
    assert read_table(str(path)).label == "load.csv"
    named = io.BytesIO(dated(NUMBERS))
    named.name = "../../etc/<b>pass\nwd</b>.csv"
    assert read_table(named).label == "b>.csv"
    assert read_table(io.BytesIO(dated(NUMBERS))).label == "Your table"


def test_duplicates_are_settled_as_chosen():
    content = table({"date": [*days(39), days(1)[0]], "value": [*NUMBERS[:39], 100.0]})
    first = {choice: read_table(io.BytesIO(content), duplicates=choice) for choice in ("mean", "first", "last")}
    assert {choice: data.frame["value"].iloc[0] for choice, data in first.items()} == {"mean": 50.0, "first": 0.0, "last": 100.0}
    assert all(len(data.frame) == 39 for data in first.values())
    assert any("use their mean" in note for note in first["mean"].notes)


def test_infinities_may_count_as_missing():
    data = read_table(io.BytesIO(dated([*NUMBERS[:39], "inf"])), infinities="missing")
    assert data.frame["value"].isna().tolist() == [False] * 39 + [True]
    assert "Infinite values of 'value' are treated as missing: 1 of 40." in data.notes


def test_missing_values_may_be_written_in_many_ways():
    written = ["", "NA", "n/a", "NaN", "null", "None", "-", "?", "#N/A", "missing"]
    data = read_table(io.BytesIO(dated([*NUMBERS[:30], *written])))
    assert int(data.frame["value"].isna().sum()) == 10


def test_without_dates_rows_are_numbered():
    content = table({"load": NUMBERS, "rain": NUMBERS[::-1]})
    for data in (read_table(io.BytesIO(content)), read_table(io.BytesIO(dated(NUMBERS)), time=ROW_NUMBERS)):
        assert isinstance(data.frame.index, pd.RangeIndex)
        assert (data.frequency, data.season_length) == (None, 1)
        assert any("the rows are numbered" in note for note in data.notes)


def test_uneven_times_are_numbered_and_said():
    times = np.cumsum(np.arange(40) % 5 + 1)
    content = table({"time": pd.Timestamp("2024-01-01") + pd.to_timedelta(times, unit="min"), "value": NUMBERS})
    data = read_table(io.BytesIO(content))
    assert isinstance(data.frame.index, pd.RangeIndex)
    assert any("not evenly spaced (steps from 0 days 00:01:00 to 0 days 00:05:00)" in note for note in data.notes)


def test_years_and_quarters_in_two_columns_are_put_together():
    data = read_table(dataset_folder() / "macro_us" / "macro_us_quarterly.csv", target="realgdp")
    assert data.frame.index.equals(load_dataset("macro_us").frame.index)
    assert (data.frequency, data.season_length) == ("QS-JAN", 1)
    assert "The dates are put together from the columns 'year' and 'quarter'." in data.notes
    content = table({"month": [row % 12 + 1 for row in range(40)], "year": [2000 + row // 12 for row in range(40)], "value": NUMBERS})
    assert read_table(io.BytesIO(content)).frequency == "MS"


def test_chosen_roles_are_kept():
    content = dated(NUMBERS, rain=NUMBERS[::-1], holiday=["true" if day % 7 else "false" for day in range(40)], wind=np.roll(NUMBERS, 3))
    data = read_table(io.BytesIO(content), target=["rain", "value"], known_ahead=["holiday"], season_length=14)
    assert (data.targets, data.known_ahead, data.past) == (("rain", "value"), ("holiday",), ("wind",))
    assert (data.season_length, data.seasons) == (14, (7, 14))
    assert data.frame["holiday"].iloc[:2].tolist() == [0.0, 1.0]


def test_the_first_look_tells_what_the_columns_hold():
    content = table({"id": range(40), "day": days(), "load": NUMBERS, "word": ["a"] * 40, "none": [""] * 40, "y": ["", *NUMBERS[1:]]})
    look = inspect_table(io.BytesIO(content))
    assert [column.kind for column in look.columns] == ["rows", "date", "number", "text", "empty", "number"]
    assert (look.time, look.target, look.rows) == ("day", "y", 40)
    assert (look.times, look.targets) == (("day",), ("load", "y"))
    assert look.first_rows[0] == ("0", "2024-01-01", "0.0", "a", "", "")
    assert len(look.first_rows) == 5
    assert [column.missing for column in look.columns] == [0, 0, 0, 0, 40, 1]


def test_limits_are_said_with_their_numbers(monkeypatch, tmp_path):
    content = dated(NUMBERS)
    path = tmp_path / "big.csv"
    path.write_bytes(content)
    monkeypatch.setattr(csv_text, "MAX_CELLS", 50)
    with pytest.raises(DataError, match=r"more than 50 values \(2 columns, over 25 rows\)"):
        read_table(io.BytesIO(content))
    monkeypatch.setattr(csv_text, "MAX_BYTES", 100)
    for source in (io.BytesIO(content), path):
        with pytest.raises(DataError, match=r"The file has (more than )?\d+ MB\. The limit is"):
            read_table(source)
    monkeypatch.undo()
    with pytest.raises(DataError, match=r"names 1,001 columns\. At most 1,000"):
        read_table(io.BytesIO(",".join(f"c{number}" for number in range(1001)).encode() + b"\n"))


@pytest.mark.parametrize("path", ["/nowhere/file.csv", "", "a\0b", "/"])
def test_a_path_that_cannot_be_read(path):
    with pytest.raises(DataError, match="cannot be read"):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "frequency", "season"),
    [("airline_passengers", "MS", 12), ("electricity_taylor", "30min", 336), ("sunspots", "MS", 1), ("stock_aapl", "B", 1)],
)
def test_the_shipped_files_read_as_uploads_too(name, frequency, season):
    path = sorted((dataset_folder() / name).glob("*.csv"))[0]
    data = read_table(path)
    assert (data.frequency, data.season_length) == (frequency, season)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_sentence(content):
    _survives(content)


CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "2.5", "1,5", "inf", "nan", "2024-01-01", "01.02.2024", "x", '"', "9" * 20, "1e400", "-", "true", "1.234,5", "²", "٣"]
    ),
    st.text(max_size=5),
)


@settings(max_examples=60)
@given(
    header=st.lists(st.sampled_from(["date", "time", "year", "value", "x", "", "timestamp"]), min_size=1, max_size=4),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=25),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_any_table_gives_a_series_or_a_sentence(header, rows, separator):
    _survives("\n".join(separator.join(row) for row in [header, *rows]).encode("utf-8", "surrogatepass"))


@settings(max_examples=40)
@given(
    column=st.lists(CELLS.filter(lambda cell: not set(cell) & set('\n\r",')), min_size=25, max_size=25),
    name=st.sampled_from(["date", "year", "x", "ts"]),
)
def test_any_column_gives_a_series_or_a_sentence(column, name):
    _survives(table({name: column, "value": NUMBERS[:25]}).replace(b"\0", b""))


def _survives(content):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            data, sentence = read_table(io.BytesIO(content), duplicates="mean", infinities="missing"), "A series."
        except SeqlabError as error:
            data, sentence = None, str(error)
    assert sentence.endswith(".")
    if data is not None:
        assert len(data.fingerprint) == 64
        assert all(earlier < later for earlier, later in pairwise(data.frame.index))
