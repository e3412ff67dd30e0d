"""What is behind the scores of a classifier: a row per class, and which sequences were taken for what.

Where scikit-learn writes 0 (its ``zero_division``) for a precision of a class that was never said, or a recall of one that never
occurs, these reports say "not computable" and why: nothing was measured there. An F1 counts right, missed and wrong answers
together, so it is 0 for a class that occurs and was never said, and not computable only where neither happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from seqlab.evaluation.classification import Answers, answers_of
from seqlab.evaluation.metrics import score_or_reason
from seqlab.records import ClassPrediction, Score

__all__ = ["ClassReport", "ClassRow", "Confusion", "class_report", "confusion", "counted_row", "mean_row"]

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """One line of a report.

    Args:
        name: the class, the tag, or the kind of entity.
        precision: share of the times it was said that were right.
        recall: share of its occurrences that were found.
        f1: harmonic mean of both.
        support: how often it occurs.
        said: how often it was said.
        right: how often both at once.
    """

    name: str
    precision: Score
    recall: Score
    f1: Score
    support: int
    said: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReport:
    """A line per class, and their means.

    Args:
        rows: one of each class, in the order of the prediction's classes.
        accuracy: share of all answers that are right.
        macro: mean of the rows; a figure that some classes lack is the mean over the others.
        answers: how many answers were compared.
        reason: why nothing could be computed; empty if it could.
    """

    rows: tuple[ClassRow, ...]
    accuracy: Score
    macro: ClassRow
    answers: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How often each class was taken for each, and where.

    Args:
        classes: names of the classes.
        counts: (right class, said class).
        answers: the answers that were counted.
        reason: why there is nothing to count; empty if there is.
    """

    classes: tuple[str, ...]
    counts: Integers
    answers: Answers = field(repr=False)
    reason: str = ""

    def behind(self, right: int, said: int) -> tuple[Integers, Integers]:
        """Where the answers of one cell come from.

        Args:
            right: number of the class that would have been right.
            said: number of the class that was said.

        Returns:
            (answer,) number of the sequence in its data set, and (answer,) the step in it: 0 where a sequence has one class.
        """
        chosen = (self.answers.y_true == right) & (self.answers.y_pred == said)
        return self.answers.samples[chosen], self.answers.steps[chosen]

    def mistakes(self) -> tuple[Integers, Integers]:
        """Where the wrong answers are, in the order of the prediction.

        Returns:
            As :meth:`behind`, for all cells in which the right and the said class differ.
        """
        wrong = self.answers.y_true != self.answers.y_pred
        return self.answers.samples[wrong], self.answers.steps[wrong]


def class_report(prediction: ClassPrediction) -> ClassReport:
    """Precision, recall, F1 and support of every class.

    Raises:
        DataError: see :func:`seqlab.evaluation.classification.answers_of`.

    Example:
        >>> said = ClassPrediction(
        ...     model="m", classes=("a", "b"), samples=np.arange(3), y_true=np.array([[0], [0], [1]]), y_pred=np.array([[0], [0], [0]])
        ... )
        >>> row = class_report(said).rows[1]
        >>> row.recall.value, row.precision.reason
        (0.0, "'b' was never said.")
    """
    found = answers_of(prediction)
    table = _counts(found)
    right, wanted, given = np.diag(table), table.sum(axis=1), table.sum(axis=0)
    rows = tuple(
        counted_row(name, right=int(right[n]), support=int(wanted[n]), said=int(given[n]), reason=found.reason)
        for n, name in enumerate(found.classes)
    )
    accuracy = score_or_reason("accuracy", found.reason, lambda: right.sum() / found.y_true.size)
    return ClassReport(rows=rows, accuracy=accuracy, macro=mean_row(rows), answers=found.y_true.size, reason=found.reason)


def confusion(prediction: ClassPrediction) -> Confusion:
    """How often each class was taken for each.

    Raises:
        DataError: see :func:`seqlab.evaluation.classification.answers_of`.

    Example:
        >>> said = ClassPrediction(
        ...     model="m", classes=("a", "b"), samples=np.array([4, 9]), y_true=np.array([[0], [1]]), y_pred=np.array([[0], [0]])
        ... )
        >>> table = confusion(said)
        >>> table.counts.tolist(), table.behind(1, 0)[0].tolist()
        ([[1, 0], [1, 0]], [9])
    """
    found = answers_of(prediction)
    return Confusion(classes=found.classes, counts=_counts(found), answers=found, reason=found.reason)


def _counts(found: Answers) -> Integers:
    """(right class, said class); answers that were not given are in no cell."""
    count = len(found.classes)
    given = found.y_pred >= 0
    cells = found.y_true[given] * count + found.y_pred[given]
    return np.bincount(cells, minlength=count * count).reshape(count, count).astype(np.int64)


def counted_row(name: str, *, right: int, support: int, said: int, reason: str = "") -> ClassRow:
    """The line of a class from three counts.

    Example:
        >>> row = counted_row("B-LOC", right=3, support=4, said=5)
        >>> row.precision.value, row.recall.value, round(row.f1.value, 3)
        (0.6, 0.75, 0.667)
    """
    unsaid = "" if said else f"{name!r} was never said."
    unseen = "" if support else f"{name!r} does not occur."
    neither = f"{name!r} does not occur and was never said." if unsaid and unseen else ""
    return ClassRow(
        name=name,
        precision=score_or_reason("precision", reason or unsaid, lambda: right / said),
        recall=score_or_reason("recall", reason or unseen, lambda: right / support),
        f1=score_or_reason("f1", reason or neither, lambda: 2 * right / (support + said)),
        support=support,
        said=said,
        right=right,
    )


def mean_row(rows: Iterable[ClassRow]) -> ClassRow:
    """The unweighted mean of some lines ("macro"): of each figure over the lines that have it."""
    lines = tuple(rows)

    def mean(metric: str) -> Score:
        values = [score.value for score in (getattr(row, metric) for row in lines) if not score.reason]
        return score_or_reason(metric, "" if values else "No line has this figure.", lambda: np.mean(values))

    return ClassRow(
        name="macro average",
        precision=mean("precision"),
        recall=mean("recall"),
        f1=mean("f1"),
        support=sum(row.support for row in lines),
        said=sum(row.said for row in lines),
        right=sum(row.right for row in lines),
    )
