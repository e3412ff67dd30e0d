"""What tests of the laboratory share: its page, and a deep run on two columns with a bench of it that needs no page."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from seqlab.config import DataConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.data.home import home
from seqlab.gates.unit_order import UnitOrder
from seqlab.runs.control import Control
from seqlab.runs.folder import RunFolder
from seqlab.runs.summary import example_summary
from seqlab.runs.training_job import train_folder
from seqlab.ui import supervision
from seqlab.ui.lab.bench import Bench, samples_around
from seqlab.ui.lab.choice import WindowChoice
from seqlab.ui.opened import open_fitted, open_windows

ROOT = Path(__file__).resolve().parents[3]
DEEP = "20260101-000001-eeeeee"


@pytest.fixture
def open_gates(monkeypatch):
    """Opens the Gates page of the shipped example (or another run) with an address; nobody trains anything."""
    monkeypatch.setattr(supervision, "Supervisor", lambda store: type("Quiet", (), {"start": lambda self: self})())

    def open_(**address):
        app = AppTest.from_file(str(ROOT / "pages/gates.py"), default_timeout=120)
        for name, value in {"run": "example", **address}.items():
            app.query_params[name] = value
        return app.run()

    return open_


@pytest.fixture(scope="session")
def deep_folder(tmp_path_factory):
    """Two columns that share weights, two layers, both ways, segments of two steps; trained for an epoch."""
    spec = RunSpec(
        dataset="macro_us",
        data=DataConfig(targets=("realgdp", "infl"), past_covariates=("unemp",)),
        window=WindowConfig(context_length=8, horizon=2),
        model=ModelConfig(cell="gru", hidden_size=3, num_layers=2, bidirectional=True, segment_length=2),
        training=TrainConfig(epochs=1, device="cpu"),
    )
    run = RunFolder.create(tmp_path_factory.mktemp("deep") / DEEP, spec, {"name": "Deep", "created": 0.0})
    train_folder(run, Control(run.training))
    return run


@pytest.fixture
def deep_run(deep_folder):
    """The deep run among those of the home; its id."""
    shutil.copytree(deep_folder.path, home() / "runs" / DEEP)
    return DEEP


@pytest.fixture
def bench_of():
    """Makes the bench of a run folder, as the page does it."""

    def make(folder, *, part="test", window=0, column=0, layer=0, direction="forward", unit=0, step=0):
        run = example_summary("run", folder)
        fitted = open_fitted(folder)
        windows = fitted.prepared.windows(part)
        choice = WindowChoice(
            part=part, window=window, windows=windows.window_count, column=column, origin=int(windows.origins[window])
        )  # fmt: skip
        samples = samples_around(fitted, choice)
        return Bench(
            run=run, fitted=fitted, choice=choice, samples=samples, opened=open_windows(folder, part, samples), layer=layer,
            direction=direction, ordered=UnitOrder(units=np.arange(fitted.spec.model.hidden_size)), unit=unit, step=step,
        )  # fmt: skip

    return make


@pytest.fixture
def example(bench_of):
    """A bench of the shipped example."""
    return bench_of(RunFolder(ROOT / "seqlab/runs/shipped/airline_lstm", read_only=True))
