"""How well classes were said: the scores of a ClassPrediction, each a number or the reason why there is none.

A step without a right class (-1) is left out. A right class that the model gave no answer to makes every score not computable:
it is never dropped. Of two classes the second one in the alphabet is the positive one, as in scikit-learn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.evaluation.metrics import score_or_reason
from seqlab.records import ClassPrediction, Score

__all__ = ["BINS", "Answers", "answers_of", "bin_numbers", "no_probabilities", "positive_class", "score_classes", "told_apart"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BINS = 10
"""Equally wide bins of probability, for the calibration error and the reliability diagram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Every answer of a prediction that has a right one beside it, in one row.

    Args:
        classes: names of the classes.
        y_true: (answer,) number of the right class.
        y_pred: (answer,) number of the class that was said; -1 where nothing was said.
        probability: (answer, class) or ``None``.
        samples: (answer,) number of its sequence in the data set.
        steps: (answer,) its step; 0 where a whole sequence has one class.
        reason: why nothing can be computed from them; empty if it can.
    """

    classes: tuple[str, ...]
    y_true: Integers
    y_pred: Integers
    probability: Floats | None
    samples: Integers
    steps: Integers
    reason: str = ""


def answers_of(prediction: ClassPrediction) -> Answers:
    """The answers of a prediction without those that nobody asked for.

    Raises:
        DataError: the arrays do not fit each other, or name a class that does not exist.

    Example:
        >>> said = ClassPrediction(
        ...     model="m", classes=("a", "b"), samples=np.array([7]), y_true=np.array([[1, 0, -1]]), y_pred=np.array([[1, 1, -1]])
        ... )
        >>> answers_of(said).steps.tolist()
        [0, 1]
    """
    truth, said = np.asarray(prediction.y_true), np.asarray(prediction.y_pred)
    count = len(prediction.classes)
    if truth.ndim != 2 or truth.shape != said.shape or len(truth) != len(prediction.samples):
        raise DataError(
            f"There are {len(prediction.samples)} sequences, right classes of the shape {truth.shape} and said ones of the shape "
            f"{said.shape}. Both must be (sample, step)."
        )
    if prediction.probability is not None and prediction.probability.shape != (*truth.shape, count):
        raise DataError(f"The probabilities have the shape {prediction.probability.shape}. They must be {(*truth.shape, count)}.")
    if truth.size and max(truth.max(), said.max()) >= count:
        raise DataError(f"Class number {max(truth.max(), said.max())} was given, but there are {count} classes, numbered from 0.")
    rows, steps = np.nonzero(truth >= 0)
    y_true, y_pred = truth[rows, steps], said[rows, steps]
    silent = int((y_pred < 0).sum())
    reason = ""
    if not y_true.size:
        reason = "There is no right answer to compare with."
    elif silent:
        reason = f"The model gave no answer to {silent:,} of {y_true.size:,} questions."
    return Answers(
        classes=prediction.classes,
        y_true=y_true,
        y_pred=y_pred,
        probability=None if prediction.probability is None else prediction.probability[rows, steps].astype(np.float64),
        samples=np.asarray(prediction.samples, dtype=np.int64)[rows],
        steps=steps.astype(np.int64),
        reason=reason,
    )


def positive_class(prediction: ClassPrediction) -> str:
    """The class that precision, recall, F1 and ROC of two classes are about; empty if there are more or fewer.

    Example:
        >>> nothing = np.empty((0, 1), dtype=np.int64)
        >>> positive_class(ClassPrediction(model="", classes=("bad", "good"), samples=nothing[:, 0], y_true=nothing, y_pred=nothing))
        'good'
    """
    return prediction.classes[1] if len(prediction.classes) == 2 else ""


def score_classes(prediction: ClassPrediction) -> tuple[Score, ...]:
    r"""All scores of a classifier or tagger, the headline first.

    Accuracy, balanced accuracy (mean recall of the classes that occur), macro F1 (mean of the classes that occur or were said); of
    two classes precision, recall and F1 of :func:`positive_class`; the area under the ROC curve and average precision (of many
    classes the mean over the classes that occur, each against all others); log loss; Brier score (of two classes the squared error
    of the positive one's probability, of many the sum over the classes); the expected calibration error
    :math:`\sum_b \frac{n_b}{n} |\text{accuracy}_b - \text{confidence}_b|` over :data:`BINS` equally wide bins of the largest
    probability (Guo et al. 2017, 1706.04599).

    Raises:
        DataError: see :func:`answers_of`.

    Example:
        >>> said = ClassPrediction(
        ...     model="m", classes=("a", "b"), samples=np.arange(3), y_true=np.array([[0], [1], [1]]), y_pred=np.array([[0], [1], [0]])
        ... )
        >>> [f"{one.metric} {one.value:.3f}" for one in score_classes(said)[:3]]
        ['accuracy 0.667', 'balanced_accuracy 0.750', 'macro_f1 0.667']
    """
    found = answers_of(prediction)
    return (*_said(found), *_probable(found))


def _said(found: Answers) -> list[Score]:
    """The scores that need no probabilities."""
    count = len(found.classes)
    truth, said = found.y_true, np.maximum(found.y_pred, 0)
    right = np.bincount(truth[truth == said], minlength=count)
    wanted, given = np.bincount(truth, minlength=count), np.bincount(said, minlength=count)
    occurs, appears = wanted > 0, wanted + given > 0
    scores = [
        score_or_reason("accuracy", found.reason, lambda: np.mean(truth == said)),
        score_or_reason("balanced_accuracy", found.reason, lambda: np.mean(right[occurs] / wanted[occurs])),
        score_or_reason("macro_f1", found.reason, lambda: np.mean(2 * right[appears] / (wanted + given)[appears])),
    ]
    if count == 2:
        name = found.classes[1]
        unsaid = "" if given[1] else f"The class {name!r} was never said, so nothing is known of how often it is right."
        unseen = "" if wanted[1] else f"The class {name!r} does not occur, so nothing of it can be found."
        scores += [
            score_or_reason("precision", found.reason or unsaid, lambda: right[1] / given[1]),
            score_or_reason("recall", found.reason or unseen, lambda: right[1] / wanted[1]),
            score_or_reason("f1", found.reason or (unsaid and unseen), lambda: 2 * right[1] / (wanted[1] + given[1])),
        ]
    return scores


def _probable(found: Answers) -> list[Score]:
    """The scores of probabilities."""
    names = ("roc_auc", "average_precision", "log_loss", "brier", "calibration_error")
    reason = no_probabilities(found)
    if found.probability is None or reason:
        return [Score(metric=name, value=float("nan"), reason=reason) for name in names]
    given, rows = found.probability, np.arange(found.y_true.size)
    right = given[rows, found.y_true]
    impossible = int((right <= 0).sum())
    endless = f"The right class was called impossible (probability 0) {impossible:,} times: the loss is infinite." if impossible else ""
    return [
        _over_classes("roc_auc", found, given),
        _over_classes("average_precision", found, given),
        score_or_reason("log_loss", endless, lambda: -np.mean(np.log(right))),
        score_or_reason("brier", "", lambda: _brier(given, found.y_true)),
        score_or_reason("calibration_error", "", lambda: _calibration_error(given, found.y_true)),
    ]


def no_probabilities(found: Answers) -> str:
    """Why nothing can be said of the probabilities of these answers; empty if something can."""
    if found.reason:
        return found.reason
    if found.probability is None:
        return "This model says classes, not probabilities."
    wild = int((~np.isfinite(found.probability)).any(axis=1).sum())
    return f"{wild:,} of {len(found.probability):,} answers have no finite probabilities." if wild else ""


def told_apart(found: Answers, number: int) -> str:
    """Why one class cannot be told from the others in these answers; empty if it can.

    Example:
        >>> one = np.zeros(3, dtype=np.int64)
        >>> only = Answers(classes=("a", "b"), y_true=one, y_pred=one, probability=None, samples=one, steps=one)
        >>> told_apart(only, 0)
        "All 3 right answers are 'a': there is nothing to tell it from."
        >>> told_apart(only, 1)
        "None of the 3 right answers is 'b'."
    """
    hits, total = int((found.y_true == number).sum()), found.y_true.size
    if hits == 0:
        return f"None of the {total:,} right answers is {found.classes[number]!r}."
    return f"All {total:,} right answers are {found.classes[number]!r}: there is nothing to tell it from." if hits == total else ""


def _over_classes(metric: str, found: Answers, given: Floats) -> Score:
    """ROC area or average precision: of the positive class, or the mean over all classes that occur."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    measure: Callable[..., float] = roc_auc_score if metric == "roc_auc" else average_precision_score
    occurring = [int(number) for number in np.unique(found.y_true)]
    if len(occurring) < 2:
        return Score(metric=metric, value=float("nan"), reason=told_apart(found, occurring[0]))
    chosen = [1] if len(found.classes) == 2 else occurring
    values = [measure(found.y_true == number, given[:, number]) for number in chosen]
    return score_or_reason(metric, "", lambda: np.mean(values))


def _brier(given: Floats, truth: Integers) -> float:
    if given.shape[1] == 2:
        return float(np.mean((given[:, 1] - truth) ** 2))
    wanted = np.zeros_like(given)
    wanted[np.arange(truth.size), truth] = 1
    return float(np.mean(np.sum((given - wanted) ** 2, axis=1)))


def _calibration_error(given: Floats, truth: Integers) -> float:
    confidence, right = given.max(axis=1), given.argmax(axis=1) == truth
    number = bin_numbers(confidence, BINS)
    gaps = np.bincount(number, weights=right - confidence, minlength=BINS)
    return float(np.abs(gaps).sum() / truth.size)


def bin_numbers(probability: Floats, bins: int) -> Integers:
    """(answer,) the number of each probability's bin: the first is [0, 1/bins], the others (b/bins, (b+1)/bins].

    Example:
        >>> bin_numbers(np.array([0.0, 0.1, 0.11, 1.0]), 10).tolist()
        [0, 0, 1, 9]
    """
    edges = np.linspace(0, 1, bins + 1)
    return np.searchsorted(edges[1:-1], probability, side="left").astype(np.int64)
