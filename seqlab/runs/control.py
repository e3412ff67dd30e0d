"""What a worker is asked to do while it works, looked up at the cost of one ``stat`` per batch."""

import signal
import threading
from types import FrameType

from seqlab.runs.job import JobFolder

__all__ = ["Control"]


class Control:
    """The requests to one worker: from the user by ``control.json``, from the system by SIGTERM.

    Args:
        job: the job the worker works on.
    """

    def __init__(self, job: JobFolder) -> None:
        self._job = job
        self._path = job.path / "control.json"
        self._seen: tuple[int, int] | None = None
        self._request = ""
        self._leave = threading.Event()

    def listen_for_end(self) -> None:
        """From now on SIGTERM (the machine shuts down, say) means: store everything and leave; the run is resumed later."""

        def leave(_number: int, _frame: FrameType | None) -> None:
            self._leave.set()

        signal.signal(signal.SIGTERM, leave)

    @property
    def request(self) -> str:
        """What the user asked for last: ``pause``, ``stop``, ``resume``, or nothing."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._seen, self._request = None, ""
            return ""
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._seen:
            self._request = self._job.requested
            self._seen = stamp
        return self._request

    @property
    def leave(self) -> bool:
        """Whether to store everything and leave at once, without a result."""
        return self._leave.is_set()

    @property
    def give_way(self) -> bool:
        """Whether a paused worker should leave, because another run waits for its place."""
        return self._leave.is_set() or self._job.asked_to_give_way
