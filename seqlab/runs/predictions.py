"""What a model said, as files: forecasts, classes and written sequences; nothing to unpickle."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from seqlab.records import ClassPrediction, Forecast, Prediction, WrittenPrediction
from seqlab.runs import arrays
from seqlab.runs.durable import read_arrays, read_json, write_arrays, write_json

__all__ = ["load_prediction", "load_preview", "read_prediction", "save_prediction", "save_preview", "write_prediction"]

_CLASS_ARRAYS = ("samples", "y_true", "y_pred")


def save_prediction(folder: Path, said: Prediction) -> None:
    """Store what a model said of its test part in a run's folder: ``forecast.npz`` for forecasts, ``prediction.npz`` for the rest."""
    if isinstance(said, Forecast):
        arrays.save_forecast(folder / "forecast.npz", said)
    else:
        write_prediction(folder / "prediction.npz", said)


def load_prediction(folder: Path) -> Prediction | None:
    """What :func:`save_prediction` stored; ``None`` if there is nothing."""
    return read_prediction(folder / "prediction.npz") or arrays.load_forecast(folder / "forecast.npz")


def write_prediction(path: Path, said: Prediction) -> None:
    """Store any prediction as one ``.npz`` file."""
    if isinstance(said, Forecast):
        arrays.save_forecast(path, said)
        return
    stored = _arrays(said)
    write_arrays(path, stored | {"about": np.frombuffer(orjson.dumps(_about(said)), dtype=np.uint8)})


def read_prediction(path: Path) -> Prediction | None:
    """What :func:`write_prediction` stored; ``None`` if there is no such file."""
    stored = read_arrays(path)
    if stored is None:
        return None
    about = orjson.loads(stored["about"].tobytes())
    if "kind" not in about:
        return arrays.load_forecast(path)
    return _made(about, stored)


def save_preview(path: Path, said: Prediction, *, epoch: int, step: int) -> None:
    """Store a prediction from the middle of training as JSON, with when it was made; it need not survive a power cut."""
    if isinstance(said, Forecast):
        arrays.save_preview(path, said, epoch=epoch, step=step)
        return
    write_json(path, {**_about(said), **_arrays(said), "epoch": epoch, "step": step}, durable=False)


def load_preview(path: Path) -> Prediction | None:
    """What :func:`save_preview` stored; ``None`` if there is nothing."""
    values = read_json(path)
    if values is None or "kind" not in values:
        return arrays.load_preview(path)
    return _made(values, values)


def _about(said: ClassPrediction | WrittenPrediction) -> dict[str, Any]:
    about: dict[str, Any] = {"model": said.model, "notes": list(said.notes), "seconds": said.seconds}
    if isinstance(said, ClassPrediction):
        return {"kind": "classes", "classes": list(said.classes), **about}
    return {"kind": "written", "right": list(map(list, said.y_true)), "written": list(map(list, said.y_pred)), "joint": said.joint, **about}


def _arrays(said: ClassPrediction | WrittenPrediction) -> dict[str, npt.NDArray[Any]]:
    if isinstance(said, WrittenPrediction):
        return {"samples": np.ascontiguousarray(said.samples)}
    stored = {name: np.ascontiguousarray(getattr(said, name)) for name in _CLASS_ARRAYS}
    if said.probability is not None:
        stored["probability"] = np.ascontiguousarray(said.probability, dtype=np.float32)
    return stored


def _made(about: Mapping[str, Any], stored: Mapping[str, Any]) -> ClassPrediction | WrittenPrediction:
    seconds = math.nan if about["seconds"] is None else float(about["seconds"])
    samples = np.asarray(stored["samples"], dtype=np.int64)
    if about["kind"] == "written":
        return WrittenPrediction(
            model=about["model"],
            samples=samples,
            y_true=tuple(map(tuple, about["right"])),
            y_pred=tuple(map(tuple, about["written"])),
            joint=about["joint"],
            notes=tuple(about["notes"]),
            seconds=seconds,
        )
    probability = stored.get("probability")
    return ClassPrediction(
        model=about["model"],
        classes=tuple(about["classes"]),
        samples=samples,
        y_true=np.asarray(stored["y_true"], dtype=np.int64),
        y_pred=np.asarray(stored["y_pred"], dtype=np.int64),
        probability=None if probability is None else np.asarray(probability, dtype=np.float32),
        notes=tuple(about["notes"]),
        seconds=seconds,
    )
