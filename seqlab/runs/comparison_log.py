"""The comparison of a run with the baselines on disk: one line per model, its forecasts beside it."""

import math
import os
from dataclasses import dataclass
from pathlib import Path

import orjson

from seqlab.records import Forecast, Score
from seqlab.runs.arrays import load_forecast, save_forecast
from seqlab.runs.durable import sync_folder
from seqlab.runs.lines import read_lines

__all__ = ["ComparedModel", "append_compared", "compared_forecast", "read_compared"]

MODELS = "models.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedModel:
    """One model of a comparison, judged on the test part.

    Args:
        key: key of ``seqlab.BASELINES``, or ``fitted`` for the run's own network.
        model: name on the screen.
        scores: one score per metric.
        notes: what the model wants said beside its numbers.
        seconds: time it took to fit and forecast.
        number: its place in the comparison, from 0; names its forecast.
    """

    key: str
    model: str
    scores: tuple[Score, ...]
    notes: tuple[str, ...]
    seconds: float
    number: int


def append_compared(folder: Path, key: str, forecast: Forecast, scores: tuple[Score, ...]) -> None:
    """Add a model: its forecast first, then its line, so that no line is without a forecast."""
    known, end = read_compared(folder)
    number = len(known)
    save_forecast(folder / f"forecast-{number}.npz", forecast)
    line = {
        "key": key,
        "model": forecast.model,
        "scores": [{"metric": score.metric, "value": score.value, "reason": score.reason} for score in scores],
        "notes": list(forecast.notes),
        "seconds": forecast.seconds,
        "number": number,
    }
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
        scores=tuple(Score(metric=s["metric"], value=_number(s["value"]), reason=s["reason"]) for s in values["scores"]),
        notes=tuple(values["notes"]),
        seconds=_number(values["seconds"]),
        number=values["number"],
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def compared_forecast(folder: Path, model: ComparedModel) -> Forecast | None:
    """The forecasts of a compared model; ``None`` if they are gone."""
    return load_forecast(folder / f"forecast-{model.number}.npz")
