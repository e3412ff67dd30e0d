"""The backtest of a run on disk: what was asked for, then one line per model and fold, each whole with its forecast."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from seqlab.config import BacktestConfig
from seqlab.evaluation.folds import Fold, FoldResult
from seqlab.records import Forecast
from seqlab.runs.durable import sync_folder, write_bytes
from seqlab.runs.lines import read_lines

__all__ = ["StoredBacktest", "append_fold", "backtest_request", "begin_backtest", "read_backtest"]

FOLDS = "folds.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBacktest:
    """What is on disk.

    Args:
        request: what was asked for; a backtest that asks for something else begins anew.
        labels: key of every model → its name on the screen, in the order in which they are computed.
        folds: all folds, in time order.
        skipped: baseline → why it cannot be used on this data.
        notes: what is to be said of the folds.
        results: what is done so far.
    """

    request: Mapping[str, Any]
    labels: Mapping[str, str]
    folds: tuple[Fold, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    results: tuple[FoldResult, ...] = ()

    @property
    def pieces(self) -> int:
        """How many results there will be."""
        return len(self.labels) * len(self.folds)


def backtest_request(config: BacktestConfig, baselines: tuple[str, ...]) -> dict[str, Any]:
    """What is asked of the side job.

    Args:
        config: how the backtest is laid out.
        baselines: keys of ``seqlab.BASELINES``.
    """
    return {"config": config.to_dict(), "baselines": list(baselines)}


def begin_backtest(folder: Path, planned: StoredBacktest) -> None:
    """Begin anew: what an earlier request left is gone."""
    head = {
        "request": dict(planned.request),
        "labels": dict(planned.labels),
        "folds": [_fold_values(fold) for fold in planned.folds],
        "skipped": dict(planned.skipped),
        "notes": list(planned.notes),
    }
    write_bytes(folder / FOLDS, orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE))


def append_fold(folder: Path, result: FoldResult) -> None:
    """Add what one model made of one fold."""
    forecast = result.forecast
    line: dict[str, Any] = {
        "key": result.key,
        "label": result.label,
        "fold": _fold_values(result.fold),
        "fitted": list(result.fitted),
        "validated": list(result.validated),
        "reason": result.reason,
        "notes": list(result.notes),
        "seconds": result.seconds,
    }
    if forecast is not None:
        line["targets"] = list(forecast.targets)
        line["y_pred"] = np.ascontiguousarray(forecast.y_pred[0], dtype=np.float64)
        line["y_true"] = np.ascontiguousarray(forecast.y_true[0], dtype=np.float64)
    _, end = read_lines(folder / FOLDS)
    with (folder / FOLDS).open("ab") as file:
        file.truncate(end)  # a line torn by the death of an earlier worker
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def read_backtest(folder: Path, request: Mapping[str, Any] | None) -> StoredBacktest | None:
    """What is done of the backtest that was asked for.

    Args:
        folder: the side job's folder; it may not exist yet.
        request: what was asked for last.

    Returns:
        ``None`` if nothing is stored, or only something that was asked for earlier.
    """
    lines, _ = read_lines(folder / FOLDS)
    if not lines or request is None:
        return None
    head = orjson.loads(lines[0])
    if head["request"] != dict(request):
        return None
    return StoredBacktest(
        request=head["request"],
        labels=head["labels"],
        folds=tuple(Fold(**fold) for fold in head["folds"]),
        skipped=head["skipped"],
        notes=tuple(head["notes"]),
        results=tuple(_result(orjson.loads(line)) for line in lines[1:]),
    )


def _fold_values(fold: Fold) -> dict[str, int]:
    return {"number": fold.number, "first": fold.first, "origin": fold.origin, "horizon": fold.horizon}


def _result(values: dict[str, Any]) -> FoldResult:
    fold = Fold(**values["fold"])
    seconds = values["seconds"]
    forecast = None
    if "y_pred" in values:
        forecast = Forecast(
            model=values["label"],
            targets=tuple(values["targets"]),
            origins=np.array([fold.origin], dtype=np.int64),
            # JSON has no NaN and no infinity: both come back as "no number", which every metric says
            y_pred=np.array(values["y_pred"], dtype=np.float64)[None],
            y_true=np.array(values["y_true"], dtype=np.float64)[None],
        )
    return FoldResult(
        key=values["key"],
        label=values["label"],
        fold=fold,
        fitted=(values["fitted"][0], values["fitted"][1]),
        validated=(values["validated"][0], values["validated"][1]),
        forecast=forecast,
        reason=values["reason"],
        notes=tuple(values["notes"]),
        seconds=math.nan if seconds is None else float(seconds),
    )
