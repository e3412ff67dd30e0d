from pathlib import Path

import numpy as np
import pytest

from seqlab.config import RunSpec
from seqlab.errors import ConfigError, RunError
from seqlab.records import Forecast, GateTrace, Score
from seqlab.runs.arrays import StoredTrace, load_forecast, load_preview, load_trace, save_forecast, save_preview, save_trace
from seqlab.runs.comparison_log import append_compared, read_compared
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import RunResult


@pytest.fixture
def run(tmp_path: Path, spec: RunSpec) -> RunFolder:
    return RunFolder.create(tmp_path / "run", spec, {"name": "test", "created": 1.0})


@pytest.fixture
def forecast() -> Forecast:
    rng = np.random.default_rng(0)
    y_true = rng.normal(size=(3, 4, 2))
    y_true[0, 0, 0] = np.nan
    return Forecast(
        model="LSTM 8",
        targets=("a", "naïve <b>"),
        origins=np.array([5, 7, 9]),
        y_pred=rng.normal(size=(3, 4, 2)),
        y_true=y_true,
        notes=("One value was never observed.",),
    )


def assert_same(a: Forecast | None, b: Forecast) -> None:
    assert a is not None
    assert (a.model, a.targets, a.notes) == (b.model, b.targets, b.notes)
    assert np.isnan(a.seconds)
    for name in ("origins", "y_pred", "y_true"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))


def test_a_forecast_comes_back_as_it_was(tmp_path: Path, forecast: Forecast) -> None:
    save_forecast(tmp_path / "f.npz", forecast)
    assert_same(load_forecast(tmp_path / "f.npz"), forecast)
    assert load_forecast(tmp_path / "missing.npz") is None
    save_preview(tmp_path / "p.json", forecast, epoch=3, step=40)
    assert_same(load_preview(tmp_path / "p.json"), forecast)
    assert load_preview(tmp_path / "missing.json") is None


def test_a_trace_comes_back_as_it_was(tmp_path: Path) -> None:
    gates = {(layer, "forward", gate): np.full((1, 4, 2), layer, np.float32) for layer in (0, 1) for gate in ("r", "h")}
    trace = GateTrace(
        cell="gru", gate_names=("r", "h"), num_layers=2, directions=("forward",), gates=gates, max_error=1e-7, segment_length=2
    )
    stored = StoredTrace(trace=trace, x=np.ones((1, 8, 1), np.float32), windows=np.array([0]), origins=np.array([100]))
    save_trace(tmp_path / "t.npz", stored)
    back = load_trace(tmp_path / "t.npz")
    assert back is not None
    assert (back.trace.cell, back.trace.gate_names, back.trace.num_layers, back.trace.segment_length) == ("gru", ("r", "h"), 2, 2)
    np.testing.assert_array_equal(back.trace.values("h", layer=1), gates[(1, "forward", "h")])
    np.testing.assert_array_equal(back.x, stored.x)
    assert back.origins.tolist() == [100]
    assert load_trace(tmp_path / "missing.npz") is None


def test_compared_models_are_read_as_they_come(tmp_path: Path, forecast: Forecast) -> None:
    scores = (Score(metric="mae", value=1.5), Score(metric="mase", value=float("nan"), reason="The series is constant."))
    assert read_compared(tmp_path) == ([], 0)
    append_compared(tmp_path, "fitted", forecast, scores)
    (first,), offset = read_compared(tmp_path)
    assert (first.key, first.model, first.number, first.scores[0].value) == ("fitted", "LSTM 8", 0, 1.5)
    assert np.isnan(first.scores[1].value)
    assert first.scores[1].reason == "The series is constant."
    with (tmp_path / "models.jsonl").open("ab") as file:
        file.write(b'{"key": "torn')
    assert read_compared(tmp_path, offset) == ([], offset)
    append_compared(tmp_path, "naive", forecast, scores)
    (second,), _ = read_compared(tmp_path, offset)
    assert (second.key, second.number) == ("naive", 1)
    assert_same(load_forecast(tmp_path / "forecast-1.npz"), forecast)


def test_a_new_folder_knows_little_and_breaks_nothing(run: RunFolder, spec: RunSpec) -> None:
    assert run.spec == spec
    assert run.about == {"name": "test", "created": 1.0}
    assert (run.result, run.environment, run.preview(), run.forecast(), run.trace(), run.side_request("compare")) == (None,) * 6
    assert (run.status, run.alive, run.has_model, run.preview_stamp, run.side_status("compare")) == ("queued", False, False, 0, "")
    assert run.read_metrics() == ([], 0)
    assert run.comparison() == ([], 0)
    assert run.training.worker is None
    assert run.training.log_tail() == ""


def test_a_spec_of_another_version_is_said(run: RunFolder) -> None:
    (run.path / "spec.json").write_text('{"format": 99}')
    with pytest.raises(ConfigError, match="another format"):
        _ = RunFolder(run.path).spec


def test_a_read_only_run_can_be_looked_at_only(run: RunFolder) -> None:
    run.training.end(RunResult(status="finished"))
    example = RunFolder(run.path, read_only=True)
    before = sorted(p.name for p in run.path.iterdir())
    assert (example.status, example.alive) == ("finished", False)
    with pytest.raises(RunError, match="cannot be changed"):
        example.request("stop")
    with pytest.raises(RunError, match="cannot be renamed"):
        example.rename("mine")
    assert sorted(p.name for p in run.path.iterdir()) == before


def test_a_process_number_that_belongs_to_another_is_not_trusted(run: RunFolder) -> None:
    from seqlab.runs.durable import write_json
    from seqlab.runs.lock import hold

    with hold(run.training.lock_path) as mine:
        assert mine
        run.training.sign()
        assert run.training.worker is not None
        write_json(run.path / "worker.json", {"pid": 1, "born": 0.0, "kind": "train"})
        assert run.training.worker is None
