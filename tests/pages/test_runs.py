"""The Runs page: the table, and what can be done with a run."""

import io
import zipfile

from finished import finish, submit

from seqlab.runs.store import RunStore
from seqlab.ui.run_table import table_of


def ids():
    return [run.run_id for run in RunStore().list() if not run.read_only]


def button(app, label):
    return next(b for b in app.button if b.label == label)


def test_nothing_trained_yet(open_page):
    app = open_page("runs")
    assert "Nothing has been trained" in app.info[0].value


def test_one_row_per_run_newest_first(open_page):
    old, new = submit(seed=1, name="Old"), submit(seed=2, name="New")
    finish(old)
    table = open_page("runs").dataframe[0].value
    mine = table[table["Name"].isin(["Old", "New"])]
    assert list(mine["Name"]) == ["New", "Old"]
    assert list(mine["Status"]) == ["Waiting (1st)", "Finished"]
    row = mine.iloc[1]
    assert (row["Data"], row["Task"], row["Network"]) == ("Airline passengers", "Forecasting", "LSTM 8")
    assert (row["Test score"], row["Score is"]) == (21.5, "MAE")
    assert row["Best validation"] == 0.5
    assert row["Seconds"] == 1.5
    assert list(row["Validation loss"]) == [1.5, 0.75, 0.5]
    assert mine.iloc[0].isna()["Test score"]
    assert new != old


def test_rename(open_page):
    run_id = submit()
    finish(run_id)
    app = open_page("runs", run=run_id)
    app.text_input(key=f"new_name.{run_id}").set_value("  Better *name*  ")
    button(app, "Rename").click().run()
    assert not app.exception
    assert RunStore().get(run_id).name == "Better *name*"
    assert r"**Better \*name\***" in [text.value for text in app.markdown]


def test_an_empty_name_is_refused(open_page):
    run_id = submit(name="Kept")
    app = open_page("runs", run=run_id)
    app.text_input(key=f"new_name.{run_id}").set_value("   ")
    button(app, "Rename").click().run()
    assert "1 to 200" in app.error[0].value
    assert RunStore().get(run_id).name == "Kept"


def test_delete(open_page):
    run_id, kept = submit(seed=1), submit(seed=2)
    finish(run_id)
    app = open_page("runs", run=run_id)
    button(app, "Delete for good").click().run()
    assert not app.exception
    assert ids() == [kept]
    assert "run" not in app.query_params


def test_a_run_being_trained_is_never_deleted_without_stopping(open_page):
    from seqlab.runs.lock import hold

    run_id = submit()
    with hold(RunStore().folder(run_id).training.lock_path):
        app = open_page("runs", run=run_id)
        assert app.get("popover")[-1].proto.popover.disabled
        button(app, "Delete for good").click().run()
        assert "Stop it before deleting it" in app.error[0].value
    assert ids() == [run_id]


def test_stop(open_page):
    run_id = submit()
    app = open_page("runs", run=run_id)
    button(app, "Stop").click().run()
    assert RunStore().folder(run_id).training.requested == "stop"


def test_the_download_is_the_whole_run(open_page):
    run_id = submit()
    finish(run_id)
    app = open_page("runs", run=run_id)
    assert not app.exception
    names = zipfile.ZipFile(io.BytesIO(RunStore().folder(run_id).export_zip())).namelist()
    assert any(name.endswith("spec.json") for name in names)
    assert any(name.endswith(".py") for name in names)


def test_the_queue_is_shown_in_order(open_page):
    first, second = submit(seed=1), submit(seed=2)
    app = open_page("runs", run=second)
    assert next(c.value for c in app.caption if "in the queue" in c.value).startswith("2nd in the queue")
    assert ids() == [second, first]


def test_an_empty_list_is_an_empty_table():
    assert list(table_of([]).columns)[:2] == ["Name", "Status"]
