"""Trained models opened on the server: loaded when first looked at, then shared. The only place of the pages that imports torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.config import RunSpec
from seqlab.records import Forecast, GateTrace
from seqlab.runs.folder import RunFolder

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["OpenWindows", "model_key", "open_fitted", "open_windows"]


def model_key(folder: RunFolder) -> tuple[str, int]:
    """What names a run's model for a cache: its folder, and a stamp that changes with the weights."""
    return str(folder.path), folder.model_path.stat().st_mtime_ns


def open_fitted(folder: RunFolder) -> "Fitted":
    """The model of a run, on the CPU. Never change it: all visitors share it.

    Raises:
        SeqlabError: the weights cannot be read, or their data is gone or has changed.
    """
    return _open(folder.path, folder.model_path.stat().st_mtime_ns, folder.spec.to_json())


@st.cache_resource(max_entries=4, show_spinner=False)
def _open(path: Path, stamp: int, spec: str) -> "Fitted":  # noqa: ARG001 - the stamp notices new weights under the same path
    from seqlab.training.fit import load  # torch takes seconds to import; only who opens a model waits for it

    return load(path / "model.safetensors", RunSpec.from_json(spec))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWindows:
    """Some windows of a part as a model reads them, and what it does with them. Never change it: all visitors share it.

    Args:
        x, future, y: (batch, time, feature), (batch, horizon, known), (batch, horizon, target), scaled.
        trace: every gate of every window.
        forecast: the model's forecast from the first window, in the data's own units.
    """

    x: npt.NDArray[np.float32]
    future: npt.NDArray[np.float32]
    y: npt.NDArray[np.float32]
    trace: GateTrace
    forecast: Forecast


def open_windows(folder: RunFolder, part: str, samples: npt.NDArray[np.int64]) -> OpenWindows:
    """A run's model over some windows; kept, as every click on a page asks for the same again.

    Args:
        part: ``train``, ``validation`` or ``test``.
        samples: (batch,) sample numbers of the part.

    Raises:
        SeqlabError: the model cannot be opened over these windows.
    """
    return _windows(folder.path, folder.model_path.stat().st_mtime_ns, folder.spec.to_json(), part, tuple(samples.tolist()))


@st.cache_resource(max_entries=6, show_spinner=False)
def _windows(path: Path, stamp: int, spec: str, part: str, samples: tuple[int, ...]) -> OpenWindows:
    from seqlab.gates.trace import trace_gates
    from seqlab.training.fitted import predict_windows

    fitted = _open(path, stamp, spec)
    windows = fitted.prepared.windows(part)
    x, future, y = windows.gather(samples)
    window = np.array([samples[0] % windows.window_count])
    return OpenWindows(
        x=x,
        future=future,
        y=y,
        trace=trace_gates(fitted.model, x),
        forecast=predict_windows(fitted.model, fitted.prepared, part, window, name=fitted.name),
    )
