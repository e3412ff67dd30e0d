import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.config import SplitConfig
from seqlab.data.split import check_windows_fit, split_bounds
from seqlab.errors import ConfigError, DataError
from seqlab.records import SplitBounds


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ({}, (70, 85, 100)),
        ({"train_size": 60, "validation_size": 20}, (60, 80, 100)),
        ({"train_size": 0.5, "validation_size": 20, "test_size": 0.1}, (50, 70, 80)),
        ({"train_size": 0.5, "validation_size": 0.2, "test_size": 30}, (50, 70, 100)),
    ],
)
def test_shares_and_numbers_of_rows(split, expected):
    bounds = split_bounds(100, SplitConfig(**split))
    assert (bounds.train_end, bounds.validation_end, bounds.end) == expected


def test_the_published_split_keeps_the_test_rows():
    bounds = split_bounds(6051, SplitConfig(method="published", validation_size=0.2), published_test_start=4281)
    assert bounds == SplitBounds(train_end=4281 - 856, validation_end=4281, end=6051)
    bounds = split_bounds(6051, SplitConfig(method="published", validation_size=500), published_test_start=4281)
    assert bounds.rows("validation") == (3781, 4281)


def test_a_set_without_published_split_says_so():
    with pytest.raises(ConfigError, match="no published split"):
        split_bounds(100, SplitConfig(method="published"))


@pytest.mark.parametrize(
    "split",
    [
        {"train_size": 90, "validation_size": 20},
        {"train_size": 0.9, "validation_size": 0.1},
        {"train_size": 0.7, "validation_size": 0.2, "test_size": 0.3},
        {"train_size": 1e9},
        {"train_size": 99, "validation_size": 1},
    ],
)
def test_parts_that_do_not_fit_are_refused_with_the_numbers(split):
    with pytest.raises(DataError, match=r"The 100 rows cannot be split into \d+ for training.*Choose smaller parts"):
        split_bounds(100, SplitConfig(**split))


@given(
    rows=st.integers(3, 5000),
    train=st.floats(0.05, 0.9),
    validation=st.floats(0.05, 0.9),
    test=st.one_of(st.just(0.0), st.floats(0.05, 0.9)),
    published=st.one_of(st.none(), st.integers(1, 4999)),
)
def test_parts_follow_each_other_without_gap_or_overlap(rows, train, validation, test, published):
    split = SplitConfig(method="size" if published is None else "published", train_size=train, validation_size=validation, test_size=test)
    try:
        bounds = split_bounds(rows, split, published)
    except DataError:
        return
    spans = [bounds.rows(part) for part in ("train", "validation", "test")]
    assert spans[0][0] == 0
    assert [end for _, end in spans[:2]] == [start for start, _ in spans[1:]]
    assert all(start < end for start, end in spans)
    assert spans[2][1] <= rows
    if published is not None:
        assert spans[2] == (published, rows)


def test_three_shares_that_make_a_whole_always_fit():
    for rows in range(10, 60):
        assert split_bounds(rows, SplitConfig(train_size=0.5, validation_size=0.25, test_size=0.25)).end <= rows


@pytest.mark.parametrize(
    ("context", "horizon", "sentence"),
    [
        (90, 20, "One window needs 110 rows (90 of context and 20 of horizon), but there are only 100"),
        (1000, 1, "but there are only 100"),
        (60, 12, "but the training part has 70"),
        (10, 18, "The horizon of 18 steps is longer than the validation part, which has 17 rows"),
        (10, 15, "The horizon of 15 steps is longer than the test part, which has 13 rows"),
    ],
)
def test_windows_that_do_not_fit_are_refused_with_the_numbers(context, horizon, sentence):
    with pytest.raises(DataError, match=re.escape(sentence)):
        check_windows_fit(SplitBounds(train_end=70, validation_end=87, end=100), context, horizon)


def test_the_largest_window_fits():
    check_windows_fit(SplitBounds(train_end=70, validation_end=87, end=100), 57, 13)
    with pytest.raises(DataError, match="71 rows"):
        check_windows_fit(SplitBounds(train_end=70, validation_end=87, end=100), 58, 13)
