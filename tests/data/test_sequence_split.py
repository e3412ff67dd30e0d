"""Splits of sequences: whole groups, classes in proportion, published parts, the same every time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlab.config import SplitConfig
from seqlab.data.sequence_split import split_sequences, without_copies
from seqlab.errors import ConfigError, DataError

SIZES = SplitConfig(train_size=0.6, validation_size=0.2)


@settings(max_examples=40)
@given(labels=st.lists(st.sampled_from("aab c"), min_size=10, max_size=60))
def test_parts_are_disjoint_whole_and_hold_classes_in_proportion(labels):
    numbers = split_sequences(np.arange(len(labels)), SIZES, strata=labels)
    assert sorted(np.concatenate(list(numbers.values()))) == list(range(len(labels)))
    assert all((np.diff(chosen) > 0).all() for chosen in numbers.values())
    for name in set(labels):
        share = sum(labels[number] == name for number in numbers["train"]) / labels.count(name)
        assert abs(share - 0.6) * labels.count(name) <= 1.5
        assert share > 0, "a class that training lacks cannot be learned"


@settings(max_examples=40)
@given(groups=st.lists(st.integers(0, 8), min_size=12, max_size=60).filter(lambda names: len(set(names)) >= 3))
def test_a_group_lies_in_one_part(groups):
    names = [str(group) for group in groups]
    numbers = split_sequences(np.arange(len(names)), SIZES, groups=names)
    held = [{names[number] for number in chosen} for chosen in numbers.values()]
    assert all(held)
    assert sum(map(len, held)) == len(set(names))


def test_the_published_test_part_stays_and_validation_comes_out_of_training():
    parts = ["train"] * 8 + ["test"] * 4
    published = SplitConfig(method="published", validation_size=0.25)
    numbers = split_sequences(np.arange(12), published, strata=["a", "b"] * 6, parts=parts)
    assert numbers["test"].tolist() == [8, 9, 10, 11]
    assert (len(numbers["train"]), len(numbers["validation"])) == (6, 2)
    by_group = split_sequences(np.arange(12), published, groups=["x", "x", "y", "y", "z", "z", "w", "w", *"abcd"], parts=parts)
    assert by_group["validation"][0] % 2 == 0
    assert by_group["validation"].tolist() == [by_group["validation"][0], by_group["validation"][0] + 1]


def test_copies_are_dropped_from_training_before_the_test():
    assert without_copies(["a", "b", "a", "c", "b"], ["train", "train", "test", "test", "train"]).tolist() == [1, 2, 3]


def test_what_cannot_be_split_says_what_would_work():
    with pytest.raises(ConfigError, match=r"no published split\. Set the split to 'size'"):
        split_sequences(np.arange(9), SplitConfig(method="published"))
    with pytest.raises(DataError, match=r"only 2 .'a', 'b'. for 3 parts. Give data of more groups"):
        split_sequences(np.arange(4), SplitConfig(train_size=2, validation_size=1), groups=list("aabb"))
    with pytest.raises(DataError, match="cannot be split into parts of 5, 5, 0"):
        split_sequences(np.arange(5), SplitConfig(train_size=5, validation_size=5))
