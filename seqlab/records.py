"""What the layers hand each other: frozen records of numpy and pandas.

Shapes are always (batch, time, feature); a trace is (batch, time, hidden).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.errors import TraceError

__all__ = [
    "BatchProgress",
    "ClassPrediction",
    "EpochRecord",
    "Forecast",
    "GateTrace",
    "Interval",
    "Prediction",
    "Score",
    "SeriesPicture",
    "SplitBounds",
    "WrittenPrediction",
    "check_place",
]

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRecord:
    """One finished epoch.

    Args:
        epoch: number of the epoch, from 1.
        step: optimizer steps done since the start of the run.
        train_loss: mean training loss over the epoch, on scaled values, while the weights moved.
        validation_loss: loss on the validation part after the epoch.
        learning_rate: the rate of the epoch's last step.
        gradient_norm: mean norm of the gradient over the epoch's steps, before clipping.
        seconds: training seconds of this epoch, pauses left out.
        windows_per_second: training windows handled per second of the epoch.
        best: whether this is the best validation loss so far, so that its weights are kept.
        validation_accuracy: share of the validation part's answers that are right; ``None`` where answers are numbers.
    """

    epoch: int
    step: int
    train_loss: float
    validation_loss: float
    learning_rate: float
    gradient_norm: float
    seconds: float
    windows_per_second: float
    best: bool
    validation_accuracy: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    """Where an unfinished epoch stands after a batch.

    Args:
        epoch: number of the unfinished epoch, from 1.
        batch, batches: batches done in this epoch, and in all of it.
        step: optimizer steps done since the start of the run.
        train_loss: mean loss of the epoch so far; NaN where it was not read from the device.
        learning_rate: rate of the last step.
        gradient_norm: mean gradient norm of the epoch so far; NaN where it was not read.
        seconds: seconds spent in this epoch so far.
    """

    epoch: int
    batch: int
    batches: int
    step: int
    train_loss: float
    learning_rate: float
    gradient_norm: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitBounds:
    """Row numbers of the parts: train is [0, train_end), validation [train_end, validation_end), test [validation_end, end)."""

    train_end: int
    validation_end: int
    end: int

    def rows(self, part: str) -> tuple[int, int]:
        """First row and one past the last row of ``train``, ``validation`` or ``test``."""
        return {
            "train": (0, self.train_end),
            "validation": (self.train_end, self.validation_end),
            "test": (self.validation_end, self.end),
        }[part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Forecasts of one model from several origins, in the data's own units.

    Args:
        model: name of the model on the screen.
        targets: names of the target columns.
        origins: (origin,) row number of the first forecast step of each origin.
        y_pred: (origin, horizon, target).
        y_true: (origin, horizon, target); NaN where nothing was observed.
        notes: what the model wants said beside its numbers (a fallback, a warning).
        seconds: time it took to fit and forecast.
        deviation: (origin, horizon, target) the model's own standard deviation of its errors, NaN where it has none.
    """

    model: str
    targets: tuple[str, ...]
    origins: npt.NDArray[np.int64]
    y_pred: Floats
    y_true: Floats
    notes: tuple[str, ...] = ()
    seconds: float = float("nan")
    deviation: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A band around forecasts that promises to hold a share of the values.

    Args:
        lower, upper: (origin, horizon, target) in the data's own units; NaN where not computable.
        level: the share of the values it promises to hold, above 0 and below 1.
        method: key of :data:`seqlab.evaluation.interval_table.INTERVAL_METHODS`.
        reason: why some bounds, or all, are not computable.
        notes: what should be said beside it.
    """

    lower: Floats
    upper: Floats
    level: float
    method: str
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPrediction:
    """Classes that one model says of sequences: one of each whole sequence, or one of each of its steps.

    Args:
        model: name of the model on the screen.
        classes: names of the classes.
        samples: (sample,) number of each sequence in its data set.
        y_true: (sample, step) number of the right class; -1 where there is none. One step where a whole sequence has one class.
        y_pred: (sample, step) number of the class that was said; -1 where there is none.
        probability: (sample, step, class) sums to 1; NaN where there is no step. ``None`` for a model that has no probabilities.
        notes: what the model wants said beside its numbers.
        seconds: time it took to fit and predict.
    """

    model: str
    classes: tuple[str, ...]
    samples: npt.NDArray[np.int64]
    y_true: npt.NDArray[np.int64]
    y_pred: npt.NDArray[np.int64]
    probability: Floats | None = None
    notes: tuple[str, ...] = ()
    seconds: float = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPrediction:
    """Sequences that one model has written, beside the right ones.

    Args:
        model: name of the model on the screen.
        samples: (sample,) number of each sequence in its data set.
        y_true: (sample,) the right sequence of each, as its symbols.
        y_pred: (sample,) what was written.
        joint: what stands between two symbols when they are read as text: nothing, or a space.
        notes: what the model wants said beside its numbers.
        seconds: time it took to fit and predict.
    """

    model: str
    samples: npt.NDArray[np.int64]
    y_true: tuple[tuple[str, ...], ...]
    y_pred: tuple[tuple[str, ...], ...]
    joint: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = float("nan")


Prediction = Forecast | ClassPrediction | WrittenPrediction
"""What a model says: numbers, classes, or written sequences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One metric of one model; ``value`` is NaN exactly when ``reason`` says why it cannot be computed.

    Args:
        metric: key of :data:`seqlab.evaluation.metrics.METRICS`.
        value: the number.
        reason: why there is none.
        target: the column it was computed for; empty for the mean over all of them.
    """

    metric: str
    value: float
    reason: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTrace:
    """Every gate and state of a recurrent stack at every step.

    ``gates[(layer, direction, name)]`` is (batch, time, hidden), where ``direction`` is ``"forward"``
    or ``"backward"`` and ``name`` is

    ==== ===================== =========== ========
    name meaning               range       cells
    ==== ===================== =========== ========
    i    input gate            [0, 1]      lstm
    f    forget gate           [0, 1]      lstm
    g    candidate             [-1, 1]     lstm
    o    output gate           [0, 1]      lstm
    c    cell state            unbounded   lstm
    r    reset gate            [0, 1]      gru
    z    update gate, 1 = keep [0, 1]      gru
    n    candidate             [-1, 1]     gru
    h    hidden state, output  [-1, 1]     all
    ==== ===================== =========== ========

    The variants of the LSTM and the GRU use the same letters and leave out what they do not have. Two cells use them as their
    article does: ``article_lstm`` has i, f, o, the candidate c, the memory h (unbounded) and the output y; ``article_gru`` has the
    gates r and z, the candidate n, and two states in [-1, 1], c and behind it h, which is the output.

    Values are after the activation. Time runs as in the input for both directions: index t of a
    backward trace belongs to input step t.

    Args:
        cell: key of ``seqlab.CELLS``.
        gate_names: names in the cell's own order, states last.
        num_layers: layers in the stack.
        directions: ``("forward",)`` or ``("forward", "backward")``.
        gates: the arrays.
        max_error: largest |recomputed output - the module's own| over all layers and directions.
        segment_length: input steps that one step of the trace stands for.
        lengths: (batch,) steps of each sequence, after which all its values are NaN; ``None`` if all fill the trace.
    """

    cell: str
    gate_names: tuple[str, ...]
    num_layers: int
    directions: tuple[str, ...]
    gates: Mapping[tuple[int, str, str], Floats] = field(repr=False)
    max_error: float
    segment_length: int = 1
    lengths: npt.NDArray[np.int64] | None = None

    def inside(self) -> npt.NDArray[np.bool_]:
        """(batch, time) whether a sequence has such a step: what is counted, averaged and searched."""
        batch, time, _ = next(iter(self.gates.values())).shape
        if self.lengths is None:
            return np.ones((batch, time), dtype=np.bool_)
        return np.asarray(np.arange(time) < self.lengths[:, None])

    def steps(self, sample: int = 0) -> int:
        """Steps of one sequence."""
        return int(next(iter(self.gates.values())).shape[1] if self.lengths is None else self.lengths[sample])

    def values(self, gate: str, layer: int = 0, direction: str = "forward") -> Floats:
        """The values of one gate or state.

        Returns:
            (batch, time, hidden)

        Raises:
            TraceError: the model has no such gate, layer or direction.
        """
        if gate not in self.gate_names:
            raise TraceError(f"A {self.cell} cell has no gate {gate!r}. Its gates and states are: {' '.join(self.gate_names)}.")
        check_place(layer, direction, num_layers=self.num_layers, directions=self.directions)
        return self.gates[(layer, direction, gate)]


def check_place(layer: int, direction: str, *, num_layers: int, directions: tuple[str, ...]) -> None:
    """Makes sure that a model has a layer and a direction.

    Raises:
        TraceError: it has not; the message says which there are.
    """
    if layer not in range(num_layers):
        raise TraceError(f"There is no layer {layer!r}. This model has layers 0 to {num_layers - 1}.")
    if direction not in directions:
        raise TraceError(f"There is no direction {direction!r}. This model has: {', '.join(directions)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPicture:
    """A series ready to be drawn: numbers only, no knowledge of where they came from.

    Args:
        name: what the values are, with their unit where known.
        index: (time,) dates or row numbers.
        values: (time,) NaN where missing.
        bounds: the parts, or None to draw one line.
    """

    name: str
    index: pd.Index
    values: Floats
    bounds: SplitBounds | None = None
