"""The comparison of a run with the baselines on disk: one line per model, its forecasts beside it."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from seqlab.records import Forecast, Prediction, Score
from seqlab.runs.durable import sync_folder
from seqlab.runs.lines import read_lines
from seqlab.runs.predictions import read_prediction, write_prediction

__all__ = [
    "Chance",
    "ComparedModel",
    "append_calibration",
    "append_compared",
    "append_skipped",
    "calibrated",
    "compared_forecast",
    "compared_prediction",
    "read_compared",
]

MODELS = "models.jsonl"
_PREFIX = {"test": "forecast", "validation": "calibration"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How often a gap as large as that between two models comes up between equally good ones.

    Args:
        p_value: that share; NaN if it is not computable.
        method: the test.
        reason: why there is no number.
    """

    p_value: float
    method: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedModel:
    """One model of a comparison, judged on the test part.

    Args:
        key: key of a baseline of the task, ``fitted`` for the run's own network, or ``seed:<seed>`` for the same with another seed.
        model: name on the screen.
        scores: one score per metric; with several targets also one per metric and target.
        notes: what the model wants said beside its numbers.
        seconds: time it took to fit and forecast.
        number: its place in the comparison, from 0; names its forecast.
        skipped: why there is no forecast; empty for a model that was judged.
        chance: how its gap to the run's own network would look if the two were equally good; ``None`` for the network itself.
    """

    key: str
    model: str
    scores: tuple[Score, ...]
    notes: tuple[str, ...]
    seconds: float
    number: int
    skipped: str = ""
    chance: Chance | None = None


def append_compared(folder: Path, key: str, forecast: Prediction, scores: tuple[Score, ...], chance: Chance | None = None) -> None:
    """Add a model: its forecast first, then its line, so that no line is without a forecast."""
    known, end = read_compared(folder)
    number = len(known)
    write_prediction(_path(folder, number, "test"), forecast)
    line = {
        "key": key,
        "model": forecast.model,
        "scores": [{"metric": s.metric, "value": s.value, "reason": s.reason, "target": s.target} for s in scores],
        "notes": list(forecast.notes),
        "seconds": forecast.seconds,
        "number": number,
    }
    if chance is not None:
        line["chance"] = {"p_value": chance.p_value, "method": chance.method, "reason": chance.reason}
    _append(folder, line, end)


def append_skipped(folder: Path, key: str, model: str, reason: str) -> None:
    """Add a model that cannot be judged, and why."""
    known, end = read_compared(folder)
    _append(folder, {"key": key, "model": model, "scores": [], "notes": [], "seconds": None, "number": len(known), "skipped": reason}, end)


def append_calibration(folder: Path, key: str, forecast: Forecast) -> None:
    """Add the forecasts of the validation part of a model that is in the comparison already; nothing happens if it is not."""
    for model in read_compared(folder)[0]:
        if model.key == key and not model.skipped:
            write_prediction(_path(folder, model.number, "validation"), forecast)


def calibrated(folder: Path, key: str) -> bool:
    """Whether the forecasts of the validation part of a model are there, or cannot be had because the model was skipped."""
    return any(
        model.skipped or _path(folder, model.number, "validation").is_file() for model in read_compared(folder)[0] if model.key == key
    )


def _path(folder: Path, number: int, part: str) -> Path:
    return folder / f"{_PREFIX[part]}-{number}.npz"


def _append(folder: Path, line: dict[str, Any], end: int) -> None:
    with (folder / MODELS).open("ab") as file:
        file.truncate(end)  # a line torn by the death of an earlier worker
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def read_compared(folder: Path, offset: int = 0) -> tuple[list[ComparedModel], int]:
    """The models added since the last call.

    Args:
        folder: the comparison's folder; it may not exist yet.
        offset: where the last call ended, in bytes; 0 to begin.

    Returns:
        The models, and the offset for the next call.
    """
    lines, end = read_lines(folder / MODELS, offset)
    return [_compared(line) for line in lines], end


def _compared(line: bytes) -> ComparedModel:
    values = orjson.loads(line)
    return ComparedModel(
        key=values["key"],
        model=values["model"],
        scores=tuple(
            Score(metric=s["metric"], value=_number(s["value"]), reason=s["reason"], target=s.get("target", "")) for s in values["scores"]
        ),
        notes=tuple(values["notes"]),
        seconds=_number(values["seconds"]),
        number=values["number"],
        skipped=values.get("skipped", ""),
        chance=_chance(values.get("chance")),
    )


def _chance(values: dict[str, Any] | None) -> Chance | None:
    return None if values is None else Chance(p_value=_number(values["p_value"]), method=values["method"], reason=values["reason"])


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def compared_forecast(folder: Path, model: ComparedModel, part: str = "test") -> Forecast | None:
    """The forecasts of a compared model; ``None`` if there are none.

    Args:
        folder: the comparison's folder.
        model: the model.
        part: ``test``, or ``validation`` for those that intervals are calibrated on.
    """
    said = compared_prediction(folder, model, part)
    return said if isinstance(said, Forecast) else None


def compared_prediction(folder: Path, model: ComparedModel, part: str = "test") -> Prediction | None:
    """The same, whatever the task: forecasts, classes, numbers or written sequences."""
    return read_prediction(_path(folder, model.number, part))
