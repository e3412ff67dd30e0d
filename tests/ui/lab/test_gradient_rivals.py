"""Networks beside the one on the bench: which runs are comparable, and training what is missing with one click."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.config import ModelConfig, RunSpec, WindowConfig
from seqlab.data.home import home
from seqlab.runs.examples import SHIPPED
from seqlab.runs.result import RunResult
from seqlab.runs.store import RunStore
from seqlab.ui import supervision
from seqlab.ui.lab.gradient_rivals import _same_windows, _unique

ROOT = Path(__file__).resolve().parents[3]
SPEC = RunSpec(dataset="airline_passengers", fingerprint="abc")


def _page(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "gates.py"), default_timeout=120)
    for name, value in {"view": "Gradients", **address}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody trains what is submitted."""
    monkeypatch.setattr(supervision, "Supervisor", lambda store: type("Quiet", (), {"start": lambda self: self})())


def _texts(app: AppTest) -> str:
    return " ".join(item.value for item in (*app.markdown, *app.caption))


@pytest.mark.usefixtures("quiet")
def test_a_click_submits_the_same_run_with_another_cell() -> None:
    app = _page(gradients_match="Number of parameters")
    app.button(key="gradients_train.gru").click().run()
    assert not app.exception
    assert not app.error
    (run,) = [run for run in RunStore(home()).list() if not run.read_only]
    mine = RunStore(home()).get("example").spec
    assert run.spec.model == dataclasses.replace(mine.model, cell="gru", hidden_size=18)
    assert run.spec.replace(model=mine.model, fingerprint="") == mine.replace(fingerprint="")
    assert "joins the picture" in _texts(app)
    assert not [button for button in app.button if button.key == "gradients_train.gru"]


@pytest.mark.usefixtures("quiet")
def test_a_trained_sibling_can_be_drawn_beside_it_and_equal_names_are_told_apart() -> None:
    runs = home() / "runs"
    for name in ("20260101-000000-aaaaaa", "20260101-000000-bbbbbb"):
        shutil.copytree(SHIPPED / "airline_lstm", runs / name)
    app = _page()
    (choice,) = app.multiselect
    assert choice.value == []  # the same cell: nothing new to see
    assert all(option.endswith(("(aaaaaa)", "(bbbbbb)")) for option in choice.options)
    app.multiselect[0].select(choice.options[0]).run()
    assert not app.exception
    assert not app.error
    assert "after it" in _texts(app)
    assert "aaaaaa" in _texts(app)
    assert "bbbbbb" not in _texts(app)


@pytest.mark.usefixtures("quiet")
def test_a_sibling_that_failed_can_be_trained_again() -> None:
    app = _page()
    app.button(key="gradients_train.gru").click().run()
    (run,) = [run for run in RunStore(home()).list() if not run.read_only]
    assert not [button for button in app.button if button.key == "gradients_train.gru"]
    run.folder.training.end(RunResult(status="failed", message="Too bad."))
    app.run()
    assert not app.error
    assert "joins the picture" not in _texts(app)
    app.button(key="gradients_train.gru").click().run()
    assert not app.error
    assert "joins the picture" in _texts(app)
    assert len([run for run in RunStore(home()).list() if not run.read_only]) == 2


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (SPEC.replace(model=ModelConfig(cell="rnn", hidden_size=4, num_layers=2)), True),
        (SPEC.replace(window=WindowConfig(context_length=24)), False),
        (SPEC.replace(dataset="sunspots"), False),
        (SPEC.replace(fingerprint="abd"), False),
        (SPEC.replace(model=ModelConfig(segment_length=12)), False),
        (SPEC.replace(model=ModelConfig(many_targets="joint")), False),
    ],
)
def test_only_runs_over_the_same_windows_are_comparable(other: RunSpec, same: bool) -> None:
    assert _same_windows(SPEC, other) is same


def test_names_are_told_apart_by_their_id() -> None:
    assert _unique({"1-aaaaaa": "x", "1-bbbbbb": "x", "1-cccccc": "y"}) == {
        "1-aaaaaa": "x (aaaaaa)",
        "1-bbbbbb": "x (bbbbbb)",
        "1-cccccc": "y",
    }
