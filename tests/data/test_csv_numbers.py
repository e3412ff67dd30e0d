import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.csv_numbers import decimal_commas, read_numbers


@given(st.lists(st.floats(allow_nan=False)))
def test_numbers_come_back_to_the_last_bit(numbers):
    assert read_numbers([repr(number) for number in numbers]).values.tolist() == numbers


@pytest.mark.parametrize("extra", [["x"], ["NA"], ["true"]])
def test_one_odd_cell_does_not_change_the_others(extra):
    numbers = [0.1 + 0.2, 1 / 3, 1e-300, 123456789.123456789]
    assert read_numbers([*map(repr, numbers), *extra]).values[:4].tolist() == numbers


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "nan", "NULL", "None", "-", "?", "#N/A", "."])
def test_ways_to_write_missing(cell):
    column = read_numbers(["1", cell])
    assert np.isnan(column.values[1])
    assert (column.observed, len(column.wrong)) == (1, 0)


@pytest.mark.parametrize("cell", ["x", "1 2", "12 %", "1.2.3", "0x10", "1,2,3", "2024-01-01", "²"])
def test_what_is_no_number_is_pointed_out(cell):
    assert read_numbers(["1", cell]).wrong.tolist() == [1]


def test_infinities_are_kept_for_the_caller_to_judge():
    assert read_numbers(["inf", "-Infinity", "1e999"]).values.tolist() == [np.inf, -np.inf, np.inf]


def test_thousands_separators_are_seen():
    column = read_numbers(["1,234.5", "12", "1,234,567"])
    assert (column.values.tolist(), column.rewritten) == ([1234.5, 12.0, 1234567.0], "thousands separators")


def test_decimal_commas_decide_for_the_whole_file():
    columns = [["1.250", "2.500"], ["0,5", "1,75"]]
    comma = decimal_commas(columns, ";")
    assert comma
    assert read_numbers(columns[0], comma=comma).values.tolist() == [1250.0, 2500.0]
    assert read_numbers(columns[1], comma=comma).values.tolist() == [0.5, 1.75]
    assert read_numbers(["1.25", "2"], comma=comma).values.tolist() == [1.25, 2.0]


def test_points_stay_decimal_where_nothing_speaks_for_commas():
    assert not decimal_commas([["1.250", "2.500"]], ";")
    assert read_numbers(["1.250", "2.500"]).values.tolist() == [1.25, 2.5]
