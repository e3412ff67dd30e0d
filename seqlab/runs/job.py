"""One job as its files tell it: a request, a lock, a result. Whoever looks, in whatever process, sees the same."""

import contextlib
import os
import time
from pathlib import Path
from typing import Any

import psutil

from seqlab.errors import RunError
from seqlab.runs.durable import read_json, remove_file, write_json
from seqlab.runs.lock import hold, is_held
from seqlab.runs.result import RunResult
from seqlab.runs.side_jobs import SIDE_JOBS

__all__ = ["KINDS", "REQUESTS", "JobFolder"]

KINDS = ("train", *SIDE_JOBS)
REQUESTS = ("pause", "stop", "resume")

_PROGRESS_FILES = {"train": "checkpoint.safetensors", **{key: entry.log for key, entry in SIDE_JOBS.items()}}


class JobFolder:
    """The folder of one job: training, or a side job on the trained model.

    ================ ============================================================= ===================
    file             meaning                                                       written by
    ================ ============================================================= ===================
    control.json     what the user asked for last: pause, stop or resume           anybody
    give_way         a paused worker should leave its place to a waiting run       supervisor
    lock             held by the worker as long as it lives                        worker
    worker.json      which process that is                                         worker
    worker.log       what it printed                                               worker
    result.json      how the job ended; written last                               worker, supervisor
    ================ ============================================================= ===================

    Args:
        path: the folder.
        kind: ``train``, or a key of :data:`seqlab.runs.side_jobs.SIDE_JOBS`.
        read_only: whether it belongs to the package: nothing may be asked of it, and nobody works in it.
    """

    def __init__(self, path: Path, kind: str, *, read_only: bool = False) -> None:
        self.path = path
        self.kind = kind
        self.read_only = read_only

    def __repr__(self) -> str:
        return f"JobFolder({str(self.path)!r}, {self.kind!r})"

    @property
    def lock_path(self) -> Path:
        """The file whose kernel lock the worker holds."""
        return self.path / "lock"

    @property
    def log_path(self) -> Path:
        """What the worker printed."""
        return self.path / "worker.log"

    @property
    def alive(self) -> bool:
        """Whether a worker is at work here, by its kernel lock."""
        return not self.read_only and is_held(self.lock_path)

    @property
    def result(self) -> RunResult | None:
        """How the job ended; ``None`` while it has not."""
        values = read_json(self.path / "result.json")
        return None if values is None else RunResult.from_dict(values)

    def end(self, result: RunResult) -> None:
        """Write the result: from now on the job is over."""
        write_json(self.path / "result.json", result.to_dict())

    def reopen(self) -> None:
        """Forget the result and the request, so that the job is queued again."""
        remove_file(self.path / "control.json")
        remove_file(self.path / "result.json")

    @property
    def requested(self) -> str:
        """What was asked for last: ``pause``, ``stop``, ``resume``, or nothing."""
        values = read_json(self.path / "control.json")
        return str(values.get("request", "")) if values else ""

    @property
    def status(self) -> str:
        """One of :data:`seqlab.runs.result.STATUSES`. Queued means: waiting for a worker."""
        result = self.result
        if result is not None:
            return result.status
        if self.requested == "pause":
            return "paused"
        if self.alive:
            return "running"
        # It may have ended between the first look and the probe.
        result = self.result
        return result.status if result is not None else "queued"

    def request(self, what: str) -> None:
        """Ask for ``pause``, ``stop`` or ``resume``; a worker acts on it within a batch.

        Asking twice, or for what is so already, is no mistake.

        Raises:
            RunError: another word, or the job is over.
        """
        if what not in REQUESTS:
            raise RunError(f"The request {what!r} is unknown. Ask for one of: {', '.join(REQUESTS)}.")
        if self.kind in SIDE_JOBS and what != "stop":
            label = SIDE_JOBS[self.kind].label
            raise RunError(f"A {label} cannot {what}; it can be stopped, and asked for again: what is done already is kept.")
        if self.read_only:
            raise RunError("This is the example that comes with seqlab; it cannot be changed. Train a run of your own.")
        result = self.result
        if result is not None:
            what_it_is = SIDE_JOBS[self.kind].label if self.kind in SIDE_JOBS else "run"
            raise RunError(f"This {what_it_is} is over ({result.status}); there is nothing to {what}. Start it again to go on.")
        write_json(self.path / "control.json", {"request": what, "time": time.time()})

    @property
    def progress(self) -> str:
        """Changes whenever a worker has stored something to go on from; empty before that."""
        try:
            found = (self.path / _PROGRESS_FILES[self.kind]).stat()
        except FileNotFoundError:
            return ""
        return f"{found.st_mtime_ns}-{found.st_size}"

    def sign(self) -> None:
        """Write down which process works here; the worker calls it once it holds the lock."""
        process = psutil.Process()
        write_json(self.path / "worker.json", {"pid": process.pid, "born": process.create_time(), "kind": self.kind})
        remove_file(self.path / "give_way")

    @property
    def worker(self) -> psutil.Process | None:
        """The process at work here; ``None`` if there is none, or its number belongs to another process by now."""
        values: dict[str, Any] = read_json(self.path / "worker.json") or {}
        if not self.alive or "pid" not in values:
            return None
        try:
            process = psutil.Process(values["pid"])
            same = abs(process.create_time() - values["born"]) < 1.0
        except psutil.NoSuchProcess:
            return None
        return process if same else None

    def end_worker(self, patience: float) -> bool:
        """Kill the process at work here, whoever started it. What it has stored stays whole.

        Args:
            patience: seconds to wait for it to be gone.

        Returns:
            Whether the folder is free now.
        """
        process = self.worker
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself in the meantime
                process.kill()
        if not self.lock_path.exists():
            return True
        with hold(self.lock_path, timeout=patience) as free:
            return free

    def ask_to_give_way(self) -> None:
        """Ask a paused worker to leave; a running one takes no notice."""
        (self.path / "give_way").touch()

    @property
    def asked_to_give_way(self) -> bool:
        """Whether a paused worker should leave."""
        return os.access(self.path / "give_way", os.F_OK)

    def log_tail(self, characters: int = 2000) -> str:
        """The end of what the worker printed, for a person who looks for a cause."""
        try:
            with self.log_path.open("rb") as file:
                file.seek(max(0, self.log_path.stat().st_size - 4 * characters))
                return file.read().decode("utf-8", "replace")[-characters:]
        except FileNotFoundError:
            return ""
