"""How far a side job has come, in a small file that pages poll: a sentence, so many pieces of so many."""

import math
import time
from dataclasses import dataclass
from pathlib import Path

from seqlab.runs.durable import read_json, write_json

__all__ = ["Progress", "SideProgress", "read_progress"]

PROGRESS = "progress.json"
SAY_EVERY = 0.25  # seconds between two sentences within one piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a side job stands.

    Args:
        text: what is being done, as a sentence.
        detail: more about it, such as the candidate that is tried now; may be empty.
        done, of: finished pieces of all pieces.
        since: when the piece at work began, in seconds since 1970.
    """

    text: str
    detail: str
    done: int
    of: int
    since: float


class SideProgress:
    """Writes the file; a worker has one.

    Args:
        folder: the side job's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / PROGRESS
        self._now = Progress(text="", detail="", done=0, of=0, since=time.time())
        self._said_at = -math.inf

    def begin(self, text: str, *, done: int, of: int) -> None:
        """A piece of work begins."""
        self._write(Progress(text=text, detail="", done=done, of=of, since=time.time()))

    def say(self, detail: str) -> None:
        """More about the piece at work; may be called often, few of the sentences are written."""
        if time.monotonic() - self._said_at < SAY_EVERY:
            return
        now = self._now
        self._write(Progress(text=now.text, detail=detail, done=now.done, of=now.of, since=now.since))

    def _write(self, progress: Progress) -> None:
        self._now = progress
        self._said_at = time.monotonic()
        values = {name: getattr(progress, name) for name in ("text", "detail", "done", "of", "since")}
        write_json(self._path, values, durable=False)  # the next one follows soon


def read_progress(folder: Path) -> Progress | None:
    """Where a side job stands; ``None`` before its worker has begun."""
    values = read_json(folder / PROGRESS)
    if values is None:
        return None
    return Progress(
        text=str(values["text"]),
        detail=str(values["detail"]),
        done=int(values["done"]),
        of=int(values["of"]),
        since=float(values["since"]),
    )
