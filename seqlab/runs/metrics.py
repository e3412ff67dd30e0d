"""The loss curve on disk: ``metrics.jsonl``, one record per line, only ever appended to."""

import dataclasses
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from seqlab.records import BatchProgress, EpochRecord
from seqlab.runs.lines import read_lines

__all__ = ["MetricsLog", "Note", "Record", "read_metrics"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that happened to a run: it was paused, or taken up again after its process died.

    Args:
        text: a sentence for the user.
        step: optimizer steps done by then.
        time: when, in seconds since 1970.
    """

    text: str
    step: int
    time: float


Record = EpochRecord | BatchProgress | Note

_KINDS: dict[str, type[Record]] = {"epoch": EpochRecord, "progress": BatchProgress, "note": Note}
_KIND_OF = {made: kind for kind, made in _KINDS.items()}
_FLOATS = {made: tuple(f.name for f in dataclasses.fields(made) if f.type is float) for made in _KINDS.values()}
_NAMES = {made: tuple(f.name for f in dataclasses.fields(made)) for made in _KINDS.values()}
_LATER = {"validation_accuracy"}  # fields that curves of an older seqlab lack


def _line(record: Record) -> bytes:
    """One line of JSON. Floats keep every bit; NaN and infinity become null."""
    values = {name: getattr(record, name) for name in _NAMES[type(record)]}
    return orjson.dumps({"kind": _KIND_OF[type(record)], **values}, option=orjson.OPT_APPEND_NEWLINE)


def _record(line: bytes) -> Record | None:
    """The record in a line; ``None`` for a line that a crash of the machine garbled."""
    try:
        values: dict[str, Any] = orjson.loads(line)
        made = _KINDS[values["kind"]]
        arguments = {name: values[name] for name in _NAMES[made] if name in values or name not in _LATER}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    for name in _FLOATS[made]:
        if arguments.get(name, 0.0) is None:
            arguments[name] = math.nan
    return made(**arguments)


def read_metrics(path: Path, offset: int = 0) -> tuple[list[Record], int]:
    """The records that were appended since the last call; costs one ``stat`` if there are none.

    Args:
        path: a ``metrics.jsonl``; it may not exist yet.
        offset: where the last call ended, in bytes; 0 to begin.

    Returns:
        The records, and the offset for the next call. A line that is still being written is left for then.
    """
    lines, end = read_lines(path, offset)
    return [record for line in lines if (record := _record(line)) is not None], end


class MetricsLog:
    """Appends to a ``metrics.jsonl``, for its one writer: the worker that holds the run's lock.

    A run that is taken up again from a checkpoint repeats what came after it. Such records are
    already there and are not appended twice, so ``step`` only ever grows from line to line.

    Args:
        path: the file; it is made if missing. A line torn by the death of the last writer is cut off.
    """

    def __init__(self, path: Path) -> None:
        known, end = read_metrics(path)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        if os.fstat(self._descriptor).st_size != end:
            os.ftruncate(self._descriptor, end)
        self.last_step = max((record.step for record in known), default=0)
        self.last_epoch = max((record.epoch for record in known if isinstance(record, EpochRecord)), default=0)

    def knows(self, record: EpochRecord | BatchProgress) -> bool:
        """Whether this record, or a later one of its kind, is in the file."""
        return record.epoch <= self.last_epoch if isinstance(record, EpochRecord) else record.step <= self.last_step

    def append(self, records: Iterable[Record]) -> None:
        """Append the records that are new, in one write."""
        new = []
        for record in records:
            if not isinstance(record, Note):
                if self.knows(record):
                    continue
                if isinstance(record, EpochRecord):
                    self.last_epoch = record.epoch
            self.last_step = max(self.last_step, record.step)
            new.append(_line(record))
        content = b"".join(new)
        while content:
            content = content[os.write(self._descriptor, content) :]

    def sync(self) -> None:
        """Force what was appended to disk; done before each checkpoint, so that no checkpoint is ahead of the curve."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)
