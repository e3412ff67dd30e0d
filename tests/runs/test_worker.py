"""Real worker processes: killed, paused, left alone by their server, asked for twice."""

import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load_file

from seqlab.config import RunSpec
from seqlab.records import EpochRecord
from seqlab.runs import executor
from seqlab.runs.executor import LocalExecutor
from seqlab.runs.folder import RunFolder
from seqlab.runs.metrics import Note
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import Supervisor
from seqlab.training.session import TrainingSession

pytestmark = pytest.mark.slow

SERVER = """
import sys
import time
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import Supervisor
supervisor = Supervisor(RunStore(sys.argv[1])).start()
while not supervisor.active:
    time.sleep(0.01)
print("active", flush=True)
sys.stdin.read()
supervisor.close()
"""


def wait_until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _one_warm_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the warm worker is used, no other warms up: a test is over before one is wanted, and its imports cost seconds."""
    for delay in ("WARM_DELAY", "COLD_DELAY"):
        monkeypatch.setattr(executor, delay, 600.0)


@pytest.fixture
def supervisor(store: RunStore) -> Iterator[Supervisor]:
    supervisor = Supervisor(store).start()
    yield supervisor
    supervisor.close()
    for job in store.open_jobs():  # nothing a test started may outlive it
        job.folder.end_worker(10.0)


def pid(run: RunFolder) -> int:
    found: list[int] = []

    def look() -> bool:  # once: a worker that was there may be gone at a second look
        process = run.training.worker
        found.extend([] if process is None else [process.pid])
        return bool(found)

    wait_until(look)
    return found[0]


def epochs(run: RunFolder) -> list[EpochRecord]:
    return [record for record in run.read_metrics()[0] if isinstance(record, EpochRecord)]


@functools.cache
def uninterrupted(spec: str, threads: int) -> tuple[tuple[EpochRecord, ...], dict[str, torch.Tensor]]:
    session = TrainingSession.start(RunSpec.from_json(spec), threads=threads)
    records = tuple(event for event in session.events() if isinstance(event, EpochRecord))
    return records, session.fitted().model.state_dict()


def assert_same_as_uninterrupted(run: RunFolder) -> None:
    """The loss curve and the weights of a run that nobody interrupted, bit for bit."""
    expected, wanted = uninterrupted(run.spec.replace(fingerprint="").to_json(), (run.environment or {})["threads"])
    made = epochs(run)
    assert [r.epoch for r in made] == [r.epoch for r in expected]
    assert [r.train_loss.hex() for r in made] == [r.train_loss.hex() for r in expected]
    assert [r.validation_loss.hex() for r in made] == [r.validation_loss.hex() for r in expected]
    weights = load_file(run.model_path)
    assert set(weights) == set(wanted)
    assert all(torch.equal(weights[name], wanted[name]) for name in wanted)


def test_the_warm_worker_says_ready_and_ends_with_its_input(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-m", "seqlab.runs.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdin is not None
        assert worker.stdout.readline() == b"ready\n"
        worker.stdin.close()
        assert worker.wait(10) == 0


def test_a_run_and_its_comparison_from_click_to_end(store: RunStore, supervisor: Supervisor, spec: RunSpec) -> None:
    assert isinstance(supervisor.executor, LocalExecutor)
    local = supervisor.executor
    wait_until(lambda: local.ready)
    began = time.monotonic()
    run_id = store.submit(spec)
    run = store.folder(run_id)
    wait_until(lambda: run.read_metrics()[0])
    assert time.monotonic() - began < 1.0
    assert supervisor.wait(run_id, 60) == "finished"
    assert_same_as_uninterrupted(run)
    wait_until(lambda: not store.open_jobs())
    store.submit_side(run_id, "compare", {"baselines": ["naive", "seasonal_naive"], "seeds": 1})
    assert supervisor.wait(run_id, 60, kind="compare") == "finished"
    models, _ = run.comparison()
    assert [model.key for model in models] == ["fitted", "naive", "seasonal_naive"]
    shapes = {forecast.y_pred.shape for model in models if (forecast := run.comparison_forecast(model)) is not None}
    assert len(shapes) == 1


def test_a_worker_killed_again_and_again_goes_on_by_itself_to_the_same_bits(
    store: RunStore, supervisor: Supervisor, long_spec: RunSpec
) -> None:
    run_id = store.submit(long_spec)
    run = store.folder(run_id)
    for target in (1, 40):
        wait_until(lambda target=target: len(epochs(run)) >= target)
        os.kill(pid(run), signal.SIGKILL)
        wait_until(lambda: not run.alive)
    assert supervisor.wait(run_id, 120) == "finished"
    assert_same_as_uninterrupted(run)


def test_a_paused_worker_gives_way_to_a_queued_run_and_is_resumed_after_it(
    store: RunStore, supervisor: Supervisor, spec: RunSpec, long_spec: RunSpec
) -> None:
    paused = store.folder(store.submit(long_spec))
    wait_until(lambda: len(epochs(paused)) >= 10)
    paused.request("pause")
    other = store.submit(spec)
    assert supervisor.wait(other, 60) == "finished"
    assert paused.status == "paused"
    assert not paused.alive
    paused.request("resume")
    assert supervisor.wait(paused.path.name, 120) == "finished"
    assert_same_as_uninterrupted(paused)


def test_stop_keeps_a_model(store: RunStore, supervisor: Supervisor, endless_spec: RunSpec) -> None:
    run_id = store.submit(endless_spec)
    run = store.folder(run_id)
    wait_until(lambda: len(epochs(run)) >= 10)
    began = time.monotonic()
    store.request(run_id, "stop")
    assert supervisor.wait(run_id, 20) == "stopped"
    assert time.monotonic() - began < 5.0
    assert run.has_model
    assert run.result is not None
    assert run.result.scores["mae"] > 0


def test_what_breaks_inside_has_a_number_in_the_log(store: RunStore, supervisor: Supervisor, spec: RunSpec) -> None:
    run = store.folder(store.submit(spec))
    run.model_path.mkdir()  # nothing can be renamed over a folder
    (run.model_path / "x").touch()
    assert supervisor.wait(run.path.name, 60) == "failed"
    result = run.result
    assert result is not None
    assert len(result.error_id) == 6
    assert result.error_id in result.message
    assert result.error_id in run.training.log_tail()
    assert "Traceback" in run.training.log_tail()


def test_training_goes_on_while_the_server_is_killed_and_the_next_one_reattaches(
    store: RunStore, long_spec: RunSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor, "WARM_TRIES", 0)  # the next server needs no worker of its own
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(store.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    assert server.stdout.readline() == b"active\n"
    run_id = store.submit(long_spec)
    run = store.folder(run_id)
    wait_until(lambda: len(epochs(run)) >= 5)
    worker = pid(run)
    children = psutil.Process(server.pid).children(recursive=True)
    waiting = [child for child in children if child.pid != worker]
    server.kill()
    server.communicate()
    before = len(epochs(run))
    wait_until(lambda: len(epochs(run)) > before)
    supervisor = Supervisor(store).start()
    try:
        wait_until(lambda: supervisor.active)
        assert pid(run) == worker
        assert supervisor.wait(run_id, 120) == "finished"
        assert not any(isinstance(record, Note) for record in run.read_metrics()[0])  # never resumed: it was one worker all along
        assert_same_as_uninterrupted(run)
        psutil.wait_procs(waiting, 20)
        assert not any(child.is_running() for child in waiting)  # the warm worker ends with its server
    finally:
        supervisor.close()


def test_a_worker_waits_while_paused_ends_when_told_by_the_system_and_the_run_goes_on(
    store: RunStore, supervisor: Supervisor, long_spec: RunSpec
) -> None:
    run_id = store.submit(long_spec)
    run = store.folder(run_id)
    wait_until(lambda: len(epochs(run)) >= 5)
    first = pid(run)
    for ignored in (signal.SIGHUP, signal.SIGINT):
        os.kill(first, ignored)
    run.request("pause")
    wait_until(lambda: any(isinstance(record, Note) for record in run.read_metrics()[0]), 5.0)
    size = (run.path / "metrics.jsonl").stat().st_size
    time.sleep(0.3)
    assert (run.path / "metrics.jsonl").stat().st_size == size
    assert run.status == store.get(run_id).status == "paused"
    assert run.alive
    run.request("resume")
    wait_until(lambda: (run.path / "metrics.jsonl").stat().st_size > size, 2.0)
    assert pid(run) == first
    notes = sum(isinstance(record, Note) for record in run.read_metrics()[0])
    os.kill(first, signal.SIGTERM)
    wait_until(lambda: pid(run) != first)
    assert supervisor.wait(run_id, 120) == "finished"
    assert sum(isinstance(record, Note) for record in run.read_metrics()[0]) == notes + 1
    assert_same_as_uninterrupted(run)


def test_workers_can_be_started_by_hand_and_two_on_one_folder_are_one(store: RunStore, long_spec: RunSpec) -> None:
    run = store.folder(store.submit(long_spec))
    command = [sys.executable, "-m", "seqlab.runs.worker", "--folder", str(run.path)]
    workers = [subprocess.Popen(command) for _ in range(2)]
    for worker in workers:
        assert worker.wait(120) == 0
    assert run.status == "finished"
    assert_same_as_uninterrupted(run)


def test_deleting_a_paused_run_ends_its_worker(store: RunStore, supervisor: Supervisor, endless_spec: RunSpec) -> None:
    run_id = store.submit(endless_spec)
    run = store.folder(run_id)
    wait_until(lambda: len(epochs(run)) >= 1)
    worker = psutil.Process(pid(run))
    run.request("pause")
    store.delete(run_id)
    wait_until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, 10.0)
    assert not run.path.exists()
