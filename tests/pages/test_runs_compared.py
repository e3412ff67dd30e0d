"""The Runs page's other two views: several runs beside each other, and sweeps."""

from pathlib import Path

import pytest
from finished import SPEC, finish, submit, submit_task
from streamlit.testing.v1 import AppTest

from seqlab.runs.folder import RunFolder
from seqlab.runs.result import RunResult
from seqlab.runs.search_space import SearchField
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import Supervisor
from seqlab.runs.sweep import SweepSpec
from seqlab.runs.sweep_store import all_sweeps, start_sweep, sweep_folder
from seqlab.ui.several.view import PICTURES

PAGE = Path(__file__).resolve().parents[2] / "pages" / "runs.py"


def open_runs(**address):
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def well(app):
    assert not app.exception
    assert not app.error
    return app


def button(app, label):
    return next(b for b in app.button if b.label == label)


class Instant:
    """Ends every run at once."""

    def submit(self, job):
        hidden = RunFolder(job.path).spec.model.hidden_size
        job.end(RunResult(status="finished", best_validation_loss=1.0 / hidden, epochs=3, best_epoch=3))

    def wait(self, job, timeout=0.0):
        return True


def swept(trials=3):
    store = RunStore()
    space = (SearchField(path="model.hidden_size", choices=(4, 8, 16, 24)), SearchField(path="model.cell", choices=("gru", "lstm")))
    sweep_id = start_sweep(store, SweepSpec(base=SPEC, space=space, sampler="grid", trials=trials))
    supervisor = Supervisor(store, executor=Instant(), max_runs=1)
    for _ in range(3 * trials):
        supervisor.tick()
    return sweep_folder(store, sweep_id)


@pytest.fixture
def three():
    ids = [submit(seed=seed, name=name) for seed, name in enumerate(["One", "<b>Two</b>", "*Three*"])]
    for place, run_id in enumerate(ids):
        finish(run_id, best_validation_loss=0.5 + place, seconds=1.0 + place, parameters=100 * (3 - place))
    return ids


def test_the_newest_like_runs_are_compared_in_every_picture(three):
    app = well(open_runs(runs_view="Compared"))
    table = app.dataframe[0].value
    assert list(table["Run"])[:3] == ["1 *Three*", "2 <b>Two</b>", "3 One"]
    assert list(table["Best epoch"])[:3] == ["3 of 3"] * 3
    assert list(table["Seed"])[:3] == [2, 1, 0]
    for picture in PICTURES:
        well(open_runs(runs_view="Compared", runs_picture=picture, runs=",".join(three)))


def test_the_address_names_runs_and_what_is_gone_is_said(three):
    app = well(
        open_runs(runs_view="Compared", runs=f"{three[1]},gone,{three[0]}", runs_picture="Accuracy and cost", pareto_error="Test MAE")
    )
    assert list(app.dataframe[0].value["Run"]) == ["1 <b>Two</b>", "2 One"]
    assert any("1 of the 3 runs in the address" in caption.value for caption in app.caption)
    assert "Do not choose a run by this picture" in app.warning[0].value
    assert any("lie on the front" in text.value for text in app.markdown)


def test_runs_that_do_not_forecast_the_same_are_said_to_be_incomparable(three):
    other = RunStore().submit(SPEC.replace(window=SPEC.window.from_dict({"horizon": 3})))
    finish(other)
    app = well(open_runs(runs_view="Compared", runs=f"{three[0]},{other}", runs_picture="Groups"))
    assert "they differ in: Horizon" in app.warning[0].value


def test_runs_of_different_tasks_are_shown_with_their_own_scores_and_a_warning(three):
    other = submit_task("five_steps", sequences=40)
    finish(other, scores={"accuracy": 0.9, "log_loss": 0.3})
    app = well(open_runs(runs_view="Compared", runs=f"{three[0]},{other}", runs_picture="Forecasts"))
    table = app.dataframe[0].value
    assert table["Test MAE"][0] == 21.5
    assert table["Test Accuracy"][1] == 0.9
    assert "do not answer the same question" in app.warning[0].value
    assert any("sequence classification" in caption.value for caption in app.caption)
    well(open_runs(runs_view="Compared", runs=other, runs_picture="Accuracy and cost", pareto_error="Test error rate"))


def test_a_sweep_of_a_sequence_task_offers_what_fits_it():
    app = well(open_runs(runs_view="Sweep", dataset="basic_motions"))
    offered = next(menu for menu in app.multiselect if menu.label == "Settings to search").options
    assert "Cell" in offered
    assert not {"Context length (steps)", "Forecast as the difference from", "Calendar features"} & set(offered)
    assert "context" not in next(caption.value for caption in app.caption if caption.value.startswith("Starts from"))


def test_a_sweep_is_started_from_the_form_and_a_wrong_space_is_refused():
    app = well(open_runs(runs_view="Sweep"))
    button(app, "Start the sweep").click().run()
    well(app)
    [folder] = all_sweeps(RunStore())
    assert [field.path for field in folder.spec.space] == ["model.hidden_size", "training.learning_rate"]
    assert app.session_state["sweep"] == folder.sweep_id
    button(app, "Stop now").click().run()
    assert folder.stopping
    wrong = open_runs(runs_view="Sweep", sweep_fields="Dropout", sweep="../runs")
    assert any("no sweep called" in error.value for error in wrong.error)


def test_a_finished_sweep_leads_to_its_best_settings_and_runs():
    folder = swept(trials=6)
    app = well(open_runs(runs_view="Sweep"))
    table = app.dataframe[0].value
    assert list(table["State"]) == ["Complete"] * 6
    assert table["Validation loss"].is_monotonic_increasing
    best = min(folder.trials(), key=lambda trial: trial.loss)
    assert int(table["Trial"].iloc[0]) == best.number + 1
    button(app, "Use the best settings").click().run()
    well(app)
    assert f'"hidden_size":{best.values["model.hidden_size"]}' in app.session_state["settings"]
    button(app, "Compare the best runs").click().run()
    assert len(well(app).dataframe[0].value) == 6


def test_neither_view_needs_torch_or_optuna_to_open():
    import subprocess
    import sys

    code = (
        "import sys\nfrom streamlit.testing.v1 import AppTest\n"
        "from seqlab.ui import supervision\n"
        "supervision.Supervisor = lambda store: type('Quiet', (), {'start': lambda self: self})()\n"
        "for view in ('Compared', 'Sweep'):\n"
        f"    app = AppTest.from_file({str(PAGE)!r}, default_timeout=60)\n"
        "    app.query_params['runs_view'] = view\n    app.run()\n    assert not app.exception and not app.error\n"
        "assert {'torch', 'statsmodels', 'optuna'}.isdisjoint(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
