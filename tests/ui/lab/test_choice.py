"""What is said about the inputs beside the one that is drawn."""

from types import SimpleNamespace

from seqlab.ui.lab.choice import note_inputs


def test_targets_read_together_are_named_but_the_drawn_one():
    prepared = SimpleNamespace(target_size=3, target_names=("a", "b", "c"), feature_names=("a", "b", "c", "x", "calendar:day_sin"))
    assert note_inputs(prepared, 1) == "The model also reads a, c, x, the calendar (phase of day, week and year)."


def test_targets_read_one_at_a_time_are_not_other_inputs():
    prepared = SimpleNamespace(target_size=1, target_names=("a", "b"), feature_names=("target",))
    assert note_inputs(prepared, 1) == ""
