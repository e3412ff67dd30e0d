"""The views Through training and Forget bias: on runs with and without snapshots, and from the button to the filled picture."""

import dataclasses
import shutil

import pytest

from seqlab.config import DataConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.runs.bias_sweep import trials
from seqlab.runs.control import Control
from seqlab.runs.folder import RunFolder
from seqlab.runs.snapshots import stored_steps
from seqlab.runs.store import RunStore
from seqlab.runs.training_job import train_folder

PLAIN = "20260101-000000-aaaaaa"
MADE = "20260101-000002-cccccc"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Runs as a worker leaves them: two columns, two layers, both ways; a cell without gates; a model of one step."""
    folder = tmp_path_factory.mktemp("trained")
    specs = {
        "deep": RunSpec(
            dataset="macro_us",
            data=DataConfig(targets=("realgdp", "infl"), past_covariates=("unemp",)),
            window=WindowConfig(context_length=8, horizon=2),
            model=ModelConfig(cell="gru", hidden_size=3, num_layers=2, bidirectional=True, segment_length=2, many_targets="joint"),
            training=TrainConfig(epochs=2, device="cpu"),
        ),
        "plain": RunSpec(dataset="airline_passengers", model=ModelConfig(cell="rnn", hidden_size=3), training=TrainConfig(epochs=2)),
        "short": RunSpec(
            dataset="airline_passengers",
            window=WindowConfig(context_length=1, horizon=1),
            model=ModelConfig(hidden_size=1),
            training=TrainConfig(epochs=1),
        ),
    }
    for name, spec in specs.items():
        run = RunFolder.create(folder / name, spec, {"name": f"My *{name}*", "created": 0.0})
        train_folder(run, Control(run.training))
        assert len(stored_steps(run.snapshots_path)) > 2
    return folder


@pytest.mark.parametrize("name", ["deep", "plain", "short"])
@pytest.mark.parametrize("snapshot", ["1", "2", "9999"])
def test_every_moment_of_every_kind_of_model_can_be_seen(trained, runs, open_page, name, snapshot):
    shutil.copytree(trained / name, runs / MADE)
    more = {"layer": "2", "direction": "backward", "column": "infl"} if name == "deep" else {}
    app = open_page("gates", run=MADE, view="Through training", training_snapshot=snapshot, **more)
    assert not app.exception
    assert not app.error
    assert any("the loss over" in text.value for text in app.markdown)
    headings = [text.value for text in app.subheader]
    assert any(text.startswith("The network at step") for text in headings)
    if snapshot == "1":
        assert "The network at step 0" in headings


def test_a_run_without_snapshots_says_what_to_do(runs, open_page):
    app = open_page("gates", run=PLAIN, view="Through training")
    assert not app.exception
    assert not app.error
    assert any("trained before snapshots were kept" in text.value for text in app.info)


def test_damaged_snapshots_are_no_snapshots(trained, runs, open_page):
    shutil.copytree(trained / "plain", runs / MADE)
    path = runs / MADE / "snapshots.safetensors"
    path.write_bytes(path.read_bytes()[:50])
    app = open_page("gates", run=MADE, view="Through training")
    assert not app.exception
    assert not app.error
    assert any("no snapshots" in text.value for text in app.info)


def test_the_button_queues_what_is_missing_and_the_page_waits(runs, open_page):
    app = open_page("gates", run=PLAIN, view="Forget bias", bias_gap="5")
    assert any("Nothing is trained yet" in text.value for text in app.markdown)
    app.button(key="bias_train").click().run()
    assert not app.exception
    assert not app.error
    queued = [run for run in RunStore().list() if run.spec.dataset == "latch" and not run.read_only]
    assert {run.name for run in queued} == {trial.name for trial in trials(5)}
    assert [run.spec for run in reversed(queued)] == [trial.spec for trial in trials(5)]
    assert not [button for button in app.button if button.key == "bias_train"]


def test_runs_are_found_again_by_what_they_are(runs, open_page):
    """Two of ten are trained, one was stopped; the others are offered."""
    for number, trial in enumerate((trials(5)[3], trials(5)[9], trials(5)[4])):
        run = RunFolder.create(runs / f"20260101-00000{number}-dddddd", trial.spec, {"name": "anything", "created": 0.0})
        control = Control(run.training)
        run.request("stop")
        train_folder(run, control)
        assert run.has_model
        assert run.result.status == "stopped"
        if number < 2:  # as if it had had its sixty epochs
            run.training.end(dataclasses.replace(run.result, status="finished"))
    app = open_page("gates", run=PLAIN, view="Forget bias", bias_gap="5")
    assert not app.exception
    assert not app.error
    assert app.button(key="bias_train").label == "Train these 8 runs"
    assert any("Of 1 trained with a fixed bias" in text.value and "Chrono initialisation" in text.value for text in app.markdown)
    assert open_page("gates", run=PLAIN, view="Forget bias", bias_gap="6").button(key="bias_train").label == "Train these 10 runs"


@pytest.mark.parametrize(
    ("address", "gap", "seed"),
    [
        ({"bias_gap": "0"}, 30, 0),
        ({"bias_gap": "99999"}, 30, 0),
        ({"bias_gap": "x"}, 30, 0),
        ({"bias_seed": "-4", "bias_gap": "7"}, 7, 0),
        ({"bias_seed": "1000", "bias_gap": "200"}, 200, 1000),
    ],
)
def test_an_address_out_of_bounds_is_pulled_back(runs, open_page, address, gap, seed):
    app = open_page("gates", run=PLAIN, view="Forget bias", **address)
    assert not app.exception
    assert not app.error
    assert (app.number_input(key="bias_gap").value, app.number_input(key="bias_seed").value) == (gap, seed)
    assert any(f"for **{trials(gap)[0].lag:,} steps**" in text.value for text in app.markdown)
