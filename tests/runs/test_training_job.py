"""A worker's work on a run, in this process, interrupted at chosen batches."""

import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from seqlab.config import RunSpec, TrainConfig
from seqlab.errors import DataError, RunError
from seqlab.records import EpochRecord
from seqlab.runs import training_job
from seqlab.runs.control import Control
from seqlab.runs.folder import RunFolder
from seqlab.runs.job import JobFolder
from seqlab.runs.metrics import Note
from seqlab.runs.result import RunResult
from seqlab.runs.training_job import train_folder
from seqlab.training.session import TrainingSession

Curve = list[tuple[int, int, str, str, float, str, bool]]


class Scripted(Control):
    """Says what the script has for the n-th look, and nothing before."""

    def __init__(self, job: JobFolder, script: dict[int, str]) -> None:
        super().__init__(job)
        self.script = script
        self.looks = 0
        self.said = ""

    @property
    def request(self) -> str:
        self.looks += 1
        self.said = self.script.get(self.looks, self.said)
        if self.said == "die":
            raise Killed
        return "" if self.said == "leave" else self.said

    @property
    def leave(self) -> bool:
        return self.said == "leave"


class Killed(BaseException):
    """Stands for a process that ends between two batches."""


SPEC = RunSpec(dataset="airline_passengers", training=TrainConfig(epochs=6, patience=0, batch_size=16, schedule="cosine", device="cpu"))


@pytest.fixture
def spec() -> RunSpec:
    return SPEC


def new_run(folder: Path, spec: RunSpec) -> RunFolder:
    return RunFolder.create(folder, spec, {"name": "test", "created": 0.0})


def curve(run: RunFolder) -> Curve:
    return [exact(record) for record in run.read_metrics()[0] if isinstance(record, EpochRecord)]


def exact(record: EpochRecord) -> tuple[int, int, str, str, float, str, bool]:
    return (
        record.epoch,
        record.step,
        record.train_loss.hex(),
        record.validation_loss.hex(),
        record.learning_rate,
        record.gradient_norm.hex(),
        record.best,
    )


def notes(run: RunFolder) -> list[str]:
    return [record.text for record in run.read_metrics()[0] if isinstance(record, Note)]


def same_weights(a: RunFolder, b: RunFolder) -> bool:
    first, second = load_file(a.model_path), load_file(b.model_path)
    return set(first) == set(second) and all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The same run, never interrupted; only looked at."""
    run = new_run(tmp_path_factory.mktemp("runs") / "whole", SPEC)
    train_folder(run, Control(run.training))
    return run


def test_a_run_that_ends_has_model_forecast_scores_and_curve(whole: RunFolder, spec: RunSpec) -> None:
    result = whole.result
    assert result is not None
    assert (result.status, result.epochs, result.has_model) == ("finished", 6, True)
    assert result.scores["mae"] > 0
    assert result.parameters == sum(value.numel() for value in load_file(whole.model_path).values())
    forecast = whole.forecast()
    assert forecast is not None
    assert forecast.y_pred.shape == forecast.y_true.shape
    assert whole.preview() is not None
    assert whole.spec.fingerprint == ""  # read before training
    assert len(RunFolder(whole.path).spec.fingerprint) == 64
    assert (whole.environment or {})["device"] == "cpu"
    session = TrainingSession.start(spec, threads=(whole.environment or {})["threads"])
    assert curve(whole) == [exact(event) for event in session.events() if isinstance(event, EpochRecord)]


def test_the_first_batch_is_on_disk_at_once(tmp_path: Path, spec: RunSpec) -> None:
    run = new_run(tmp_path / "run", spec)
    with pytest.raises(Killed):
        train_folder(run, Scripted(run.training, {3: "die"}))
    records, _ = run.read_metrics()
    assert [record.step for record in records] == [1]


@pytest.mark.parametrize(
    ("look", "checkpoints"), [*((look, 0.0) for look in (3, 5, 6, 7, 8, 20, 29)), (3, 1e9), (7, 1e9), (29, 1e9)]
)  # after every batch, and only at the end
def test_a_run_killed_at_any_batch_goes_on_to_the_same_bits(
    tmp_path: Path, spec: RunSpec, whole: RunFolder, monkeypatch: pytest.MonkeyPatch, look: int, checkpoints: float
) -> None:
    monkeypatch.setattr(training_job, "CHECKPOINT_EVERY", checkpoints)
    monkeypatch.setattr(training_job, "CHECKPOINT_INSIDE", checkpoints)
    monkeypatch.setattr(training_job, "COST_SHARE", 0)
    run = new_run(tmp_path / "run", spec)
    for at in (look, 3):
        with pytest.raises(Killed):
            train_folder(run, Scripted(run.training, {at: "die"}))
    assert run.result is None
    train_folder(run, Control(run.training))
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)
    steps = [record.step for record in run.read_metrics()[0] if not isinstance(record, Note)]
    assert steps == sorted(steps)


def test_a_run_that_leaves_on_request_stores_the_very_batch(tmp_path: Path, spec: RunSpec, whole: RunFolder) -> None:
    run = new_run(tmp_path / "run", spec)
    for look in (4, 6, 3, 11):
        train_folder(run, Scripted(run.training, {look: "leave"}))
        assert run.result is None
    train_folder(run, Control(run.training))
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)
    assert sum(note.startswith("Resumed") for note in notes(run)) == 4


def test_a_damaged_checkpoint_costs_time_only(tmp_path: Path, spec: RunSpec, whole: RunFolder) -> None:
    run = new_run(tmp_path / "run", spec)
    train_folder(run, Scripted(run.training, {12: "leave"}))
    content = run.checkpoint_path.read_bytes()
    run.checkpoint_path.write_bytes(content[: len(content) // 2])
    train_folder(run, Control(run.training))
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)
    assert any("starts again from the beginning" in note for note in notes(run))


def test_a_curve_that_lost_its_end_is_completed_from_the_checkpoint(tmp_path: Path, spec: RunSpec, whole: RunFolder) -> None:
    run = new_run(tmp_path / "run", spec)
    train_folder(run, Scripted(run.training, {25: "leave"}))
    path = run.path / "metrics.jsonl"
    path.write_bytes(path.read_bytes()[:100])
    train_folder(run, Control(run.training))
    assert curve(run) == curve(whole)


def test_a_pause_waits_and_goes_on_in_the_same_process(tmp_path: Path, spec: RunSpec, whole: RunFolder) -> None:
    run = new_run(tmp_path / "run", spec)
    train_folder(run, Scripted(run.training, {5: "pause", 9: "resume"}))
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)
    assert run.checkpoint_path.exists()
    assert any(note.startswith("Paused in epoch") for note in notes(run))


@pytest.mark.parametrize("by", ["time", "giving way"])
def test_a_pause_that_lasts_ends_the_process_and_resumes_in_another(
    tmp_path: Path, spec: RunSpec, whole: RunFolder, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    run = new_run(tmp_path / "run", spec)
    if by == "time":
        monkeypatch.setenv("SEQLAB_PAUSE_SECONDS", "0")
    else:
        run.training.ask_to_give_way()
    train_folder(run, Scripted(run.training, {5: "pause"}))
    assert run.result is None
    run.request("pause")
    assert run.status == "paused"
    train_folder(run, Control(run.training))  # a worker that finds a pause does nothing
    assert run.result is None
    run.request("resume")
    train_folder(run, Control(run.training))
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)


def test_a_wrong_patience_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_PAUSE_SECONDS", "soon")
    with pytest.raises(RunError, match="number of seconds"):
        training_job.pause_patience()


def test_a_stopped_run_keeps_its_best_weights(tmp_path: Path, spec: RunSpec, whole: RunFolder) -> None:
    run = new_run(tmp_path / "run", spec)
    train_folder(run, Scripted(run.training, {14: "stop"}))
    result = run.result
    assert result is not None
    assert (result.status, result.has_model) == ("stopped", True)
    assert 0 < result.epochs < 6
    assert f"epoch {result.best_epoch} are kept" in result.message
    assert math.isfinite(result.scores["mae"])
    assert curve(run) == curve(whole)[: result.epochs]


def test_a_paused_run_can_be_stopped_later(tmp_path: Path, spec: RunSpec) -> None:
    run = new_run(tmp_path / "run", spec)
    train_folder(run, Scripted(run.training, {14: "leave"}))
    before = curve(run)
    run.request("stop")
    train_folder(run, Control(run.training))
    assert run.status == "stopped"
    assert curve(run) == before
    assert run.has_model


def test_a_diverged_run_says_so_and_keeps_good_weights(tmp_path: Path, spec: RunSpec) -> None:
    wild = spec.replace(training=TrainConfig(optimizer="sgd", learning_rate=10.0, momentum=0.999, clip_norm=0.0, epochs=400, patience=0))
    run = new_run(tmp_path / "run", wild)
    train_folder(run, Control(run.training))
    result = run.result
    assert result is not None
    assert result.status == "diverged"
    assert "step" in result.message
    assert all(torch.isfinite(value).all() for value in load_file(run.model_path).values())
    assert run.forecast() is not None


def test_a_model_that_cannot_be_scored_is_kept(tmp_path: Path, spec: RunSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DataError("The test part is empty.")

    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    for number, failure in enumerate((refuse, break_down)):
        monkeypatch.setattr(training_job, "judge", failure)
        run = new_run(tmp_path / f"run{number}", spec)
        train_folder(run, Control(run.training))
        result = run.result
        assert result is not None
        assert (result.status, result.scores, result.has_model) == ("finished", {}, True)
        assert ("The test part is empty." if failure is refuse else "worker.log under the number") in result.notes[0]


def test_a_run_that_is_over_is_left_alone(tmp_path: Path, spec: RunSpec) -> None:
    run = new_run(tmp_path / "run", spec)
    run.training.end(RunResult(status="stopped"))
    train_folder(run, Control(run.training))
    assert not (run.path / "metrics.jsonl").exists()
