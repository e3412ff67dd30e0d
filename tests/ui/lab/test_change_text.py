"""Changes as text: there and back, and what cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.errors import TraceError
from seqlab.gates.intervention import Intervention
from seqlab.ui.lab.change_text import numbers_text, read_changes, read_numbers, write_changes

numbers = st.none() | st.sets(st.integers(0, 300), min_size=1, max_size=20)
changes = st.builds(
    Intervention,
    gate=st.sampled_from("ifgochrzn"),
    op=st.sampled_from(["set", "scale", "shift"]),
    value=st.integers(-5000, 5000).map(lambda number: number / 1000),
    units=numbers,
    steps=numbers,
    layer=st.integers(0, 3),
    direction=st.sampled_from(["forward", "backward"]),
)


@given(st.lists(changes, max_size=8))
def test_round_trip(made):
    assert read_changes(write_changes(made)) == made


@given(st.sets(st.integers(0, 50), min_size=1))
def test_numbers_round_trip(made):
    assert read_numbers(numbers_text(sorted(made)), "These") == sorted(made)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("f:set:1", Intervention(gate="f", op="set", value=1)),
        (" f : set : 0.5 : u3 : 5-8 ", Intervention(gate="f", op="set", value=0.5, units=[3], steps=range(4, 8))),
        ("z@2b:mean::all:12", Intervention(gate="z", op="mean", steps=[11], layer=1, direction="backward")),
        ("z@2b:mean", Intervention(gate="z", op="mean", layer=1, direction="backward")),
    ],
)
def test_short_forms(text, change):
    assert read_changes(text) == [change]


def test_nothing_is_written_as_a_word_so_that_an_address_can_hold_it():
    assert write_changes([]) == "none"
    assert read_changes("none") == read_changes(" ; ") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("f", "must look like"),
        ("f:open:1", "Changes are set, scale, shift, mean"),
        ("f:set:much", "must be a number"),
        ("f:set:nan", "finite"),
        ("f:set", "needs a value"),
        ("f:set:1:u3:8-5", "count upwards"),
        ("f:set:1:u3:0-5", "counted from 1"),
        ("f:set:1:u-3", "The units must look like"),
        ("f:set:1:all:1-999999999", "at most 100,000"),
        ("f:set:1:u0-9999999999999999999999999", "The units must look like"),
        (f"f:set:1:all:{'9' * 5000}", "The steps must look like"),
        (f"f:set:1:all:1-{'9' * 5000}", "The steps must look like"),
        (f"f@{'9' * 5000}:set:1", "f@2 in layer 2"),
        ("f@0:set:1", "f@2 in layer 2"),
        ("<b>:set:1", "cannot be read"),
        ("f:set:1:all:all:all", "must look like"),
        (";".join(["f:set:1"] * 9), "up to 8"),
    ],
)
def test_what_cannot_be_read_says_how_it_should_look(text, words):
    with pytest.raises(TraceError, match=words):
        read_changes(text)
