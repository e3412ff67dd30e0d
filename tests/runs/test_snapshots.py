"""Snapshots through training: the right steps, the right bits, whatever happens in between."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file

from seqlab.config import ModelConfig, RunSpec, TrainConfig
from seqlab.errors import RunError
from seqlab.records import BatchProgress
from seqlab.runs import snapshots, training_job
from seqlab.runs.control import Control
from seqlab.runs.folder import RunFolder
from seqlab.runs.job import JobFolder
from seqlab.runs.metrics import Note
from seqlab.runs.snapshots import affordable, snapshot_networks, snapshot_steps, stored_steps
from seqlab.runs.training_job import train_folder
from seqlab.training.fit import load_run
from seqlab.training.session import TrainingSession

SPEC = RunSpec(
    dataset="airline_passengers",
    model=ModelConfig(hidden_size=8, head_size=0, dropout=0.1),
    training=TrainConfig(epochs=20, patience=0, batch_size=16, schedule="cosine", device="cpu"),
)


class Killed(BaseException):
    """Stands for a process that ends between two batches."""


class DiesAt(Control):
    """Ends the process at the n-th look."""

    def __init__(self, job: JobFolder, look: int) -> None:
        super().__init__(job)
        self.left = look

    @property
    def request(self) -> str:
        self.left -= 1
        if self.left == 0:
            raise Killed
        return ""


def new_run(folder: Path, spec: RunSpec = SPEC) -> RunFolder:
    return RunFolder.create(folder, spec, {"name": "test", "created": 0.0})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = new_run(tmp_path_factory.mktemp("runs") / "whole")
    train_folder(run, Control(run.training))
    return run


@given(st.integers(1, 3_000_000), st.integers(3, 50))
def test_steps_ascend_from_the_first_to_the_last(total: int, most: int) -> None:
    steps = snapshot_steps(total, most)
    assert steps[0] == 0
    assert steps[-1] == total
    assert list(steps) == sorted(set(steps))
    assert min(most, total + 1) - 2 <= len(steps) <= most


def test_steps_are_even_on_a_logarithmic_axis() -> None:
    steps = np.array(snapshot_steps(100_000)[1:], dtype=float)
    late = np.diff(np.log(steps[steps > 100]))
    assert late.max() < 1.05 * late.min()


def test_the_weights_are_those_of_a_plain_session(whole: RunFolder) -> None:
    session = TrainingSession.start(SPEC, threads=(whole.environment or {})["threads"])
    wanted = snapshot_steps(20 * len(session.state.losses))
    seen = {0: {name: value.clone() for name, value in session.state.network.state_dict().items()}}
    for event in session.events():
        if isinstance(event, BatchProgress) and event.step in wanted:
            seen[event.step] = {name: value.clone() for name, value in session.state.network.state_dict().items()}
    assert stored_steps(whole.snapshots_path) == wanted == tuple(seen)
    networks = snapshot_networks(load_run(whole.path), whole.snapshots_path)
    for step, network in networks.items():
        assert not network.training
        assert all(torch.equal(value, seen[step][name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize(("look", "checkpoints"), [(3, 0.0), (9, 0.0), (40, 0.0), (77, 0.0), (3, 1e9), (77, 1e9)])
def test_a_run_killed_at_any_batch_ends_with_the_same_snapshots(
    tmp_path: Path, whole: RunFolder, monkeypatch: pytest.MonkeyPatch, look: int, checkpoints: float
) -> None:
    monkeypatch.setattr(training_job, "CHECKPOINT_EVERY", checkpoints)
    monkeypatch.setattr(training_job, "CHECKPOINT_INSIDE", checkpoints)
    monkeypatch.setattr(training_job, "COST_SHARE", 0)
    run = new_run(tmp_path / "run")
    for at in (look, 4):
        with pytest.raises(Killed):
            train_folder(run, DiesAt(run.training, at))
    train_folder(run, Control(run.training))
    assert run.snapshots_path.read_bytes() == whole.snapshots_path.read_bytes()


def test_a_run_killed_between_snapshots_and_checkpoint_makes_them_again(
    tmp_path: Path, whole: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_job, "CHECKPOINT_EVERY", 0.0)
    monkeypatch.setattr(training_job, "COST_SHARE", 0)
    saved = TrainingSession.save_checkpoint
    written = 0

    def die(session: TrainingSession, path: Path) -> None:
        nonlocal written
        written += 1
        if written == 3:
            raise Killed
        saved(session, path)

    monkeypatch.setattr(TrainingSession, "save_checkpoint", die)
    run = new_run(tmp_path / "run")
    with pytest.raises(Killed):
        train_folder(run, Control(run.training))
    train_folder(run, Control(run.training))
    assert run.snapshots_path.read_bytes() == whole.snapshots_path.read_bytes()


@pytest.mark.parametrize("damage", ["cut", "foreign", "gone"])
def test_damaged_snapshots_cost_snapshots_only(tmp_path: Path, whole: RunFolder, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(training_job, "CHECKPOINT_EVERY", 0.0)
    monkeypatch.setattr(training_job, "COST_SHARE", 0)
    run = new_run(tmp_path / "run")
    with pytest.raises(Killed):
        train_folder(run, DiesAt(run.training, 40))
    path = run.snapshots_path
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "foreign":
        path.write_bytes(run.checkpoint_path.read_bytes())
    else:
        path.unlink()
    train_folder(run, Control(run.training))
    assert run.status == "finished"
    assert set(stored_steps(path)) < set(stored_steps(whole.snapshots_path))
    assert stored_steps(path)[-1] == stored_steps(whole.snapshots_path)[-1]


def test_a_run_that_stops_early_keeps_what_came_before(tmp_path: Path) -> None:
    spec = SPEC.replace(training=TrainConfig(epochs=1000, patience=2, batch_size=16, learning_rate=0.05, device="cpu"))
    run = new_run(tmp_path / "run", spec)
    train_folder(run, Control(run.training))
    result = run.result
    assert result is not None
    assert result.epochs < 1000
    last = stored_steps(run.snapshots_path)[-1]
    assert 0 < last <= result.epochs * 4


def test_what_a_large_model_can_afford() -> None:
    assert affordable(64_000_000 // 50) == 50
    assert affordable(64_000_000 // 20) == 20
    assert affordable(64_000_000 // 7) == 0


@pytest.mark.parametrize(("most_bytes", "said", "count"), [(1, "No snapshots are kept", 0), (15_000, "At most 8", 8)])
def test_a_model_too_large_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_bytes: int, said: str, count: int) -> None:
    monkeypatch.setattr(snapshots, "affordable", lambda size: affordable(size, most_bytes))
    run = new_run(tmp_path / "run")
    train_folder(run, Control(run.training))
    notes = [record.text for record in run.read_metrics()[0] if isinstance(record, Note)]
    assert any(note.startswith(said) for note in notes), notes
    assert run.snapshots_path.exists() == bool(count)
    assert len(stored_steps(run.snapshots_path)) <= count


def test_a_run_without_snapshots_says_what_to_do(whole: RunFolder, tmp_path: Path) -> None:
    fitted = load_run(whole.path)
    assert stored_steps(tmp_path / "snapshots.safetensors") == ()
    with pytest.raises(RunError, match="Train it again"):
        snapshot_networks(fitted, tmp_path / "snapshots.safetensors")
    with pytest.raises(RunError, match="There is no snapshot of step 999"):
        snapshot_networks(fitted, whole.snapshots_path, [999])


def test_snapshots_of_another_model_are_refused(whole: RunFolder, tmp_path: Path) -> None:
    other = SPEC.replace(model=ModelConfig(hidden_size=4, head_size=0), training=TrainConfig(epochs=1, device="cpu"))
    run = new_run(tmp_path / "run", other)
    train_folder(run, Control(run.training))
    with pytest.raises(RunError, match="do not fit"):
        snapshot_networks(load_run(whole.path), run.snapshots_path)


def test_the_file_is_float32_and_its_steps_are_read_without_torch(whole: RunFolder) -> None:
    stored = load_file(whole.snapshots_path)
    assert {value.dtype for name, value in stored.items() if name != "snapshot_step"} == {np.dtype(np.float32)}
    script = (
        "import sys, pathlib; from seqlab.runs.snapshots import stored_steps\n"
        "print(len(stored_steps(pathlib.Path(sys.argv[1]))), 'torch' in sys.modules)"
    )
    looked = subprocess.run(
        [sys.executable, "-c", script, str(whole.snapshots_path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert looked.stdout.split() == [str(len(stored_steps(whole.snapshots_path))), "False"]
