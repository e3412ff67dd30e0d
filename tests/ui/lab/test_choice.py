"""What is said about the inputs beside the one that is drawn; defaults that follow what they depend on."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.ui.lab.choice import note_inputs


def test_targets_read_together_are_named_but_the_drawn_one():
    prepared = SimpleNamespace(target_size=3, target_names=("a", "b", "c"), feature_names=("a", "b", "c", "x", "calendar:day_sin"))
    assert note_inputs(prepared, 1) == "The model also reads a, c, x, the calendar (phase of day, week and year)."


def test_targets_read_one_at_a_time_are_not_other_inputs():
    prepared = SimpleNamespace(target_size=1, target_names=("a", "b"), feature_names=("target",))
    assert note_inputs(prepared, 1) == ""


def test_the_default_step_of_a_short_run_is_not_kept_in_a_long_one(open_gates, deep_run):
    app = open_gates(run=deep_run, view="Saturation")
    assert app.number_input(key="step").value == 4
    app.text_input(key="run").set_value("example").run()
    assert not app.error
    assert app.number_input(key="step").value == 36
    app.number_input(key="step").set_value(3).run()
    app.text_input(key="run").set_value(deep_run).run()
    assert not app.error
    assert app.number_input(key="step").value == 3


def test_the_first_unit_follows_the_order_and_a_chosen_one_stays(open_gates):
    app = open_gates(view="Saturation")
    assert app.selectbox(key="unit").value != "0"
    app.selectbox(key="order").select("Unit number").run()
    assert app.selectbox(key="unit").value == "0"
    app.selectbox(key="unit").select("3").run()
    app.selectbox(key="order").select("Most active first").run()
    assert not app.error
    assert app.selectbox(key="unit").value == "3"
    assert app.selectbox(key="unit").options[0] != "0"


def _number():
    """A page with one number of as many as another says."""
    import streamlit as st

    from seqlab.ui.lab.choice import choose_number

    st.session_state["shown"] = choose_number("Number", "number", st.session_state["count"])


@pytest.mark.parametrize(("chosen", "then"), [(None, 90), (5, 5)])
def test_the_last_of_many_windows_is_the_last_of_others_too(monkeypatch, chosen, then):
    monkeypatch.setattr("seqlab.ui.lab.choice.MOST_ON_SLIDER", 0)
    app = AppTest.from_function(_number)
    app.session_state["count"] = 9
    app.run()
    if chosen:
        app.number_input(key="number").set_value(chosen).run()
    app.session_state["count"] = 90
    app.run()
    assert app.session_state["shown"] == app.number_input(key="number").value == then
