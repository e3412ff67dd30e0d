"""The Train page: choosing, refusing, starting, following."""

import numpy as np
import orjson
import pytest
from finished import finish, submit, submit_task, write_metrics

from seqlab.config import DataConfig, RunSpec
from seqlab.data.catalog import DATASETS
from seqlab.presets import PRESETS
from seqlab.records import ClassPrediction
from seqlab.runs.lock import hold
from seqlab.runs.predictions import save_preview
from seqlab.runs.store import RunStore


def widget(app, kind, label):
    return next(w for w in getattr(app, kind) if w.label == label)


def runs():
    return [run for run in RunStore().list() if not run.read_only]


def train(app):
    return app.button(key="train").click().run()


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


# The smallest of each kind, task and origin: a page for every data set costs two minutes, and tests/data opens every one.
LARGEST_FIRST = sorted(DATASETS, key=lambda key: -DATASETS[key].rows)
SOME = list({(DATASETS[key].kind, DATASETS[key].task, bool(DATASETS[key].generator)): key for key in LARGEST_FIRST}.values())


@pytest.mark.parametrize("key", SOME)
def test_every_kind_of_data_set_can_be_chosen_and_trained(open_page, key):
    app = open_page("train", dataset=key)
    assert not app.exception
    assert not app.error
    train(app)
    assert not app.error
    (run,) = runs()
    assert run.spec.dataset == key
    assert run.status == "queued"


SUITED = {
    "latch": "latch",
    "small": "gunpoint",
    "good_sequences": "gunpoint",
    "good_text": "names_origin",
    "good_tags": "tagging_us_address",
    "known": "moving_square",
    "article": "five_steps",
    "writer": "additions",
}


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_sets_the_widgets(open_page, key):
    dataset = SUITED.get(key, "nyse_volume")
    app = open_page("train", dataset=dataset, preset=key)
    train(app)
    from seqlab.data.catalog import load_dataset

    made = PRESETS[key].build(load_dataset(dataset))
    assert runs()[0].spec.replace(dataset_options={}) == made


def test_a_preset_of_another_kind_of_data_gives_way(open_page):
    app = open_page("train", dataset="latch", preset="good")
    assert not app.error
    assert any("does not suit this data set" in caption.value for caption in app.caption)
    train(app)
    assert runs()[0].spec.window.horizon == 1


def test_a_preset_follows_the_options_of_a_generated_data_set(open_page):
    train(open_page("train", dataset="latch", settings='{"dataset_options":{"gap":50}}'))
    spec = runs()[0].spec
    assert (spec.window.context_length, spec.model.chrono_length) == (51, 51)


def test_a_start_that_the_cell_cannot_have_is_refused_at_the_click(open_page):
    app = train(open_page("train", dataset="latch", settings='{"cell":"rnn"}'))
    assert any("no gate of the cell" in error.value for error in app.error)
    assert not runs()


def test_train_queues_the_run_and_selects_it(open_page):
    app = open_page("train")
    widget(app, "number_input", "Hidden size (units)").set_value(24)
    widget(app, "selectbox", "Cell").select("gru")
    train(app)
    (run,) = runs()
    assert run.spec.model.hidden_size == 24
    assert run.spec.model.cell == "gru"
    assert app.query_params["run"] == run.run_id
    assert orjson.loads(app.query_params["settings"]) == {"hidden_size": 24, "cell": "gru"}
    assert "Starting" in app.progress[0].text


def test_double_click_makes_one_run(open_page):
    app = open_page("train")
    train(app)
    train(app)
    assert len(runs()) == 1


def test_another_tab_gets_the_same_settings_from_the_address(open_page):
    app = open_page("train", settings='{"hidden_size":48}')
    assert widget(app, "number_input", "Hidden size (units)").value == 48


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Hidden size (units)", 0, "from 1 to 512"),
        ("Hidden size (units)", 10**6, "from 1 to 512"),
        ("Horizon (steps)", 0, "from 1 to"),
        ("Learning rate", 10.0**6, "to 10"),
        ("Context length (steps)", 5000, "context"),
        ("Epochs", -1, "from 1 to"),
    ],
)
def test_a_bad_setting_is_refused_with_a_sentence_and_nothing_is_made(open_page, label, value, sentence):
    app = open_page("train")
    widget(app, "number_input", label).set_value(value)
    train(app)
    assert not app.exception
    assert sentence in app.error[0].value.replace("\\", "")
    assert runs() == []
    assert "run" not in app.query_params


def test_a_data_set_that_does_not_exist_is_said(open_page):
    app = open_page("train", dataset="atlantis")
    assert "There is no data set called 'atlantis'" in app.error[0].value.replace("\\", "")
    assert not [button for button in app.button if button.key == "train"]


def test_a_run_that_does_not_exist_is_said(open_page):
    app = open_page("train", run="20200101-000000-abcdef")
    assert "There is no run called" in app.error[0].value
    assert app.button(key="train")


def test_a_run_that_goes_on_is_followed(open_page):
    run_id = submit(name="*Mine*")
    write_metrics(run_id, 2)
    app = open_page("train", run=run_id)
    assert not app.exception
    figures, curve, preview = (orjson.loads(chart.proto.json) for chart in app.get("bidi_component"))
    shown = {figure["label"]: figure["value"] for figure in figures["figures"]}
    assert shown["Validation loss"] == "0.75"
    assert shown["Learning rate"] == "0.001"
    assert shown["Gradient norm"] == "0.7"
    assert shown["Speed"] == "130 windows/s"
    assert curve["lines"][1]["y"] == [1.5, 0.75]
    assert preview["caption"].startswith("A forecast appears here")
    assert r"**\*Mine\***" in [text.value for text in app.markdown]  # a name is text, not markup
    assert {button.label for button in app.button} >= {"Pause", "Resume", "Stop"}


def test_stop_pause_and_resume_reach_the_run(open_page):
    run_id = submit()
    app = open_page("train", run=run_id)
    app.button(key="request_stop").click().run()
    assert RunStore().folder(run_id).training.requested == "stop"


def test_a_run_that_ends_shows_its_scores(open_page):
    run_id = submit()
    app = open_page("train", run=run_id)
    finish(run_id)
    app.run()
    assert not app.exception
    assert app.success[0].value.replace("\\", "") == "All 3 epochs done. The weights of epoch 3 are kept."
    shown = metrics(app)
    assert shown["Test MAE"] == "21.5"
    assert shown["Test MASE"] == "0.75"
    assert shown["Best validation loss"] == "0.5 (epoch 3)"
    assert not [button for button in app.button if button.key == "request_stop"]


def test_scores_of_several_columns_say_that_they_are_means(open_page):
    run_id = RunStore().submit(RunSpec(dataset="macro_us", data=DataConfig(targets=("realgdp", "infl"))))
    finish(run_id)
    app = open_page("train", run=run_id)
    assert any("mean over the target columns" in caption.value for caption in app.caption)


@pytest.mark.parametrize(
    ("status", "kind"), [("diverged", "warning"), ("failed", "error"), ("stopped", "info"), ("interrupted", "warning")]
)
def test_every_end_is_told(open_page, status, kind):
    run_id = submit()
    finish(run_id, status=status, message="The loss was no number at step 12.", scores={})
    app = open_page("train", run=run_id)
    assert not app.exception
    assert "no number at step 12" in getattr(app, kind)[0].value


def test_an_interrupted_run_can_be_resumed(open_page):
    run_id = submit()
    finish(run_id, status="interrupted")
    app = open_page("train", run=run_id)
    next(button for button in app.button if button.label == "Resume").click().run()
    assert not app.exception
    assert RunStore().get(run_id).status == "queued"


def test_settings_of_an_old_run_come_back(open_page):
    run_id = submit(seed=7)
    finish(run_id)
    app = open_page("train", run=run_id, dataset="sunspots")
    next(button for button in app.button if button.label == "Use its settings").click().run()
    assert not app.error
    assert widget(app, "number_input", "Hidden size (units)").value == 8
    assert widget(app, "number_input", "Seed").value == 7
    assert "dataset" not in app.query_params  # airline passengers is where the address starts from


def test_queue_position_is_told(open_page):
    submit(seed=1)
    second = submit(seed=2)
    app = open_page("train", run=second)
    assert app.progress[0].text.startswith("2nd in the queue")


def test_the_next_in_the_queue_waits_for_the_run_that_is_trained(open_page):
    first = submit(seed=1)
    second = submit(seed=2)
    with hold(RunStore().folder(first).training.lock_path) as mine:  # as its worker does
        assert mine
        assert RunStore().training_now() == 1
        app = open_page("train", run=second)
        assert app.progress[0].text.startswith("1st in the queue")
    assert RunStore().training_now() == 0
    app.run()
    assert app.progress[0].text.startswith("2nd in the queue")


def test_the_example_can_be_looked_at_before_anything_is_trained(open_page):
    app = open_page("train")
    assert not metrics(app)
    app.session_state["example_run"] = True
    app.run()
    assert not app.exception
    assert not app.error
    assert "Test MAE" in metrics(app)


def test_a_run_that_says_classes_is_followed_with_its_accuracy_and_examples(open_page):
    run_id = submit_task("five_steps", sequences=40)
    write_metrics(run_id, 2, accuracy=0.75)
    folder = RunStore().folder(run_id)
    samples = np.arange(4)
    said = ClassPrediction(
        model="m", classes=("falls", "rises"), samples=samples, y_true=samples[:, None] % 2, y_pred=np.zeros((4, 1), dtype=np.int64)
    )
    save_preview(folder.path / "preview.json", said, epoch=2, step=6)
    app = open_page("train", run=run_id)
    assert not app.exception
    figures, curve, accuracy = (orjson.loads(chart.proto.json) for chart in app.get("bidi_component"))
    assert {"label": "Validation accuracy", "value": "75.0 %"} in figures["figures"]
    assert [level["label"] for level in curve["levels"]] == ["trivial predictor", "solved below"]
    assert accuracy["lines"][0]["y"] == [0.75, 0.75]
    assert any("2 of 4 sequences" in page.proto.body for page in app.get("html"))


def test_a_teaching_task_that_is_over_has_its_verdict_and_the_scores_of_its_task(open_page):
    run_id = submit_task("five_steps", sequences=40)
    finish(run_id, scores={"accuracy": 0.9, "brier": 0.1, "macro_f1": 0.8})
    app = open_page("train", run=run_id)
    assert not app.exception
    assert list(metrics(app))[:3] == ["Test Accuracy", "Test Macro F1", "Test Brier score"]
    assert metrics(app)["Test Accuracy"] == "90.0 %"
    assert any("of the way from the trivial predictor" in info.value for info in app.info)
