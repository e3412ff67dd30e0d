"""The Backtest view: settings, the folds they make, start, progress, results; nothing is computed in the page."""

from seqlab.config import BacktestConfig
from seqlab.runs.backtest_job import backtest_folder
from seqlab.runs.backtest_log import backtest_request
from seqlab.runs.durable import write_json
from seqlab.ui.supervision import store

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def text_of(app):
    said = (item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))
    return " ".join(said).replace("\\", "")


def backtested(run_id, config, baselines):
    folder = store().folder(run_id)
    job = folder.job("backtest")
    job.path.mkdir()
    write_json(job.path / "request.json", backtest_request(config, baselines))
    backtest_folder(folder)


def test_settings_say_where_the_folds_lie_and_start_queues_them(runs, example, open_page):
    app = open_page("compare", run=PLAIN, view="Backtest")
    assert not app.exception
    assert "5 folds of 6 steps: the first begins with" in text_of(app)
    app.number_input(key=f"backtest.{PLAIN}.folds").set_value(40).run()
    assert "Choose at most 16 folds" in text_of(app)
    assert app.button(key="backtest_start").disabled
    app.number_input(key=f"backtest.{PLAIN}.folds").set_value(2)
    app.selectbox(key=f"backtest.{PLAIN}.networks").set_value("train").run()
    assert "2 whole trainings of the network, one in each fold" in text_of(app)
    app.button(key="backtest_start").click().run()
    assert not app.exception
    folder = store().folder(PLAIN)
    assert folder.side_status("backtest") == "queued"
    asked = folder.side_request("backtest")
    assert (asked["config"]["folds"], asked["config"]["networks"]) == (2, "train")
    assert "Waiting for a worker" in app.get("progress")[0].text
    app.button(key="stop.backtest").click().run()
    assert folder.job("backtest").requested == "stop"


def test_results_are_a_table_pictures_and_a_sentence(runs, example, open_page):
    backtested(PLAIN, BacktestConfig(folds=3), ("naive", "seasonal_naive"))
    app = open_page("compare", run=PLAIN, view="Backtest")
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value
    assert set(table["Model"]) == {"LSTM 4 (this run)", "Naive", "Seasonal naive"}
    assert set(table["Folds"]) == {"3 of 3"}
    assert table["MAE"].is_monotonic_increasing
    assert "Over 3 folds LSTM 4 has a mean MAE of" in text_of(app)
    assert len(app.get("plotly_chart")) == 4


def test_several_columns_and_a_fold_without_a_forecast(runs, example, open_page):
    backtested(DEEP, BacktestConfig(folds=2, networks="train", window="sliding", window_length=9), ("naive",))
    app = open_page("compare", run=DEEP, view="Backtest", backtest_column="infl", backtest_metric="MASE")
    assert not app.exception
    assert not app.error
    said = text_of(app)
    assert "GRU 3 × 2, folds 1, 2: " in said
    assert "not computable" not in app.dataframe[0].value["Folds"].tolist()
    assert len(app.get("plotly_chart")) == 3  # one step ahead: no picture by step
