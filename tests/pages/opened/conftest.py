"""Finished runs for pages that open them: trained once for a fraction of a second, copied into every test's home."""

import shutil
import time

import numpy as np
import orjson
import pytest

from seqlab.config import CompareConfig, DataConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.evaluation.judge import score
from seqlab.evaluation.origins import test_origins as origins_of
from seqlab.gates.trace import trace_gates
from seqlab.runs import examples, store
from seqlab.runs.arrays import StoredTrace, save_forecast, save_trace
from seqlab.runs.comparison_job import compare_folder
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import RunResult
from seqlab.training.fit import fit

PLAIN = "20260101-000000-aaaaaa"
DEEP = "20260101-000001-bbbbbb"
BASELINES = ("naive", "seasonal_naive")


def make_run(folder, spec):
    """A complete run folder, with trace and comparison."""
    dataset = load_dataset(spec.dataset)
    spec = spec.replace(fingerprint=dataset.fingerprint)
    run = RunFolder.create(folder, spec, {"name": "My *run*", "created": time.time()})
    fitted = fit(spec)
    fitted.save(run.model_path)
    save_forecast(folder / "forecast.npz", forecast_fitted(fitted, origins_of(fitted.prepared)))
    windows = fitted.prepared.windows("test")
    numbers = np.arange(windows.window_count)[-4:]
    x = windows.gather(numbers)[0]
    save_trace(
        folder / "trace.npz", StoredTrace(trace=trace_gates(fitted.model, x), x=x, windows=numbers, origins=windows.origins[numbers])
    )
    comparison = folder / "comparison"
    comparison.mkdir()
    (comparison / "request.json").write_bytes(orjson.dumps(CompareConfig(baselines=BASELINES, seeds=2).to_dict()))
    compare_folder(run)
    run.training.end(RunResult(status="finished", message="Done.", scores=score(fitted), has_model=True, epochs=1, parameters=42))
    return run


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    training = TrainConfig(epochs=1, device="cpu")
    make_run(
        folder / PLAIN,
        RunSpec(
            dataset="airline_passengers",
            window=WindowConfig(context_length=24, horizon=6),
            model=ModelConfig(hidden_size=4, head_size=4),
            training=training,
        ),
    )
    make_run(
        folder / DEEP,
        RunSpec(
            dataset="macro_us",
            data=DataConfig(targets=("realgdp", "infl"), past_covariates=("unemp",)),
            window=WindowConfig(context_length=8, horizon=1),
            model=ModelConfig(cell="gru", hidden_size=3, num_layers=2, bidirectional=True, segment_length=2),
            training=training,
        ),
    )
    return folder


@pytest.fixture
def runs(templates, home):
    """The home's runs: a plain LSTM on one column, and a deep GRU on two."""
    shutil.copytree(templates, home / "runs")
    return home / "runs"


@pytest.fixture
def example(templates, monkeypatch):
    """The plain run as the example that comes with seqlab."""
    made = {"example": RunFolder(templates / PLAIN, read_only=True)}
    for module in (examples, store):
        monkeypatch.setattr(module, "example_folders", lambda: made)
    return made["example"]


@pytest.fixture
def no_example(monkeypatch):
    for module in (examples, store):
        monkeypatch.setattr(module, "example_folders", dict)
