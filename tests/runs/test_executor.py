import subprocess
import sys
import time
from pathlib import Path

import pytest

from seqlab.runs import executor as executor_module
from seqlab.runs.executor import Executor, LocalExecutor
from seqlab.runs.job import JobFolder
from seqlab.runs.lock import hold


@pytest.fixture
def executor(home: Path) -> Executor:
    return LocalExecutor(home)


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return JobFolder(tmp_path, "train")


def test_a_job_nobody_works_on_is_at_its_end(executor: Executor, job: JobFolder) -> None:
    assert executor.wait(job)
    assert not executor.recover(job)
    executor.cancel(job)
    executor.close()
    assert executor.wait(job)


def test_a_worker_of_another_process_is_found_by_its_lock(executor: Executor, job: JobFolder) -> None:
    with hold(job.lock_path) as mine:
        assert mine
        assert executor.recover(job)
        began = time.monotonic()
        assert not executor.wait(job, 0.1)
        assert time.monotonic() - began >= 0.1
    assert executor.wait(job)
    assert not executor.recover(job)


def test_cancelling_kills_a_worker_that_somebody_else_started(executor: Executor, job: JobFolder) -> None:
    code = (
        "import sys, pathlib, time; from seqlab.runs.job import JobFolder; from seqlab.runs.lock import try_hold; "
        "job = JobFolder(pathlib.Path(sys.argv[1]), 'train'); lock = try_hold(job.lock_path); job.sign(); "
        "print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(job.path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert executor.recover(job)
        executor.cancel(job)
        assert other.wait(5) != 0
    assert executor.wait(job)


def test_a_warm_worker_that_cannot_start_is_not_started_for_ever(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def refuse(self: LocalExecutor, *arguments: str) -> subprocess.Popen[bytes]:
        started.append(arguments)
        return subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(LocalExecutor, "_spawn", refuse)
    executor = LocalExecutor(home)
    until = time.monotonic() + 20
    while len(started) < executor_module.WARM_TRIES and time.monotonic() < until:
        executor.keep_ready()
        time.sleep(0.02)
    time.sleep(0.5)
    for _ in range(5):
        executor.keep_ready()
    assert len(started) == executor_module.WARM_TRIES
    assert executor.warm_pid is None
    assert not executor.ready
    executor.close()
