import shutil

import orjson
import pytest

from seqlab.baselines.table import BASELINES
from seqlab.runs.result import RunResult
from seqlab.ui.supervision import store

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))


def test_a_finished_comparison_has_table_verdict_and_pictures(runs, example, open_page):
    app = open_page("compare", run=PLAIN)
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value
    assert set(table["Model"]) == {"LSTM 4 (this run)", "LSTM 4, mean of 2 seeds", "Naive", "Seasonal naive"}
    assert table["MAE"].is_monotonic_increasing
    assert "than seasonal naive" in text_of(app)
    assert "2 seeds" in text_of(app)
    assert "16 starting points" in text_of(app)
    assert app.latex


def test_forecasts_of_every_model_from_one_starting_point(runs, example, open_page):
    app = open_page("compare", run=PLAIN, view="Forecasts")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == 2


def test_names_are_text(runs, example, open_page):
    assert r"My \*run\*" in text_of(open_page("compare", run=PLAIN))


def test_baselines_left_out_can_be_added(runs, example, open_page):
    app = open_page("compare", run=PLAIN)
    app.button(key="compare").click().run()
    assert not app.exception
    assert not app.error
    assert store().folder(PLAIN).side_status("compare") == "queued"
    assert set(store().folder(PLAIN).side_request("compare")["baselines"]) == set(BASELINES)
    assert "Waiting for a worker" in app.get("progress")[0].text


def test_a_run_without_comparison_offers_it_and_starts_nothing_by_itself(runs, example, open_page):
    shutil.rmtree(runs / PLAIN / "comparison")
    app = open_page("compare", run=PLAIN)
    assert not app.exception
    assert not app.error
    assert store().folder(PLAIN).side_status("compare") == ""
    app.button(key="compare").click().run()
    assert store().folder(PLAIN).side_status("compare") == "queued"


def test_rows_arrive_while_the_comparison_goes_on(runs, example, open_page):
    (runs / PLAIN / "comparison" / "result.json").unlink()
    app = open_page("compare", run=PLAIN)
    assert not app.exception
    assert not app.error
    assert len(app.dataframe[0].value) == 4
    app.button(key="stop.compare").click().run()
    assert store().folder(PLAIN).job("compare").requested == "stop"


def test_one_step_and_two_columns(runs, example, open_page):
    app = open_page("compare", run=DEEP, view="Forecasts", column="infl", start="2")
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="column").value == "infl"
    assert "Starting point 2 of" in text_of(app)
    assert "naive" in text_of(app)


def test_scores_of_one_column_are_not_those_of_all(runs, example, open_page):
    tables = [open_page("compare", run=DEEP, **column).dataframe[0].value for column in ({}, {"scores_column": "infl"})]
    assert tables[0]["MAE"].max() > 10 * tables[1]["MAE"].max()  # billions of dollars beside per cent


def test_the_example_is_the_default_and_offers_no_button(example, open_page):
    app = open_page("compare")
    assert not app.exception
    assert not app.error
    assert app.dataframe
    assert not [button for button in app.button if button.key == "compare"]


@pytest.mark.parametrize("run", ["nothing", "20260101-000009-cccccc"])
def test_an_unknown_run_is_said(example, open_page, run):
    app = open_page("compare", run=run)
    assert not app.exception
    assert app.error
    assert not any("Something went wrong" in error.value for error in app.error)


def test_a_run_without_model_is_said(runs, example, open_page):
    (runs / PLAIN / "model.safetensors").unlink()
    app = open_page("compare", run=PLAIN)
    assert not app.exception
    assert not app.error
    assert "ended without a model" in text_of(app)


def test_a_failed_comparison_says_why_and_can_go_on(runs, example, open_page):
    folder = store().folder(PLAIN)
    folder.job("compare").end(RunResult(status="failed", message="ETS could not be *fitted*."))
    app = open_page("compare", run=PLAIN)
    assert not app.exception
    assert not app.error
    assert r"ETS could not be \*fitted\*\." in text_of(app)
    assert len(app.dataframe[0].value) == 4
    app.button(key="compare").click().run()
    assert store().folder(PLAIN).side_status("compare") == "queued"


def test_a_number_that_is_missing_comes_with_its_reason(runs, example, open_page):
    path = runs / PLAIN / "comparison" / "models.jsonl"
    lines = path.read_text().splitlines()
    model = orjson.loads(lines[1])
    model["scores"][0].update(value=None, reason="Every <b>value</b> is 0.")
    path.write_text("\n".join([lines[0], orjson.dumps(model).decode(), *lines[2:]]) + "\n")
    app = open_page("compare", run=PLAIN)
    assert not app.exception
    assert not app.error
    assert r"MAE of Naive: Every \<b\>value\</b\> is 0\." in text_of(app)
