"""Addresses that name what a run does not have are answered with a sentence, not with silence."""

import pytest

from seqlab.ui.lab import choice
from seqlab.ui.lab.asked import missing

THERE = {"view": ["Trace", "One step"], "layer": range(1, 2), "unit": range(16), "step": range(1, 37)}


def test_what_is_there_needs_no_word():
    assert missing({"view": "Trace", "layer": "1", "unit": "0", "step": "36", "run": "example"}, THERE) == []
    assert missing({}, THERE) == []


def test_each_missing_thing_is_named_with_what_there_is():
    assert missing({"view": "nonsense", "layer": "9", "unit": "-1", "step": "x"}, THERE) == [
        "view nonsense (there are Trace, One step)",
        "layer 9 (there is only 1)",
        "unit -1 (there are 0 to 15)",
        "step x (there are 1 to 36)",
    ]


def test_an_endless_word_is_cut():
    assert len(missing({"unit": "9" * 5000}, THERE)[0]) < 80


def test_the_page_says_it_until_something_else_is_chosen(open_gates):
    app = open_gates(view="Saturation", unit="999", step="0", layer="9", window="99999")
    said = app.info[0].value
    assert all(word in said for word in ("unit 999", "step 0", "layer 9", "window 99999"))
    assert not app.exception
    assert not app.error
    for name in ("unit", "step", "window"):  # the browser's address is put right by the widgets, then the page runs again
        app.query_params.pop(name, None)
    app.run()
    assert app.info[0].value == said
    app.number_input(key="step").set_value(3).run()
    assert "unit 999" not in "".join(info.value for info in app.info)


@pytest.mark.parametrize("word", ["saturation", "SATURATION", "Saturation"])
def test_a_views_key_and_its_name_in_any_case_are_understood(open_gates, word):
    app = open_gates(view=word)
    assert not app.info
    assert app.get_by_key("view").value == "saturation"


def test_a_view_that_is_none_is_named(open_gates):
    assert "view nonsense" in open_gates(view="nonsense").info[0].value


def test_a_good_address_is_not_commented(open_gates):
    assert not open_gates(view="Saturation", unit="3", step="5", window="2").info


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"column": "nosuch"}, "column nosuch (there is only passengers)"),
        ({"order": "by taste"}, "order by taste (there are Longest memory first, "),
    ],
)
def test_a_column_and_an_order_that_are_none_are_named(open_gates, address, said):
    assert said in open_gates(view="Saturation", **address).info[0].value.replace("\\", "")


def test_the_word_of_a_menu_that_is_not_drawn_leaves_the_address_and_is_said_once(open_gates):
    app = open_gates(view="Saturation", layer="3", column="nosuch")
    assert "layer 3 (there is only 1)" in app.info[0].value.replace("\\", "")
    assert "choose above" not in app.info[0].value
    assert not {"layer", "column"} & set(app.query_params)
    app.number_input(key="step").set_value(3).run()
    assert not app.error
    assert not app.info


def test_a_menu_that_is_drawn_keeps_its_word(open_gates, deep_run):
    app = open_gates(run=deep_run, view="Saturation", layer="2", column="infl", direction="backward")
    assert not app.error
    assert not app.info
    assert (app.query_params["layer"], app.query_params["column"], app.query_params["direction"]) == ("2", "infl", "backward")
    app.text_input(key="run").set_value("example").run()  # which has one layer, one direction, one column
    assert not app.error
    app.number_input(key="step").set_value(3).run()
    assert not app.error
    assert not app.info
    assert not {"layer", "column", "direction"} & set(app.query_params)


@pytest.mark.parametrize(
    ("name", "word", "there_are"),
    [
        ("step", "inf", "there are 1 to 36"),
        ("step", "-Infinity", "there are 1 to 36"),
        ("step", "1e400", "there are 1 to 36"),
        ("window", "inf", "there are 1 to 10"),
    ],
)
def test_an_endless_number_is_said_like_any_other_and_leaves_the_address(open_gates, name, word, there_are):
    app = open_gates(view="Saturation", **{name: word, "unit": "3"})
    assert not app.exception
    assert not app.error
    assert f"{name} {word} ({there_are})" in app.info[0].value.replace("\\", "")
    assert app.number_input(key="step").value == 36
    assert app.slider(key="window").value == 10
    assert app.selectbox(key="unit").value == "3"
    assert name not in app.query_params
    app.number_input(key="step").set_value(3).run()
    assert not app.info


def test_an_endless_window_of_many_is_no_number_either(open_gates, monkeypatch):
    """So many windows have a field in place of a slider."""
    monkeypatch.setattr(choice, "MOST_ON_SLIDER", 5)
    app = open_gates(view="Saturation", window="inf")
    assert not app.error
    assert app.number_input(key="window").value == 10
    assert "window inf" in app.info[0].value


@pytest.mark.parametrize("name", ["bias_gap", "bias_seed"])
def test_an_endless_number_of_one_view_is_said_too(open_gates, name):
    app = open_gates(view="Forget bias", **{name: "1e400"})
    assert not app.error
    assert f"{name} 1e400 (it is no number)" in app.info[0].value.replace("\\", "")
    assert app.number_input(key=name).value == {"bias_gap": 30, "bias_seed": 0}[name]
    assert name not in app.query_params
