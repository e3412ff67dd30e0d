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
