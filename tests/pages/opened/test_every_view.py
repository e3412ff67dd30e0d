"""What holds for every view of the laboratory: it opens on every kind of model, says what it shows, and takes any address."""

import pytest

from seqlab.ui.lab.views import VIEWS

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def view_of(app):
    return app.get_by_key("view").value


@pytest.mark.parametrize("view", VIEWS)
def test_opens_on_the_example_by_address(runs, example, open_page, view):
    app = open_page("gates", view=VIEWS[view].label)
    assert view_of(app) == view
    assert not app.exception
    assert not app.error
    assert app.markdown
    assert not app.warning


@pytest.mark.parametrize("view", VIEWS)
def test_opens_on_a_deep_model_read_both_ways_in_segments(runs, example, open_page, view):
    address = {"run": DEEP, "layer": "2", "direction": "backward", "column": "infl", "part": "train", "step": "1"}
    app = open_page("gates", view=VIEWS[view].label, **address)
    assert view_of(app) == view
    assert not app.exception
    assert not app.error


def test_an_unknown_view_is_the_first_one(example, open_page):
    app = open_page("gates", view="<b>nothing</b>")
    assert not app.exception
    assert not app.error
    assert view_of(app) == next(iter(VIEWS))
