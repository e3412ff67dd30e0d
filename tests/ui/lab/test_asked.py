"""Addresses that name what a run does not have are answered with a sentence, not with silence."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.ui import supervision
from seqlab.ui.lab.asked import missing

ROOT = Path(__file__).resolve().parents[3]
THERE = {"view": ["Trace", "One step"], "layer": range(1, 2), "unit": range(16), "step": range(1, 37)}


class QuietSupervisor:
    """Starts nothing."""

    def __init__(self, store):
        self.store = store

    def start(self):
        return self


@pytest.fixture
def open_gates(monkeypatch, tmp_path):
    monkeypatch.setattr(supervision, "Supervisor", QuietSupervisor)
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path / "home"))

    def open_(**address):
        app = AppTest.from_file(str(ROOT / "pages/gates.py"), default_timeout=120)
        for name, value in {"run": "example", "view": "Saturation", **address}.items():
            app.query_params[name] = value
        return app.run()

    return open_


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
    app = open_gates(unit="999", step="0", layer="9", window="99999")
    said = app.info[0].value
    assert all(word in said for word in ("unit 999", "step 0", "layer 9", "window 99999"))
    assert not app.exception
    for name in ("unit", "step", "window"):  # the browser's address is put right by the widgets, then the page runs again
        app.query_params.pop(name, None)
    app.run()
    assert app.info[0].value == said
    app.number_input(key="step").set_value(3).run()
    assert "unit 999" not in "".join(info.value for info in app.info)


@pytest.mark.parametrize("word", ["search", "SEARCH", "Search"])
def test_a_views_key_and_its_name_in_any_case_are_understood(open_gates, word):
    app = open_gates(view=word)
    assert not app.info
    assert "Mark some steps of the window" in app.markdown[1].value


def test_a_view_that_is_none_is_named(open_gates):
    assert "view nonsense" in open_gates(view="nonsense").info[0].value


def test_a_good_address_is_not_commented(open_gates):
    assert not open_gates(unit="3", step="5", window="2").info
