"""What a baseline of sequences may read of prepared data, and how its answers become a prediction.

It learns from the training part only, as the weights of a network do; the validation part, which chooses a network's epoch, is not
used, since these baselines have nothing to choose.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from seqlab.config import RunSpec
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.data.window import WindowSet
from seqlab.errors import DataError
from seqlab.records import ClassPrediction, Forecast, Prediction

__all__ = [
    "LabelledPart",
    "Prediction",
    "PreparedParts",
    "class_prediction",
    "data_kind",
    "measured",
    "number_prediction",
    "read_part",
    "written",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class PreparedParts(Protocol):
    """The part of :class:`seqlab.data.prepare_sequences.PreparedSequences` that baselines look at."""

    @property
    def dataset(self) -> Any:
        """The sequences or texts as they came, not scaled and not padded."""

    @property
    def spec(self) -> RunSpec:
        """What a text is read by."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes by number."""

    @property
    def joint(self) -> str:
        """What stands between two written symbols when they are read as text."""

    def windows(self, part: str) -> WindowSet:
        """``origins``: numbers of a part's sequences in the data set. ``y``: their classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPart:
    """The sequences of one part.

    Args:
        numbers: (sequence,) of each in the data set.
        steps: steps of an answer: 1 where a whole sequence has one.
        classes: (sequence, step) number of the right class, -1 where there is none; empty where answers are no classes.
    """

    numbers: Integers
    steps: int
    classes: Integers = field(repr=False)


def data_kind(dataset: object) -> str:
    """``"text"`` or ``"numeric"``; empty for a series.

    Example:
        >>> data_kind(TokenDataset(label="Demo", task="classify", texts=("Good.", "Bad."), labels=("yes", "no")))
        'text'
    """
    return "text" if isinstance(dataset, TokenDataset) else "numeric" if isinstance(dataset, SequenceDataset) else ""


def measured(prepared: PreparedParts) -> SequenceDataset:
    """The data set, if it holds measured sequences.

    Raises:
        DataError: it does not.
    """
    if not isinstance(prepared.dataset, SequenceDataset):
        raise DataError(f"This baseline reads measured sequences, and {prepared.dataset.label!r} holds none. Choose another one.")
    return prepared.dataset


def written(prepared: PreparedParts) -> TokenDataset:
    """The data set, if it holds texts.

    Raises:
        DataError: it does not.
    """
    if not isinstance(prepared.dataset, TokenDataset):
        raise DataError(f"This baseline reads texts, and {prepared.dataset.label!r} holds none. Choose another one.")
    return prepared.dataset


def read_part(prepared: PreparedParts, part: str) -> LabelledPart:
    """Which sequences a part has, and their right classes, cut as a network reads them."""
    windows = prepared.windows(part)
    y = windows.y[0, windows.locate(np.arange(len(windows)))[1], :, 0]
    classes = np.where(np.isnan(y), -1, np.nan_to_num(y)).astype(np.int64) if prepared.dataset.task in ("classify", "tag") else None
    nothing = np.empty((len(windows), 0), dtype=np.int64)
    return LabelledPart(numbers=windows.origins, steps=y.shape[1], classes=nothing if classes is None else classes)


def class_prediction(
    prepared: PreparedParts, part: LabelledPart, y_pred: Integers, probability: Floats | None = None, notes: tuple[str, ...] = ()
) -> ClassPrediction:
    """Classes that were said, beside the right ones.

    Args:
        prepared, part: what was asked.
        y_pred: (sequence, step).
        probability: (sequence, step, class); ``None`` if there is none.
        notes: what to say about them.
    """
    return ClassPrediction(
        model="", classes=prepared.classes, samples=part.numbers, y_true=part.classes, y_pred=y_pred, probability=probability, notes=notes
    )


def number_prediction(prepared: PreparedParts, part: LabelledPart, constant: Floats) -> Forecast:
    """The same numbers said of every sequence, beside the right ones.

    Args:
        prepared, part: what was asked.
        constant: (target,) in the data's own units.
    """
    truth = np.full((len(part.numbers), part.steps, len(constant)), np.nan)
    for row, number in enumerate(part.numbers):
        answer = np.asarray(prepared.dataset.labels[number], dtype=np.float64).reshape(-1, len(constant))[: part.steps]
        truth[row, : len(answer)] = answer
    return Forecast(
        model="",
        targets=prepared.dataset.target_names,
        origins=part.numbers,
        y_pred=np.broadcast_to(constant, truth.shape).copy(),
        y_true=truth,
    )
