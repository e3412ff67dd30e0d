"""The Cell page: every cell with every lesson, numbers typed, places chosen by address, and files that make themselves again."""

import runpy
from itertools import cycle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from seqlab.errors import ConfigError
from seqlab.gates.hand_cell import value_table
from seqlab.gates.hand_lesson import HAND_LESSONS, hand_problem
from seqlab.gates.hand_table import HAND_CELLS, hand_cell
from seqlab.ui.cell_article import article_table, shorthand
from seqlab.ui.cell_numbers import input_frame, read_problem, start_frame, weight_frame
from seqlab.ui.cell_page import is_changed
from seqlab.ui.cell_take_away import script_of_cell

ROOT = Path(__file__).resolve().parents[2]


def text_of(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.latex))


def address(cell="lstm", lesson="article", **more):
    return {"hand_cell": HAND_CELLS[cell].label, "hand_lesson": HAND_LESSONS[lesson].label, **more}


@pytest.fixture
def open_cell():
    """Opens the page by itself; that it opens in the app as well is asked once, below."""

    def open_(**address):
        app = AppTest.from_file(str(ROOT / "pages" / "cell.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return open_


def test_the_first_screen_is_the_articles_example_in_a_standard_lstm(open_page):
    app = open_page("cell")
    assert not app.exception
    assert not app.error
    assert "0.574" in text_of(app)
    assert "<svg" in text_of(app)
    table = app.dataframe[0].value if len(app.dataframe) else None
    assert app.get("plotly_chart")
    assert table is not None


@pytest.mark.parametrize(
    ("lesson", "cell"), list(zip(HAND_LESSONS, cycle(reversed(HAND_CELLS))))
)  # all pairs: tests/gates/test_hand_lesson.py
def test_every_lesson_and_every_cell_opens_by_address(open_cell, cell, lesson):
    app = open_cell(**address(cell, lesson))
    assert not app.exception
    assert not app.error
    assert app.get_by_key("hand_cell").value == HAND_CELLS[cell].label
    assert HAND_LESSONS[lesson].settings[cell].said[:40] in text_of(app)
    assert app.get_by_key("hand_units").value == str(HAND_LESSONS[lesson].units)


def test_the_whole_view_is_in_the_address(open_cell):
    app = open_cell(**address("gru", "latch", hand_units="2", hand_steps="6", hand_unit="1", hand_step="4", hand_stage="2. Reset"))
    assert not app.exception
    assert "Step 4, with the numbers of unit 1" in [heading.value for heading in app.subheader]
    assert "Stage 2 of 6" in text_of(app)


def test_a_step_beyond_the_last_is_moved_in_the_box_too(open_cell):
    app = open_cell(hand_steps="3", hand_step="9")
    assert not app.exception
    assert app.get_by_key("hand_step").value == 3
    assert "Step 3, with the numbers of unit 0" in [heading.value for heading in app.subheader]


@pytest.mark.parametrize(
    "wrong",
    [{"hand_step": "99"}, {"hand_steps": "1000", "hand_units": "9"}, {"hand_cell": "<b>", "hand_lesson": "?", "hand_stage": "9. No"}],
)
def test_a_wrong_address_falls_back(open_cell, wrong):
    app = open_cell(**wrong)
    assert not app.exception
    assert "<svg" in text_of(app)


def test_a_lesson_brings_its_own_units_steps_and_place(open_cell):
    app = open_cell(hand_step="2", hand_steps="4")
    app.get_by_key("hand_lesson").set_value("Latch").run()
    assert not app.exception
    assert app.get_by_key("hand_units").value == "1"
    assert app.get_by_key("hand_steps").value == 10
    assert app.get_by_key("hand_step").value == 3
    app.get_by_key("hand_cell").set_value("Article's GRU").run()
    assert not app.exception
    assert "the gate called update falls to 0" in text_of(app)


def test_walking_through_the_stages(open_cell):
    app = open_cell(**address("lstm", "article", hand_step="2"))
    assert app.button(key="hand_stage_back").disabled
    sentences = ("reads the input", "The forget gate keeps 62 % of the old memory 0.17, so 0.10 stays.", "The candidate proposes 0.47")
    for sentence in sentences:
        app.button(key="hand_stage_next").click().run()
        assert sentence in text_of(app)
    app.button(key="hand_stage_back").click().run()
    assert sentences[1] in text_of(app)


def test_another_cells_stage_is_forgotten(open_cell):
    app = open_cell(hand_stage="5. Output gate")
    assert "Stage 5 of 6" in text_of(app)
    app.get_by_key("hand_cell").set_value("RNN").run()
    assert not app.exception
    assert "All 4 stages at once" in text_of(app)


def test_a_smaller_number_of_steps_moves_the_cursor(open_cell):
    app = open_cell(hand_step="5")
    app.get_by_key("hand_steps").set_value(2).run()
    assert not app.exception
    assert app.get_by_key("hand_step").value == 2
    app.get_by_key("hand_steps").set_value(1).run()
    assert not app.exception


@pytest.mark.parametrize("cell", HAND_CELLS)
def test_the_tables_hold_exactly_the_problem(cell):
    recipe, given = hand_cell(cell), hand_problem("article", cell)
    read = read_problem(recipe, input_frame(given), start_frame(recipe, given), weight_frame(recipe, given))
    assert set(read.parameters) == set(given.parameters)
    for name, value in given.parameters.items():
        np.testing.assert_array_equal(read.parameters[name], value)
    np.testing.assert_array_equal(read.x, given.x)
    for state, value in given.initial.items():
        np.testing.assert_array_equal(read.initial[state], value)


@pytest.mark.parametrize("cell", HAND_CELLS)
def test_a_number_typed_into_a_table_is_used(cell):
    recipe, given = hand_cell(cell), hand_problem("article", cell)
    assert not is_changed(given, given)
    for frames in range(3):
        tables = [input_frame(given), start_frame(recipe, given), weight_frame(recipe, given)]
        tables[frames].iloc[0, 0] = 0.9
        assert is_changed(given, read_problem(recipe, *tables))
        assert not np.allclose(read_problem(recipe, *tables).work()[recipe.output], given.work()[recipe.output])


@pytest.mark.parametrize(
    ("table", "place", "value", "words"),
    [
        (0, (0, 2), None, "input at step 3 is empty"),
        (1, (1, 2), np.nan, "start value of h, unit 2 is empty"),
        (2, (4, 0), 5_000.0, "number x of gate f, unit 1 is 5000"),
        (2, (0, 5), np.inf, "number b_h of gate i, unit 0 is empty"),
    ],
)
def test_what_is_no_number_is_said(table, place, value, words):
    recipe, given = hand_cell("lstm"), hand_problem("article", "lstm")
    tables = [input_frame(given), start_frame(recipe, given), weight_frame(recipe, given)]
    tables[table].iloc[place] = value
    with pytest.raises(ConfigError, match=words):
        read_problem(recipe, *tables)


def test_the_articles_numbers_stand_beside_the_standard_ones():
    table = article_table("lstm").set_index("")
    assert table.loc["i", "article, step 1"].split() == ["0.574443", "0.645656", "0.710950"]
    assert table.loc["memory", "article, step 1"].split() == ["0.167342", "0.346749", "0.509252"]
    assert table.loc["output", "article, step 1"].split() == ["0.095241", "0.215320", "0.333693"]
    assert (table["standard, step 1"] == table["article, step 1"]).all()
    assert (table["standard, step 2"] != table["article, step 2"]).all()
    short, true = shorthand()
    assert true == pytest.approx(0.095241, abs=1e-6)
    assert short == pytest.approx(0.574443**2 * 0.291313, abs=1e-6)
    assert short > true
    gru = article_table("gru").set_index("")
    assert (gru.loc[["r", "z"], "standard, step 1"] == gru.loc[["r", "z"], "article, step 1"]).all()
    assert gru.loc["output", "standard, step 1"] != gru.loc["output", "article, step 1"]


@pytest.mark.parametrize("cell", HAND_CELLS)
def test_the_script_makes_the_numbers_again(cell, tmp_path, monkeypatch, capsys):
    problem = hand_problem("count", cell, units=2)
    (tmp_path / "cell.py").write_text(script_of_cell(problem), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    runpy.run_path("cell.py")
    pd.testing.assert_frame_equal(pd.read_csv("cell.again.csv"), value_table(problem.x, problem.work()), check_exact=False, rtol=1e-12)
