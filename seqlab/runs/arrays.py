"""Forecasts and traces as files: plain arrays with a JSON description, nothing to unpickle."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from seqlab.records import Forecast, GateTrace
from seqlab.runs.durable import read_arrays, read_json, write_arrays, write_json

__all__ = ["StoredTrace", "load_forecast", "load_preview", "load_trace", "save_forecast", "save_preview", "save_trace"]

_FORECAST_ARRAYS = ("origins", "y_pred", "y_true")


def save_forecast(path: Path, forecast: Forecast) -> None:
    """Store a forecast as ``.npz``."""
    arrays = {name: np.asarray(getattr(forecast, name)) for name in _FORECAST_ARRAYS}
    if forecast.deviation is not None:
        arrays["deviation"] = np.asarray(forecast.deviation)
    write_arrays(path, arrays | {"about": _text(_about(forecast))})


def load_forecast(path: Path) -> Forecast | None:
    """The forecast stored by :func:`save_forecast`; ``None`` if there is none."""
    arrays = read_arrays(path)
    if arrays is None:
        return None
    about = _object(arrays.pop("about"))
    return _forecast(about, arrays)


def save_preview(path: Path, forecast: Forecast, *, epoch: int, step: int) -> None:
    """Store a forecast from the middle of training as JSON, with when it was made.

    The next one follows within a second, so it need not survive a power cut.
    """
    arrays = {name: np.ascontiguousarray(getattr(forecast, name)) for name in _FORECAST_ARRAYS}
    write_json(path, {**_about(forecast), **arrays, "epoch": epoch, "step": step}, durable=False)


def load_preview(path: Path) -> Forecast | None:
    """The forecast stored by :func:`save_preview`; ``None`` if there is none."""
    values = read_json(path)
    if values is None:
        return None
    arrays = {name: np.array(values[name], dtype=np.int64 if name == "origins" else np.float64) for name in _FORECAST_ARRAYS}
    return _forecast(values, arrays)


def _about(forecast: Forecast) -> dict[str, Any]:
    return {"model": forecast.model, "targets": list(forecast.targets), "notes": list(forecast.notes), "seconds": forecast.seconds}


def _forecast(about: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Forecast:
    return Forecast(
        model=about["model"],
        targets=tuple(about["targets"]),
        notes=tuple(about["notes"]),
        seconds=math.nan if about["seconds"] is None else about["seconds"],
        **arrays,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTrace:
    """A trace with the windows it was made from.

    Args:
        trace: every gate at every step of the windows.
        x: (batch, time, feature) what the model read, scaled.
        windows: (batch,) numbers of the windows within the test part.
        origins: (batch,) row number of the first forecast step of each.
    """

    trace: GateTrace
    x: npt.NDArray[np.floating]
    windows: npt.NDArray[np.int64]
    origins: npt.NDArray[np.int64]


def save_trace(path: Path, stored: StoredTrace) -> None:
    """Store a trace as ``.npz``, one array per layer, direction and gate."""
    trace = stored.trace
    about = {
        "cell": trace.cell,
        "gate_names": list(trace.gate_names),
        "num_layers": trace.num_layers,
        "directions": list(trace.directions),
        "max_error": trace.max_error,
        "segment_length": trace.segment_length,
        "lengths": None if trace.lengths is None else [int(length) for length in trace.lengths],
    }
    gates = {f"{layer} {direction} {name}": np.asarray(values) for (layer, direction, name), values in trace.gates.items()}
    write_arrays(path, {**gates, "x": stored.x, "windows": stored.windows, "origins": stored.origins, "about": _text(about)})


def load_trace(path: Path) -> StoredTrace | None:
    """The trace stored by :func:`save_trace`; ``None`` if there is none."""
    arrays = read_arrays(path)
    if arrays is None:
        return None
    about = _object(arrays.pop("about"))
    windows = {name: arrays.pop(name) for name in ("x", "windows", "origins")}
    gates = {}
    for key, values in arrays.items():
        layer, direction, name = key.split(" ")
        gates[(int(layer), direction, name)] = values
    trace = GateTrace(
        cell=about["cell"],
        gate_names=tuple(about["gate_names"]),
        num_layers=about["num_layers"],
        directions=tuple(about["directions"]),
        gates=gates,
        max_error=math.nan if about["max_error"] is None else about["max_error"],
        segment_length=about["segment_length"],
        lengths=None if about.get("lengths") is None else np.array(about["lengths"], dtype=np.int64),
    )
    return StoredTrace(trace=trace, **windows)


def _text(value: Mapping[str, Any]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(orjson.dumps(value), dtype=np.uint8)


def _object(array: npt.NDArray[Any]) -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(array.tobytes())
    return made
