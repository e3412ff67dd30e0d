"""Gives queued jobs to workers, and takes up again what a dead worker left. One at work per store."""

import logging
import os
import threading
import time

from seqlab.errors import RunError
from seqlab.runs.executor import Executor, LocalExecutor
from seqlab.runs.lock import hold, try_hold
from seqlab.runs.result import ENDED, RunResult
from seqlab.runs.side_jobs import SIDE_JOBS
from seqlab.runs.store import Job, RunStore
from seqlab.runs.sweep_driver import SweepDriver

__all__ = ["MAX_RESTARTS", "Supervisor"]

MAX_RESTARTS = 3
TAKE_OVER_EVERY = 0.5  # seconds between two tries to become the store's supervisor

_log = logging.getLogger("seqlab.runs")


class Supervisor:
    """A thread that moves the jobs of a store along. It keeps nothing in memory that it could not read again.

    Several may be started on one store, in several processes; a kernel lock lets one of them work
    and the next take over when that one's process ends. Workers go on in between.

    Args:
        store: the runs.
        executor: who does the work; ``None`` for processes of this machine.
        max_runs: runs trained at a time; ``None`` reads ``$SEQLAB_MAX_RUNS``, else 1.
        interval: seconds between two looks.

    Raises:
        RunError: ``$SEQLAB_MAX_RUNS`` is no whole number from 1 to 64.
    """

    def __init__(self, store: RunStore, *, executor: Executor | None = None, max_runs: int | None = None, interval: float = 0.25) -> None:
        self.store = store
        self.executor = executor if executor is not None else LocalExecutor(store.home)
        self.capacity = {"train": max_runs if max_runs is not None else _max_runs(), "side": 1}
        self._interval = interval
        self._sweeps = SweepDriver(store)
        self._closing = threading.Event()
        self._at_work = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def active(self) -> bool:
        """Whether this is the store's supervisor; if not, another is, or none has started yet."""
        return self._at_work.is_set()

    def start(self) -> "Supervisor":
        """Start the thread; returns at once. Starting twice starts one."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="seqlab-supervisor", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """End the thread and the warm worker. Workers that work go on."""
        self._closing.set()
        self.store.changed.set()
        if self._thread is not None:
            self._thread.join()

    def wait(self, run_id: str, timeout: float, kind: str = "train") -> str:
        """Wait until a job has ended or is paused.

        Returns:
            Its status then, or after ``timeout`` seconds.
        """
        job = self.store.folder(run_id).job(kind)
        deadline = time.monotonic() + timeout
        while (status := job.status) not in (*ENDED, "paused") and time.monotonic() < deadline:
            time.sleep(0.02)
        return status

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._supervise()
            except Exception:
                # A full disk, say. The thread must live on: when the cause is gone, so is the trouble.
                _log.exception("The supervisor of %s met an error; it tries again.", self.store.home)
            self._closing.wait(TAKE_OVER_EVERY)

    def _supervise(self) -> None:
        """Work as the store's supervisor until closed; returns at once if another one does."""
        self.store.home.mkdir(parents=True, exist_ok=True)
        lock = try_hold(self.store.home / "supervisor.lock")
        if lock is None:
            return
        try:
            self.store.reconcile()
            self._sweeps = SweepDriver(self.store)  # another supervisor may have driven them meanwhile
            for job in self.store.open_jobs():
                if self.executor.recover(job.folder):
                    _log.info("The worker of %s goes on under this supervisor.", job.folder.path)
            self._at_work.set()
            while not self._closing.is_set():
                self.tick()
                self.executor.keep_ready()
                self.store.changed.wait(self._interval)
                self.store.changed.clear()
        finally:
            self._at_work.clear()
            self.executor.close()
            lock.release()

    def tick(self) -> None:
        """Look at every open job once and do what is due. Only the holder of the store's lock calls it."""
        jobs = self.store.open_jobs()
        # Asked before anything else is read: a worker that ends in between has then written its result.
        busy = [job for job in jobs if not self.executor.wait(job.folder)]
        free = {lane: places - sum(_lane(job) == lane for job in busy) for lane, places in self.capacity.items()}
        crowded = set()
        for job in jobs:
            if job in busy:
                if job.kind in SIDE_JOBS and job.folder.requested == "stop":
                    self.executor.cancel(job.folder)
                continue
            if not job.folder.path.is_dir():
                continue  # deleted a moment ago
            result = job.folder.result
            if result is not None:
                self.store.close_job(job, result)
                continue
            request = job.folder.requested
            if request == "stop" and (job.kind in SIDE_JOBS or not job.folder.progress):
                self._end(job, RunResult(status="stopped", message=_stopped(job.kind), ended=time.time()))
            elif request == "stop":
                self._start(job)  # it only has to put its model away; that waits for no free place
            elif request != "pause":
                if free[_lane(job)] > 0:
                    free[_lane(job)] -= 1
                    self._start(job)
                else:
                    crowded.add(_lane(job))
        self._make_room([job for job in busy if _lane(job) in crowded])
        self._sweeps.advance(self.capacity["train"])

    def _make_room(self, busy: list[Job]) -> None:
        """Ask a worker that waits in a pause to leave, because a run is queued; its run resumes from the checkpoint."""
        for job in busy:
            if job.folder.requested == "pause":
                job.folder.ask_to_give_way()
                return

    def _start(self, job: Job) -> None:
        """Start a worker, unless the last ones died without getting any further."""
        progress = job.folder.progress
        starts = job.starts if progress == job.progress else 0
        if starts > MAX_RESTARTS:
            message = (
                f"The worker process ended {starts} times without getting any further; often the machine ran out of memory. "
                "Resume tries again from the last checkpoint. If it happens again, choose a smaller batch size or hidden size."
            )
            self._end(job, RunResult(status="interrupted", message=message, ended=time.time()))
            return
        self.store.note_start(job, starts=starts + 1, progress=progress)
        self.executor.submit(job.folder)

    def _end(self, job: Job, result: RunResult) -> None:
        """Write the result of a job that no worker has; a worker that just came first wins."""
        with hold(job.folder.lock_path) as mine:
            if mine and job.folder.result is None:
                job.folder.end(result)
                self.store.close_job(job, result)


def _lane(job: Job) -> str:
    """Training and side jobs have places of their own: a comparison need not wait for a long run."""
    return "side" if job.kind in SIDE_JOBS else "train"


def _stopped(kind: str) -> str:
    if kind in SIDE_JOBS:
        return f"The {SIDE_JOBS[kind].label} was stopped; what was done until then is kept."
    return "Stopped before anything was learned."


def _max_runs() -> int:
    given = os.environ.get("SEQLAB_MAX_RUNS", "").strip() or "1"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 64:
        raise RunError(f"SEQLAB_MAX_RUNS is {given!r}. It must be a whole number from 1 to 64: the runs trained at a time.")
    return int(given)
