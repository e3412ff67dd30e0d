"""Which of two models makes fewer errors, sequence by sequence, and how likely it is that this is luck."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.records import ClassPrediction, Forecast, Prediction, WrittenPrediction

__all__ = ["PairOfModels", "compare_errors", "errors_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOfModels:
    """Two models over the same sequences.

    Args:
        better, worse: sequences in which the first makes fewer errors than the second, and more.
        sequences: all of them; in the others both err alike.
        p_value: how often two equally good models would differ as much or more; NaN if it is not computable.
        reason: why there is no number.
    """

    better: int
    worse: int
    sequences: int
    p_value: float
    reason: str = ""


def errors_of(prediction: Prediction) -> Floats:
    """(sequence,) what a model got wrong: answers of each sequence, wrongly written sequences, or squared errors. NaN without answers."""
    if isinstance(prediction, WrittenPrediction):
        return np.array([one != other for one, other in zip(prediction.y_true, prediction.y_pred, strict=True)], dtype=np.float64)
    if isinstance(prediction, ClassPrediction):
        asked = prediction.y_true >= 0
        wrong = (asked & (prediction.y_true != prediction.y_pred)).sum(axis=1).astype(np.float64)
        return np.where(asked.any(axis=1), wrong, np.nan)
    return _squared(prediction)


def _squared(prediction: Forecast) -> Floats:
    off = (np.asarray(prediction.y_pred, dtype=np.float64) - np.asarray(prediction.y_true, dtype=np.float64)) ** 2
    flat = off.reshape(len(off), -1)
    return np.where(np.isfinite(flat).any(axis=1), np.nansum(flat, axis=1), np.nan)


def compare_errors(first: Prediction, second: Prediction) -> PairOfModels:
    r"""The exact sign test over sequences; of one class per sequence it is McNemar's exact test.

    Only sequences in which one errs more than the other tell the two apart. Of :math:`n` such sequences, equally good models would
    share them like tossed coins: :math:`p = \min(1, 2 P(X \le \min(b, w)))`, :math:`X \sim B(n, \tfrac12)`. Words of one sentence are
    never taken for independent.

    Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages", 1947.

    Raises:
        DataError: the predictions are of different sequences.

    Example:
        >>> def said(*classes):
        ...     column = np.array(classes)[:, None]
        ...     return ClassPrediction(
        ...         model="m", classes=("a", "b"), samples=np.arange(len(column)), y_true=np.zeros_like(column), y_pred=column
        ...     )
        >>> pair = compare_errors(said(0, 0, 0, 0, 1), said(1, 1, 1, 0, 0))
        >>> pair.better, pair.worse, pair.p_value
        (3, 1, 0.625)
    """
    one, other = errors_of(first), errors_of(second)
    if len(one) != len(other):
        raise DataError(f"One model answered {len(one)} sequences, the other {len(other)}. Compare models over the same sequences.")
    known = np.isfinite(one) & np.isfinite(other)
    better, worse = int((one < other)[known].sum()), int((one > other)[known].sum())
    reason = "" if better + worse else "Both models err in the same sequences."
    return PairOfModels(
        better=better,
        worse=worse,
        sequences=int(known.sum()),
        p_value=float("nan") if reason else _coins(min(better, worse), better + worse),
        reason=reason,
    )


def _coins(fewer: int, tosses: int) -> float:
    """How often so many fair tosses fall as unevenly, or more."""
    logs = [math.lgamma(tosses + 1) - math.lgamma(k + 1) - math.lgamma(tosses - k + 1) - tosses * math.log(2) for k in range(fewer + 1)]
    highest = max(logs)
    return round(min(1.0, 2 * math.exp(highest) * math.fsum(math.exp(log - highest) for log in logs)), 12)
