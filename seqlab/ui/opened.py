"""Trained models opened on the server: loaded when first looked at, then shared. The only place of the pages that imports torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.records import GateTrace, Prediction
from seqlab.runs.folder import RunFolder

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["OpenWindows", "answers_of_part", "model_key", "open_fitted", "open_windows"]


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
        x, future, y: (batch, time, feature), (batch, horizon, known), (batch, horizon, target), scaled; steps that none of these
            sequences has are cut off.
        trace: every gate of every window.
        said: what the model says of the first window: a forecast in the data's own units, classes, or a written sequence.
    """

    x: npt.NDArray[np.float32]
    future: npt.NDArray[np.float32]
    y: npt.NDArray[np.float32]
    trace: GateTrace
    said: Prediction


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
    from seqlab.gates.lengths import cut_padding
    from seqlab.gates.trace import trace_gates

    fitted = _open(path, stamp, spec)
    windows = fitted.prepared.windows(part)
    x, future, y = windows.gather(samples)
    window = np.array([samples[0] % windows.window_count])
    if isinstance(fitted.prepared, PreparedSequences):
        x, y = cut_padding(x, y)
    return OpenWindows(x=x, future=future, y=y, trace=trace_gates(fitted.model, x), said=_say(fitted, part, window))


def _say(fitted: "Fitted", part: str, windows: npt.NDArray[np.int64]) -> Prediction:
    from seqlab.training.fitted import predict_windows
    from seqlab.training.predicting import predict_samples

    if isinstance(fitted.prepared, PreparedSequences):
        return predict_samples(fitted.model, fitted.prepared, part, windows, name=fitted.name)
    return predict_windows(fitted.model, fitted.prepared, part, windows, name=fitted.name)


def answers_of_part(folder: RunFolder, part: str, most: int) -> Prediction:
    """What a run's model says of the first sequences of a part, ``most`` at most; kept."""
    return _answers(folder.path, folder.model_path.stat().st_mtime_ns, folder.spec.to_json(), part, most)


@st.cache_resource(max_entries=6, show_spinner="Reading the sequences of this part")
def _answers(path: Path, stamp: int, spec: str, part: str, most: int) -> Prediction:
    fitted = _open(path, stamp, spec)
    return _say(fitted, part, np.arange(min(most, fitted.prepared.windows(part).window_count)))
