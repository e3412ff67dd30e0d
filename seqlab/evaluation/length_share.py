"""How many sequences come out right, and how that falls with their length."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.data import adding, flip_flop
from seqlab.data.reber import SYMBOLS, legal_next
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.errors import DataError
from seqlab.records import ClassPrediction, Forecast, Prediction, WrittenPrediction

__all__ = ["TOLERANCES", "LengthShare", "legal_steps", "right_by_length", "right_share"]

Dataset = SequenceDataset | TokenDataset

TOLERANCES = {"adding": adding.TOLERANCE, "flip_flop": flip_flop.TOLERANCE}
"""Key of a data set whose answers are numbers → how far off one may be to count as right."""

SEVERAL_LEGAL = "reber"
"""Key of the data set in which several answers to a step may be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthShare:
    """How much one model gets right at one length; shares are NaN exactly when there is a reason.

    Args:
        length: as the task counts it: steps, the n of aⁿbⁿ, the pause of the copy task, digits.
        sequences: how many sequences that is about.
        share: share of them with every answer right.
        step_share: share of all answers that are right; the same where a sequence has one answer only.
        reason: why there are none.
    """

    length: int
    sequences: int
    share: float
    step_share: float
    reason: str = ""


def right_by_length(predictions: Mapping[str, Prediction], dataset: Dataset) -> tuple[LengthShare, ...]:
    """What comes out right in each of the further test sets of a teaching task.

    Args:
        predictions: length → predictions for ``dataset.tests_at[length]``.
        dataset: the teaching task.

    Returns:
        One entry per length, shortest first.

    Raises:
        DataError: the data set has no test set of such a length.
    """
    for length in predictions:
        if length not in dataset.tests_at:
            known = ", ".join(dataset.tests_at) or "none"
            raise DataError(f"{dataset.label!r} has no test set of length {length!r}. Its lengths are: {known}.")
    return tuple(right_share(predictions[length], dataset.tests_at[length], length=int(length)) for length in sorted(predictions, key=int))


def right_share(prediction: Prediction, dataset: Dataset, *, length: int = 0) -> LengthShare:
    """Which share of sequences one model gets right, every answer of a sequence counted.

    A class is right when it is the wanted one; with the Reber grammar, when it is legal. Numbers are right when all of a step are
    off by less than :data:`TOLERANCES` allows; a written sequence when all its symbols are right. A prediction that is not a number
    is wrong. Steps at which no answer is wanted count nowhere.

    Args:
        prediction: of sequences of ``dataset``.
        dataset: they come from it.
        length: goes into the answer.
    """
    if isinstance(prediction, Forecast) and dataset.key not in TOLERANCES:
        return _without(length, f"it is not settled how far off a number may be in {dataset.label}.")
    wanted, right = _wanted_and_right(prediction, dataset)
    asked = np.asarray(wanted.any(axis=1))
    if not asked.any():
        return _without(length, "no sequence has an answer.")
    return LengthShare(
        length=length,
        sequences=int(asked.sum()),
        share=float((right | ~wanted)[asked].all(axis=1).mean()),
        step_share=float(right[wanted].mean()),
    )


def _wanted_and_right(prediction: Prediction, dataset: Dataset) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """(sample, step) where an answer is wanted, and where it is right."""
    if isinstance(prediction, WrittenPrediction):
        same = [one == other for one, other in zip(prediction.y_true, prediction.y_pred, strict=True)]
        right = np.array(same, dtype=bool).reshape(-1, 1)
        return np.ones_like(right), right
    if isinstance(prediction, Forecast):
        y_true, y_pred = np.asarray(prediction.y_true, dtype=np.float64), np.asarray(prediction.y_pred, dtype=np.float64)
        # a comparison with NaN is false, so what is no number is wrong
        return np.asarray(np.isfinite(y_true).all(axis=2)), np.asarray((np.abs(y_true - y_pred) < TOLERANCES[dataset.key]).all(axis=2))
    right = _legal(prediction, dataset) if dataset.key == SEVERAL_LEGAL else np.asarray(prediction.y_true == prediction.y_pred)
    return np.asarray(prediction.y_true >= 0), right


def legal_steps(dataset: SequenceDataset, samples: npt.ArrayLike) -> tuple[tuple[str, ...], ...]:
    """The legal answers at each step of sequences of the Reber grammar.

    Args:
        dataset: of the Reber grammar.
        samples: (sample,) numbers of sequences.

    Returns:
        For each sample and step the symbols that may come next.
    """
    chosen = [dataset.sequences[number] for number in np.asarray(samples).tolist()]
    return tuple(legal_next("".join(SYMBOLS[symbol] for symbol in values.argmax(axis=1))) for values in chosen)


def _legal(prediction: ClassPrediction, dataset: Dataset) -> npt.NDArray[np.bool_]:
    if not isinstance(dataset, SequenceDataset):
        raise DataError(f"{dataset.label!r} holds texts, and the Reber grammar is a data set of sequences. Give that one.")
    right = np.zeros(prediction.y_pred.shape, dtype=bool)
    for row, legal in enumerate(legal_steps(dataset, prediction.samples)):
        for step, symbols in enumerate(legal):
            said = int(prediction.y_pred[row, step])
            right[row, step] = said >= 0 and prediction.classes[said] in symbols
    return right


def _without(length: int, reason: str) -> LengthShare:
    return LengthShare(length=length, sequences=0, share=float("nan"), step_share=float("nan"), reason=reason)
