"""How well single tags were said: the report per tag of the CoNLL papers, without the tag O for "nothing"."""

from dataclasses import dataclass

from seqlab.evaluation.classification_report import ClassRow, class_report, mean_row
from seqlab.records import ClassPrediction, Score

__all__ = ["OUTSIDE", "TagReport", "tag_report"]

OUTSIDE = "O"
"""The tag of a word that belongs to no entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReport:
    """A line per tag.

    Args:
        rows: every tag but O; those of one kind of entity stand together: B-LOC, I-LOC, B-MISC, …
        outside: the line of O, which most words have and any model gets right; ``None`` if there is no such tag.
        macro: unweighted mean of the rows, without O.
        accuracy: share of all words that have the right tag, O counted too.
        words: how many words were compared.
        reason: why nothing could be computed; empty if it could.
    """

    rows: tuple[ClassRow, ...]
    outside: ClassRow | None
    macro: ClassRow
    accuracy: Score
    words: int
    reason: str = ""


def tag_report(prediction: ClassPrediction) -> TagReport:
    """Precision, recall, F1 and support of every tag, counted word by word.

    Raises:
        DataError: see :func:`seqlab.evaluation.classification.answers_of`.

    Example:
        >>> import numpy as np
        >>> said = ClassPrediction(
        ...     model="m", classes=("B-LOC", "B-PER", "I-LOC", "O"), samples=np.array([0]),
        ...     y_true=np.array([[0, 2, 3, 1]]), y_pred=np.array([[0, 2, 3, 3]]),
        ... )
        >>> [(row.name, row.support, row.recall.value) for row in tag_report(said).rows]
        [('B-LOC', 1, 1.0), ('I-LOC', 1, 1.0), ('B-PER', 1, 0.0)]
    """
    report = class_report(prediction)
    rows = tuple(sorted((row for row in report.rows if row.name != OUTSIDE), key=lambda row: _order(row.name)))
    outside = next((row for row in report.rows if row.name == OUTSIDE), None)
    return TagReport(
        rows=rows,
        outside=outside,
        macro=mean_row(rows),
        accuracy=report.accuracy,
        words=report.answers,
        reason=report.reason,
    )


def _order(tag: str) -> tuple[str, str]:
    mark, _, kind = tag.partition("-")
    return (kind, mark) if kind else (tag, "")
