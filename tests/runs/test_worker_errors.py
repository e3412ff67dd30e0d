"""What a worker makes of errors, in this process."""

import errno
from pathlib import Path

import pytest

from seqlab.config import RunSpec
from seqlab.errors import DataError
from seqlab.runs import worker
from seqlab.runs.folder import RunFolder


@pytest.fixture
def run(tmp_path: Path, spec: RunSpec, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setattr("seqlab.runs.control.Control.listen_for_end", lambda _self: None)
    return RunFolder.create(tmp_path / "run", spec, {"name": "test"})


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (DataError("The column is gone."), "failed", "The column is gone."),
        (MemoryError(), "failed", "ran out of memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "interrupted", "Make room, then resume"),
        (OSError(errno.EIO, "Input/output error"), "failed", "under the number"),
        (ZeroDivisionError(), "failed", "under the number"),
    ],
)
def test_every_error_ends_in_a_result(run: RunFolder, monkeypatch: pytest.MonkeyPatch, error: Exception, status: str, said: str) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(worker, "train_folder", fail)
    worker.work(run, "train")
    result = run.result
    assert result is not None
    assert result.status == status
    assert said in result.message
    assert not run.alive


@pytest.mark.parametrize(
    ("change", "said"), [({"fingerprint": "ab" * 32}, "has changed since this run was made"), ({"dataset": "no_such_data"}, "no_such_data")]
)
def test_what_cannot_be_done_fails_with_the_reason(
    change: dict[str, str], said: str, spec: RunSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seqlab.runs.control.Control.listen_for_end", lambda _self: None)
    run = RunFolder.create(tmp_path / "run", spec.replace(**change), {"name": "test"})
    worker.work(run, "train")
    assert run.status == "failed"
    assert run.result is not None
    assert said in run.result.message
    assert run.result.error_id == ""


def test_a_deleted_run_leaves_nothing_behind(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def delete_and_fail(folder: RunFolder, _control: object) -> None:
        folder.path.rename(folder.path.with_name("elsewhere"))
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(worker, "train_folder", delete_and_fail)
    worker.work(run, "train")
    assert not run.path.exists()


def test_a_comparison_of_a_missing_model_fails_with_a_sentence(run: RunFolder) -> None:
    run.job("compare").path.mkdir()
    worker.work(run, "compare")
    assert run.job("compare").status == "failed"
    assert run.job("compare").result is not None
    assert "model.safetensors" in run.job("compare").result.message
