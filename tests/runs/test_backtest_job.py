"""A backtest as a side job: stored fold by fold, taken up again, begun anew when something else is asked for."""

import numpy as np
import pytest

from seqlab.config import BacktestConfig, RunSpec
from seqlab.runs.backtest_job import backtest_folder
from seqlab.runs.backtest_log import StoredBacktest, backtest_request, read_backtest
from seqlab.runs.durable import write_json
from seqlab.runs.folder import RunFolder
from seqlab.runs.side_progress import read_progress
from seqlab.runs.store import RunStore
from seqlab.runs.worker import work

BASELINES = ("naive", "drift", "var")


@pytest.fixture
def run(store: RunStore, spec: RunSpec) -> RunFolder:
    """A trained run; horizon 6 on airline passengers."""
    folder = store.folder(store.submit(spec))
    work(folder, "train")
    return folder


def ask(run: RunFolder, **choices: object) -> StoredBacktest:
    """Ask for a backtest, let a worker do it, and read what it stored."""
    job = run.job("backtest")
    job.path.mkdir(exist_ok=True)
    request = backtest_request(BacktestConfig(**choices), BASELINES)
    write_json(job.path / "request.json", request)
    job.reopen()
    work(run, "backtest")
    assert job.status == "finished", job.result
    stored = read_backtest(job.path, request)
    assert stored is not None
    return stored


def test_what_is_done_is_kept_for_the_same_request_only(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ask(run, folds=2)
    assert list(whole.labels) == ["fitted", "naive", "drift"]
    assert list(whole.skipped) == ["var"]
    assert [(one.key, one.fold.number) for one in whole.results] == [(key, fold) for key in whole.labels for fold in (1, 2)]
    progress = read_progress(run.job("backtest").path)
    assert progress is not None
    assert (progress.text, progress.done, progress.of) == ("Drift, fold 2 of 2.", 5, 6)

    log = run.job("backtest").path / "folds.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:4]) + lines[4][:20])  # stopped while the fourth result was being written
    again = ask(run, folds=2)
    assert log.read_bytes().splitlines(keepends=True)[:4] == lines[:4]
    for one, other in zip(whole.results, again.results, strict=True):
        assert (one.key, one.fold, one.fitted, one.validated) == (other.key, other.fold, other.fitted, other.validated)
        np.testing.assert_array_equal(one.forecast.y_pred, other.forecast.y_pred)
        np.testing.assert_array_equal(one.forecast.y_true, other.forecast.y_true)

    other = backtest_request(BacktestConfig(folds=1), BASELINES)
    assert read_backtest(run.job("backtest").path, other) is None  # asked for, but no worker has begun
    assert {one.fold.number for one in ask(run, folds=1).results} == {1}


def test_a_fold_without_a_forecast_keeps_its_reason(run: RunFolder) -> None:
    stored = ask(run, folds=1, networks="train", window="sliding", window_length=20)
    network = next(one for one in stored.results if one.key == "fitted")
    assert network.forecast is None
    assert "One window needs 30 rows" in network.reason


def test_a_backtest_that_cannot_be_laid_out_ends_with_the_reason(run: RunFolder) -> None:
    job = run.job("backtest")
    job.path.mkdir()
    write_json(job.path / "request.json", backtest_request(BacktestConfig(folds=90), BASELINES))
    work(run, "backtest")
    assert job.status == "failed"
    assert "Choose at most" in job.result.message
    backtest_folder(run)  # over is over
    assert not (job.path / "folds.jsonl").exists()
