"""Leaks made on purpose, on disk: one line per leak, in a folder apart from every honest result."""

import math
import os
from pathlib import Path
from typing import Any

import orjson

from seqlab.evaluation.leaks import LeakError, LeakResult
from seqlab.runs.durable import sync_folder
from seqlab.runs.lines import read_lines

__all__ = ["append_leak", "read_leaks"]

LOG = "leaks.jsonl"


def append_leak(folder: Path, result: LeakResult) -> None:
    """Add a finished leak."""
    _, end = read_lines(folder / LOG)
    line = {
        "leak": result.leak,
        "reported": _plain(result.reported),
        "untouched": None if result.untouched is None else _plain(result.untouched),
        "honest": _plain(result.honest),
        "caught": list(result.caught),
        "notes": list(result.notes),
        "seconds": result.seconds,
    }
    with (folder / LOG).open("ab") as file:
        file.truncate(end)  # a line torn by the death of an earlier worker
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def read_leaks(folder: Path) -> dict[str, LeakResult]:
    """Key of the leak → what it pretended; empty if nothing was broken on purpose."""
    found = [_result(orjson.loads(line)) for line in read_lines(folder / LOG)[0]]
    return {result.leak: result for result in found}


def _plain(error: LeakError) -> dict[str, float | int]:
    return {"error": error.error, "naive": error.naive, "relative": error.relative, "windows": error.windows}


def _error(values: dict[str, Any]) -> LeakError:
    numbers = {name: math.nan if values[name] is None else float(values[name]) for name in ("error", "naive", "relative")}
    return LeakError(**numbers, windows=int(values["windows"]))


def _result(values: dict[str, Any]) -> LeakResult:
    return LeakResult(
        leak=str(values["leak"]),
        reported=_error(values["reported"]),
        untouched=None if values["untouched"] is None else _error(values["untouched"]),
        honest=_error(values["honest"]),
        caught=tuple(values["caught"]),
        notes=tuple(values["notes"]),
        seconds=float(values["seconds"]),
    )
