import io

import pytest

from seqlab.data.csv_table import KINDS, ROW_NUMBERS, CsvTable
from seqlab.errors import DataError


def table(**columns):
    rows = [",".join(row) for row in zip(*columns.values(), strict=True)]
    return CsvTable(io.StringIO("\n".join([",".join(columns), *rows])))


def test_every_kind_is_told_apart():
    found = table(
        day=["2024-01-01", "2024-01-02", "2024-01-04"], x=["1", "", "2"], word=["a", "1", "2"], nothing=["", "NA", "-"], id=["7", "8", "9"]
    )
    assert found.kinds == {"day": "date", "x": "number", "word": "text", "nothing": "empty", "id": "rows"}
    assert set(found.kinds.values()) == set(KINDS)
    assert found.names("number") == ["x"]
    assert (len(found), found.cells("x")) == (3, ["1", "", "2"])


def test_the_time_is_guessed_by_content_and_name():
    dates = ["2024-01-01", "2024-01-02", "2024-01-04"]
    assert table(born=dates, date=dates, x=["1", "2", "4"]).guessed_time() == "date"
    assert table(born=dates, x=["1", "2", "4"]).guessed_time() == "born"
    assert table(x=["1", "2", "4"]).guessed_time() == ROW_NUMBERS


def test_the_target_is_guessed_among_numbers_that_vary():
    assert table(flat=["1", "1", "1"], x=["1", "2", "4"], value=["3", "1", "4"]).guessed_target() == "value"
    assert table(flat=["1", "1", "1"], x=["1", "2", "4"]).guessed_target() == "x"
    assert table(count=["1", "2", "3"], x=["1", "2", "4"]).guessed_target() == "x"
    assert table(flat=["1", "1", "1"]).guessed_target() == "flat"
    assert table(word=["a", "b", "c"]).guessed_target() is None


def test_wrong_cells_are_shown_shortened_with_their_line():
    found = table(x=["1", "y" * 100, "2"])
    assert found.shown("x", found.numbers("x").wrong) == f"'{'y' * 60}' in line 3"


def test_a_first_line_of_values_is_no_header():
    with pytest.raises(DataError, match="Add a header line"):
        CsvTable(io.StringIO("2024-01-01,1\n2024-01-02,2\n"))
