"""Curves of a classifier's probabilities: ROC, precision against recall, and how far a probability can be believed."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from seqlab.evaluation.classification import BINS, Answers, answers_of, bin_numbers, no_probabilities, told_apart
from seqlab.records import ClassPrediction

__all__ = ["RankCurve", "Reliability", "precision_recall_curves", "reliability", "roc_curves"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankCurve:
    """What happens to one class as the threshold on its probability falls.

    Args:
        name: the class that is told from all others.
        x, y: (point,) false and true positive rate of a ROC curve; recall and precision of a precision-recall curve.
        threshold: (point,) the class is said from this probability on.
        area: area under the ROC curve, or average precision; NaN exactly when ``reason`` says why there is none.
        baseline: what chance would reach: area 0.5, or the share of the class.
        reason: why there is no curve.
    """

    name: str
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    threshold: Floats = field(repr=False)
    area: float
    baseline: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How often what was given a probability came true, bin by bin; a bin without answers is NaN.

    Args:
        name: the class whose probability it is; empty for the largest probability of each answer, whichever class has it.
        edges: (bin + 1,) of the bins of probability.
        probability: (bin,) mean probability of the answers in it.
        share: (bin,) share of them that came true.
        counts: (bin,) how many there are.
        reason: why there is nothing to draw.
    """

    name: str
    edges: Floats
    probability: Floats
    share: Floats
    counts: Integers
    reason: str = ""


_Draw = Callable[[str, npt.NDArray[np.bool_], Floats], RankCurve]


def roc_curves(prediction: ClassPrediction) -> tuple[RankCurve, ...]:
    """ROC curves: of the positive class if there are two, else of every class against all others.

    Raises:
        DataError: see :func:`seqlab.evaluation.classification.answers_of`.

    Example:
        >>> said = ClassPrediction(
        ...     model="m", classes=("a", "b"), samples=np.arange(2), y_true=np.array([[0], [1]]), y_pred=np.array([[0], [1]]),
        ...     probability=np.array([[[0.9, 0.1]], [[0.3, 0.7]]]),
        ... )
        >>> [(curve.name, curve.area) for curve in roc_curves(said)]
        [('b', 1.0)]
    """
    return _curves(prediction, _roc)


def precision_recall_curves(prediction: ClassPrediction) -> tuple[RankCurve, ...]:
    """Precision against recall, for the same classes as :func:`roc_curves`; the area is the average precision.

    Raises:
        DataError: see :func:`seqlab.evaluation.classification.answers_of`.
    """
    return _curves(prediction, _precision_recall)


def _curves(prediction: ClassPrediction, draw: _Draw) -> tuple[RankCurve, ...]:
    found = answers_of(prediction)
    numbers = [1] if len(found.classes) == 2 else range(len(found.classes))
    return tuple(_curve(found, number, draw) for number in numbers)


def _curve(found: Answers, number: int, draw: _Draw) -> RankCurve:
    name, nothing = found.classes[number], np.empty(0)
    reason = no_probabilities(found) or told_apart(found, number)
    if reason or found.probability is None:
        return RankCurve(name=name, x=nothing, y=nothing, threshold=nothing, area=float("nan"), baseline=float("nan"), reason=reason)
    return draw(name, found.y_true == number, found.probability[:, number])


def _roc(name: str, truth: npt.NDArray[np.bool_], given: Floats) -> RankCurve:
    from sklearn.metrics import auc, roc_curve

    x, y, threshold = roc_curve(truth, given)
    return RankCurve(name=name, x=x, y=y, threshold=threshold, area=float(auc(x, y)), baseline=0.5)


def _precision_recall(name: str, truth: npt.NDArray[np.bool_], given: Floats) -> RankCurve:
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, threshold = precision_recall_curve(truth, given)
    area = float(average_precision_score(truth, given))
    # scikit-learn ends with (recall 0, precision 1), which belongs to no threshold.
    return RankCurve(name=name, x=recall, y=precision, threshold=np.append(threshold, np.inf), area=area, baseline=float(truth.mean()))


def reliability(prediction: ClassPrediction, number: int | None = None, bins: int = BINS) -> Reliability:
    """How far probabilities can be believed: the numbers of a reliability diagram.

    Args:
        prediction: with probabilities.
        number: the class whose probability is looked at; ``None`` for the largest probability of each answer, which the expected
            calibration error is about.
        bins: how many equally wide bins.

    Raises:
        DataError: see :func:`seqlab.evaluation.classification.answers_of`.

    Example:
        >>> said = ClassPrediction(
        ...     model="m", classes=("a", "b"), samples=np.arange(2), y_true=np.array([[0], [1]]), y_pred=np.array([[0], [0]]),
        ...     probability=np.array([[[0.9, 0.1]], [[0.9, 0.1]]]),
        ... )
        >>> curve = reliability(said, bins=2)
        >>> curve.counts.tolist(), curve.share.tolist()
        ([0, 2], [nan, 0.5])
    """
    found = answers_of(prediction)
    name = "" if number is None else found.classes[number]
    edges, none = np.linspace(0, 1, bins + 1), np.full(bins, np.nan)
    reason = no_probabilities(found)
    if reason or found.probability is None:
        return Reliability(name=name, edges=edges, probability=none, share=none, counts=np.zeros(bins, dtype=np.int64), reason=reason)
    if number is None:
        given, true = found.probability.max(axis=1), found.probability.argmax(axis=1) == found.y_true
    else:
        given, true = found.probability[:, number], found.y_true == number
    place = bin_numbers(given, bins)
    counts = np.bincount(place, minlength=bins).astype(np.int64)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, weights=values, minlength=bins) / counts for values in (given, true)]
    return Reliability(name=name, edges=edges, probability=means[0], share=means[1], counts=counts)
