"""Trajectory, transplant and two models: what is said is true of the model, and choices are kept in the address."""

import shutil

import pytest

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))


def figures_of(app):
    import orjson

    return [orjson.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_a_trajectory_says_how_much_is_seen(runs, example, open_page):
    app = open_page("gates", run=PLAIN, view="Trajectory", trajectory_plane="1 and 3", trajectory_state="Cell state c")
    assert not app.exception
    assert not app.error
    assert "of the spread of 4 units over 16 windows of 24 steps" in text_of(app)
    assert figures_of(app)[0]["layout"]["yaxis"]["title"]["text"].startswith("component 3 (")


def test_a_trajectory_can_be_coloured_by_the_season(runs, example, open_page):
    app = open_page("gates", run=PLAIN, view="Trajectory", trajectory_colour="Season")
    assert figures_of(app)[0]["data"][1]["marker"]["cmax"] == 13


def test_the_whole_last_state_carries_what_the_network_adds(runs, example, open_page):
    app = open_page("gates", run=PLAIN, view="Transplant")
    assert not app.error
    assert "exchanged after step 24, the forecast goes 100 % of the way" in text_of(app)
    assert app.selectbox(key="transplant_donor").value != "16", "B is another window than A"


def test_some_units_of_an_early_step_carry_less(runs, example, open_page):
    app = open_page("gates", run=PLAIN, view="Transplant", step="1", transplant_units="2", transplant_donor="3")
    assert app.selectbox(key="transplant_donor").value == "3"
    assert "With 1 of 4 units exchanged after step 1, the forecast goes 0 % of the way" in text_of(app)


def test_a_half_that_is_exchanged_alone_is_said(runs, example, open_page):
    app = open_page("gates", run=DEEP, view="Transplant", direction="backward", transplant_layers="Layer 1")
    assert not app.error
    assert "Only the backward half is exchanged" in text_of(app)


@pytest.mark.parametrize("address", [{"transplant_donor": "99"}, {"transplant_units": "77"}, {"transplant_score": "x"}, {"pair_run": "?"}])
def test_a_wrong_address_falls_back(runs, example, open_page, address):
    app = open_page("gates", run=PLAIN, view="Two models" if "pair_run" in address else "Transplant", **address)
    assert not app.exception
    assert not app.error


def test_two_models_on_other_data_are_shown_over_their_own_windows(runs, example, open_page):
    app = open_page("gates", run=PLAIN, view="Two models", pair_run=r"My *run* · bbbbbb")
    assert not app.error
    assert app.selectbox(key="pair_run").value == "My *run* · bbbbbb"
    assert "It was trained on other data" in text_of(app)
    assert "show different dates" in text_of(app)
    assert r"My \*run\*" in text_of(app)


def test_two_models_on_the_same_data_share_a_cursor(runs, example, open_page):
    shutil.copytree(runs / PLAIN, runs / PLAIN.replace("a", "d"))
    app = open_page("gates", run=PLAIN, view="Two models", step="10")
    assert not app.error
    assert "Both cursors stand at" in text_of(app)
    table = app.table[0].value
    assert table.loc["Parameters"].tolist() == ["42", "42"]
    assert table.iloc[:, 0].tolist() == table.iloc[:, 1].tolist()


def test_a_second_model_that_is_missing_is_said(example, open_page):
    app = open_page("gates", view="Two models")
    assert not app.exception
    assert not app.error
    assert "no second trained model yet" in text_of(app)
    assert [item.value for item in app.page_link] == ["Train another model"]
