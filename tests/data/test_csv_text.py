import io

import pytest

from seqlab.data.csv_text import read_text_table
from seqlab.errors import DataError


def read(text):
    return read_text_table(io.BytesIO(text.encode()))


@pytest.mark.parametrize(
    ("text", "separator", "names"),
    [
        ("a,b\n1,2\n", ",", ("a", "b")),
        ("a;b,c\n1,2\n", ",", ("a;b", "c")),  # a tie goes to the comma, the usual one
        ('"a;b;c",d\n1,2\n', ",", ("a;b;c", "d")),
        ("a\tb\n1\t2\n", "\t", ("a", "b")),
        ("only\n1\n", ",", ("only",)),
        (" a , ,b\n1,2,3\n", ",", ("a", "column 2", "b")),
    ],
)
def test_the_separator_is_the_one_the_header_uses(text, separator, names):
    table = read(text)
    assert (table.separator, table.names) == (separator, names)


def test_quoted_values_may_hold_separators_and_quotation_marks():
    table = read('name,value\n"Smith, ""J""",1\n')
    assert table.cells == (['Smith, "J"'], ["1"])


def test_lines_are_those_of_the_file():
    table = read('a,b\n\n1,2\n,\n"3",4\n')
    assert table.lines == [3, 5]
    assert table.notes == ("2 empty lines were skipped.",)


def test_text_and_bytes_read_alike():
    content = "Größe,b\n1,2\n"
    assert read(content).names == read_text_table(io.StringIO("\ufeff" + content)).names == ("Größe", "b")


def test_windows_1252_is_read_and_said():
    table = read_text_table(io.BytesIO("Größe,€\n1,2\n".encode("cp1252")))
    assert table.names == ("Größe", "€")
    assert "read as Windows-1252" in table.notes[0]


def test_a_field_longer_than_any_is_refused():
    with pytest.raises(DataError, match="Line 2 cannot be read as CSV"):
        read("a,b\n" + "1" * 200_000 + ",2\n")
