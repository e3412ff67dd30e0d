"""Who does the work: four verbs, so that a cluster's queue can take the place of local processes."""

import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Protocol

import seqlab
from seqlab.runs.job import JobFolder

__all__ = ["Executor", "LocalExecutor"]

_log = logging.getLogger("seqlab.runs")

WARM_DELAY = 2.0  # seconds after a hand-over before the next worker warms up, so that it does not slow the first steps
COLD_DELAY = 8.0  # the same after a cold start, which has the same imports to do first
WARM_TRIES = 3
_END_PATIENCE = 5.0


class Executor(Protocol):
    """Runs jobs somewhere. What it may know of a job is its folder, and the folder is all it may change."""

    def submit(self, job: JobFolder) -> None:
        """Start a worker on the job; returns at once."""

    def wait(self, job: JobFolder, timeout: float = 0.0) -> bool:
        """Whether, after at most ``timeout`` seconds, no worker is at work on the job any more."""

    def cancel(self, job: JobFolder) -> None:
        """End the job's worker now, without its help; what it has stored stays."""

    def recover(self, job: JobFolder) -> bool:
        """Whether a worker that somebody else started is at work on the job; from now on it can be waited for."""

    def keep_ready(self) -> None:
        """Called a few times a second: prepare for the next ``submit``."""

    def close(self) -> None:
        """Let go of everything that waits; workers that work go on."""


class LocalExecutor:
    """Workers are processes of this machine, one per job, each in a session of its own. One more is kept warm.

    Args:
        home: the home folder the workers use.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._workers: dict[Path, subprocess.Popen[bytes]] = {}
        self._warm: subprocess.Popen[bytes] | None = None
        self._warm_from = 0.0
        self._warm_failures = 0
        self._ready = False

    def submit(self, job: JobFolder) -> None:
        """Hand the job to the warm worker, or to a new one if there is none."""
        folder = str(job.path.resolve())
        order = json.dumps({"folder": folder, "kind": job.kind}).encode() + b"\n"
        worker = self._take_warm()
        delay = WARM_DELAY
        if worker is None or not _hand_over(worker, order):
            worker = self._spawn("--folder", folder, "--kind", job.kind)
            _close_pipes(worker)
            delay = COLD_DELAY
        self._workers[job.path] = worker
        self._warm_from = time.monotonic() + delay

    def wait(self, job: JobFolder, timeout: float = 0.0) -> bool:
        """By the process where it is our child, else by the folder's lock."""
        worker = self._workers.get(job.path)
        if worker is not None:
            try:
                worker.wait(timeout)
            except subprocess.TimeoutExpired:
                return False
            del self._workers[job.path]
        deadline = time.monotonic() + timeout
        while job.alive:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        return True

    def cancel(self, job: JobFolder) -> None:
        """Kill the process, whoever started it."""
        worker = self._workers.get(job.path)
        if worker is not None:
            worker.kill()
            worker.wait(_END_PATIENCE)
        job.end_worker(_END_PATIENCE)

    def recover(self, job: JobFolder) -> bool:
        """By the folder's lock, which the kernel frees when its holder dies."""
        return job.alive

    @property
    def ready(self) -> bool:
        """Whether a warm worker waits for a job."""
        if self._warm is None or self._warm.poll() is not None:
            return False
        if not self._ready and self._warm.stdout is not None and select.select([self._warm.stdout], [], [], 0)[0]:
            self._ready = self._warm.stdout.readline() == b"ready\n"
            self._warm_failures = 0
        return self._ready

    @property
    def warm_pid(self) -> int | None:
        """Process number of the warm worker."""
        return None if self._warm is None else self._warm.pid

    def keep_ready(self) -> None:
        """Start a warm worker if there is none; gives up when it ends by itself again and again."""
        if self._warm is not None and self._warm.poll() is not None:
            self._warm_failures += 1
            _log.warning("The waiting worker ended with code %s.", self._warm.returncode)
            _close_pipes(self._warm)
            self._warm = None
        if self._warm is None and self._warm_failures < WARM_TRIES and time.monotonic() >= self._warm_from:
            self._warm = self._spawn()
            self._ready = False

    def close(self) -> None:
        """End the warm worker by closing its input; workers that work go on."""
        ready = self.ready
        worker = self._take_warm()
        if worker is not None:
            _close_pipes(worker)
            if not ready:  # it would look at its input only after warming up
                worker.terminate()
            try:
                worker.wait(_END_PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        for left in self._workers.values():
            # Workers outlive us. Somebody has to wait for each, or it stays as a zombie when it ends.
            threading.Thread(target=left.wait, name="seqlab-reaper", daemon=True).start()
        self._workers.clear()

    def _take_warm(self) -> subprocess.Popen[bytes] | None:
        worker, self._warm, self._ready = self._warm, None, False
        return worker

    def _spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "SEQLAB_HOME": str(self._home.resolve())}
        root = Path(seqlab.__file__).resolve().parents[1]
        if root.name not in ("site-packages", "dist-packages"):  # a checkout that is used without being installed
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
        # Its own session: what ends the server's terminal or process group does not reach it.
        return subprocess.Popen(  # noqa: S603  our own module, a folder's path, and a word from a list
            [sys.executable, "-P", "-m", "seqlab.runs.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
            start_new_session=True,
        )


def _hand_over(worker: subprocess.Popen[bytes], order: bytes) -> bool:
    """Send the one line a worker waits for, and let go of its pipes; whether it could still be sent."""
    try:
        if worker.stdin is not None:
            worker.stdin.write(order)
    except BrokenPipeError:
        return False
    finally:
        _close_pipes(worker)
    return True


def _close_pipes(worker: subprocess.Popen[bytes]) -> None:
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            pipe.close()
