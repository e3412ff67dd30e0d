"""The supervisor's decisions, with an executor that only takes notes."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from seqlab.config import RunSpec, TrainConfig
from seqlab.errors import RunError
from seqlab.runs.job import JobFolder
from seqlab.runs.result import RunResult
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import MAX_RESTARTS, Supervisor


class NotedExecutor:
    """Jobs are at work until the test lets them end."""

    def __init__(self) -> None:
        self.working: set[Path] = set()
        self.started: list[Path] = []
        self.cancelled: list[Path] = []
        self.closed = False

    def submit(self, job: JobFolder) -> None:
        self.working.add(job.path)
        self.started.append(job.path)

    def wait(self, job: JobFolder, timeout: float = 0.0) -> bool:
        return job.path not in self.working

    def cancel(self, job: JobFolder) -> None:
        self.working.discard(job.path)
        self.cancelled.append(job.path)

    def recover(self, job: JobFolder) -> bool:
        return job.path in self.working

    def keep_ready(self) -> None:
        return

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def executor() -> NotedExecutor:
    return NotedExecutor()


@pytest.fixture
def supervisor(store: RunStore, executor: NotedExecutor) -> Supervisor:
    return Supervisor(store, executor=executor)


def specs(count: int) -> list[RunSpec]:
    return [RunSpec(dataset="sunspots", training=TrainConfig(seed=seed)) for seed in range(count)]


def test_runs_are_started_in_order_one_at_a_time(store: RunStore, executor: NotedExecutor, supervisor: Supervisor) -> None:
    ids = [store.submit(spec) for spec in specs(3)]
    folders = [store.folder(run_id).path for run_id in ids]
    supervisor.tick()
    supervisor.tick()
    assert executor.started == folders[:1]
    store.folder(ids[0]).training.end(RunResult(status="finished"))
    supervisor.tick()  # its worker is still there
    assert executor.started == folders[:1]
    executor.working.clear()
    supervisor.tick()
    assert executor.started == folders[:2]
    assert [job.run_id for job in store.open_jobs()] == ids[1:]


def test_more_places_start_more_runs(store: RunStore, executor: NotedExecutor) -> None:
    supervisor = Supervisor(store, executor=executor, max_runs=2)
    for spec in specs(3):
        store.submit(spec)
    supervisor.tick()
    assert len(executor.started) == 2


@pytest.mark.parametrize("given", ["0", "-1", "many", "1.5", "65"])
def test_a_wrong_number_of_places_is_said(store: RunStore, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SEQLAB_MAX_RUNS", given)
    with pytest.raises(RunError, match="whole number from 1 to 64"):
        Supervisor(store)


def test_a_dead_worker_is_replaced_at_most_three_times_without_progress(
    store: RunStore, executor: NotedExecutor, supervisor: Supervisor
) -> None:
    run_id = store.submit(specs(1)[0])
    folder = store.folder(run_id)
    for _ in range(MAX_RESTARTS + 1):
        supervisor.tick()
        executor.working.clear()
    assert len(executor.started) == MAX_RESTARTS + 1
    supervisor.tick()
    assert len(executor.started) == MAX_RESTARTS + 1
    assert folder.result is not None
    assert folder.status == "interrupted"
    assert "ended 4 times" in folder.result.message
    store.request(run_id, "resume")
    supervisor.tick()
    assert len(executor.started) == MAX_RESTARTS + 2


def test_progress_forgives_earlier_deaths(store: RunStore, executor: NotedExecutor, supervisor: Supervisor) -> None:
    folder = store.folder(store.submit(specs(1)[0]))
    for number in range(3 * MAX_RESTARTS):
        supervisor.tick()
        executor.working.clear()
        folder.checkpoint_path.write_bytes(b"x" * (number + 1))
    assert len(executor.started) == 3 * MAX_RESTARTS
    assert folder.result is None


def test_a_paused_run_is_not_started_and_a_resumed_one_is(store: RunStore, executor: NotedExecutor, supervisor: Supervisor) -> None:
    first, second = (store.submit(spec) for spec in specs(2))
    store.request(first, "pause")
    supervisor.tick()
    assert executor.started == [store.folder(second).path]
    executor.working.clear()
    store.folder(second).training.end(RunResult(status="finished"))
    store.request(first, "resume")
    supervisor.tick()
    assert executor.started[-1] == store.folder(first).path


def test_a_run_stopped_before_it_began_ends_at_once(store: RunStore, executor: NotedExecutor, supervisor: Supervisor) -> None:
    run_id = store.submit(specs(1)[0])
    store.request(run_id, "stop")
    supervisor.tick()
    assert executor.started == []
    assert store.get(run_id).status == "stopped"
    assert store.open_jobs() == ()


def test_a_paused_run_that_is_stopped_puts_its_model_away_even_when_all_places_are_taken(
    store: RunStore, executor: NotedExecutor, supervisor: Supervisor
) -> None:
    first, second = (store.folder(store.submit(spec)) for spec in specs(2))
    first.checkpoint_path.write_bytes(b"x")
    first.request("pause")
    supervisor.tick()
    assert executor.started == [second.path]
    first.request("stop")
    supervisor.tick()
    assert executor.started == [second.path, first.path]


def test_a_worker_that_waits_in_a_pause_is_asked_to_leave_only_if_a_run_is_queued(
    store: RunStore, executor: NotedExecutor, supervisor: Supervisor
) -> None:
    first, second = specs(2)
    paused = store.folder(store.submit(first))
    supervisor.tick()
    paused.request("pause")
    supervisor.tick()
    assert not paused.training.asked_to_give_way
    store.submit(second)
    supervisor.tick()
    assert paused.training.asked_to_give_way


def test_a_running_worker_is_never_asked_to_leave(store: RunStore, executor: NotedExecutor, supervisor: Supervisor) -> None:
    running, _waiting = (store.folder(store.submit(spec)) for spec in specs(2))
    supervisor.tick()
    supervisor.tick()
    assert not running.training.asked_to_give_way


def test_a_comparison_has_a_place_of_its_own_and_can_be_stopped(store: RunStore, executor: NotedExecutor, supervisor: Supervisor) -> None:
    done, going = (store.folder(store.submit(spec)) for spec in specs(2))
    done.model_path.write_bytes(b"weights")
    done.training.end(RunResult(status="finished", has_model=True))
    store.submit_side(done.path.name, "compare", {"baselines": ["naive"]})
    supervisor.tick()
    assert executor.started == [going.path, done.job("compare").path]
    store.request(done.path.name, "stop", kind="compare")
    supervisor.tick()
    assert executor.cancelled == [done.job("compare").path]
    supervisor.tick()
    assert done.side_status("compare") == "stopped"


def test_a_run_deleted_while_queued_is_not_started(store: RunStore, executor: NotedExecutor, supervisor: Supervisor) -> None:
    run_id = store.submit(specs(1)[0])
    store.delete(run_id)
    supervisor.tick()
    assert executor.started == []


def test_a_second_supervisor_waits_and_takes_over(store: RunStore) -> None:
    first_executor, second_executor = NotedExecutor(), NotedExecutor()
    first = Supervisor(store, executor=first_executor, interval=0.01).start()
    wait_until(lambda: first.active)
    second = Supervisor(RunStore(store.home), executor=second_executor, interval=0.01).start()
    store.submit(specs(1)[0])
    wait_until(lambda: bool(first_executor.started))
    assert not second.active
    assert second_executor.started == []
    first.close()
    assert first_executor.closed
    wait_until(lambda: second.active)
    wait_until(lambda: bool(second_executor.started))  # this executor knows nothing of the first one's worker
    second.close()
    assert not second.active


def test_an_error_does_not_end_the_supervisor(store: RunStore, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(NotedExecutor):
        failures = 1

        def submit(self, job: JobFolder) -> None:
            if self.failures:
                self.failures -= 1
                raise OSError(12, "Cannot allocate memory")
            super().submit(job)

    executor = Failing()
    supervisor = Supervisor(store, executor=executor, interval=0.01).start()
    store.submit(specs(1)[0])
    wait_until(lambda: bool(executor.started))
    supervisor.close()
    assert "it tries again" in caplog.text


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
