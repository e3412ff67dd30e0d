"""Entities: spans of tags, and how many of them were found exactly, as the CoNLL shared tasks count."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from seqlab.errors import DataError
from seqlab.evaluation.classification import answers_of
from seqlab.evaluation.classification_report import ClassRow, counted_row, mean_row
from seqlab.records import ClassPrediction

__all__ = [
    "COUNTINGS",
    "Entity",
    "EntityReport",
    "EntityTags",
    "count_entities",
    "entity_report",
    "entity_spans",
    "marks_entities",
    "tags_of",
]

COUNTINGS = {
    "conlleval": (
        "Counted as conlleval does, the scorer of the CoNLL shared tasks: an entity is right if its first word, its last word and its "
        "kind are; an I- tag without a beginning before it begins an entity all the same."
    ),
    "strict": (
        "Counted strictly: an entity is right if its first word, its last word and its kind are, and only tags that keep to the rules of "
        "their scheme make an entity; an I- tag without a beginning before it makes none."
    ),
}
"""How entities are counted → a sentence for the screen. Scores of the two ways must not be compared."""


class Entity(NamedTuple):
    """One entity: the steps from ``start`` up to, but not including, ``end``, in one sequence of the data set."""

    sample: int
    start: int
    end: int
    kind: str


class EntityTags(NamedTuple):
    """Tags of one sequence, right and said, with the number of the sequence and of each step."""

    sample: int
    steps: tuple[int, ...]
    y_true: tuple[str, ...]
    y_pred: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityReport:
    """Precision, recall and F1 of whole entities.

    Args:
        rows: one of each kind that occurs or was said, in alphabetical order.
        overall: of all entities together; the figures that are published as entity precision, recall and F1.
        macro: unweighted mean of the rows.
        counting: key of :data:`COUNTINGS`: which entities count.
        sentence: the same for the screen.
        wanted, said: the entities themselves.
        reason: why nothing could be counted.
    """

    rows: tuple[ClassRow, ...]
    overall: ClassRow
    macro: ClassRow
    counting: str
    sentence: str
    wanted: frozenset[Entity] = field(repr=False)
    said: frozenset[Entity] = field(repr=False)
    reason: str = ""


def marks_entities(classes: Iterable[str]) -> bool:
    """Whether tags mark entities: each is ``O``, or B-, I-, E- or S- with a kind after it.

    Example:
        >>> marks_entities(("B-city", "I-city", "O")), marks_entities(("NOUN", "VERB"))
        (True, False)
    """
    tags = set(classes) - {"O"}
    return bool(tags) and all(tag[:2] in ("B-", "I-", "E-", "S-") and len(tag) > 2 for tag in tags)


def entity_spans(tags: Sequence[str], counting: str = "conlleval", scheme: str = "BIO") -> list[tuple[int, int, str]]:
    """The entities that tags mark.

    Args:
        tags: (time,) of one sequence.
        counting: key of :data:`COUNTINGS`.
        scheme: ``"BIO"``, ``"BIOES"`` or ``"IOB1"``, for strict counting. IOB1 begins an entity with I- and needs B- only between two
            neighbours of one kind, so its tags are read by that rule, which is conlleval's.

    Returns:
        First step, one past the last step, and kind of each, in order.

    Raises:
        DataError: no such way of counting, or no such scheme.

    Example:
        >>> entity_spans(["I-PER", "I-PER", "O", "B-LOC", "B-LOC"])
        [(0, 2, 'PER'), (3, 4, 'LOC'), (4, 5, 'LOC')]
        >>> entity_spans(["I-PER", "I-PER", "O", "B-LOC", "B-LOC"], "strict")
        [(3, 4, 'LOC'), (4, 5, 'LOC')]
    """
    if counting not in COUNTINGS:
        raise DataError(f"Entities cannot be counted by {counting!r}. Choose one of: {', '.join(COUNTINGS)}.")
    if scheme not in ("BIO", "BIOES", "IOB1"):
        raise DataError(f"There is no tag scheme {scheme!r}. Choose one of: BIO, BIOES, IOB1.")
    if counting == "conlleval" or scheme == "IOB1":
        return list(_lenient(tags))
    return list(_strict(tags, closed=scheme == "BIOES"))


def _lenient(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of tags of one kind; B- and S- begin a new one, E- and S- end it."""
    start, open_kind, ended = 0, "", False
    for step, tag in enumerate((*tags, "O")):
        mark, kind = _split(tag)
        if open_kind and (kind != open_kind or mark in "BS" or ended):
            yield start, step, open_kind
            open_kind = ""
        if kind and not open_kind:
            start, open_kind = step, kind
        ended = mark in "ES"


def _strict(tags: Sequence[str], *, closed: bool) -> Iterator[tuple[int, int, str]]:
    """Entities that begin with B-; where they must be closed, they end with E- or are one S-."""
    start, open_kind = 0, ""
    for step, tag in enumerate((*tags, "O")):
        mark, kind = _split(tag)
        if open_kind and (kind != open_kind or mark not in "IE"):
            if not closed:
                yield start, step, open_kind
            open_kind = ""
        if mark == "S" and closed:
            yield step, step + 1, kind
        elif mark == "B":
            start, open_kind = step, kind
        elif mark == "E" and closed and open_kind:
            yield start, step + 1, open_kind
            open_kind = ""


def _split(tag: str) -> tuple[str, str]:
    """Mark and kind of a tag; a tag that marks nothing has no kind."""
    mark, _, kind = tag.partition("-")
    return (mark, kind) if kind else ("O", "")


def tags_of(prediction: ClassPrediction) -> tuple[EntityTags, ...]:
    """The tags of each sequence as names.

    A step that has no right tag breaks a sequence in two: no entity reaches across it.

    Raises:
        DataError: see :func:`seqlab.evaluation.classification.answers_of`.
    """
    answers_of(prediction)
    names = (*prediction.classes, "O")  # number -1, where nothing was said, is the last one
    found: list[EntityTags] = []
    for sample, truth, said in zip(prediction.samples.tolist(), prediction.y_true.tolist(), prediction.y_pred.tolist(), strict=True):
        run: list[int] = []
        for step in range(len(truth) + 1):
            if step < len(truth) and truth[step] >= 0:
                run.append(step)
            elif run:
                tags = (tuple(names[numbers[at]] for at in run) for numbers in (truth, said))
                found.append(EntityTags(sample, tuple(run), *tags))
                run = []
    return tuple(found)


def entity_report(prediction: ClassPrediction, counting: str = "conlleval", scheme: str = "") -> EntityReport:
    """How many entities were found exactly.

    Args:
        prediction: of a tagger whose tags mark entities.
        counting: key of :data:`COUNTINGS`.
        scheme: of the tags, ``"BIO"``, ``"BIOES"`` or ``"IOB1"``; empty: BIOES if there are E- or S- tags, else BIO.

    Raises:
        DataError: the tags mark no entities; there is no such way of counting or scheme.

    Example:
        >>> import numpy as np
        >>> said = ClassPrediction(
        ...     model="m", classes=("B-LOC", "I-LOC", "O"), samples=np.array([3]),
        ...     y_true=np.array([[0, 1, 2, 0]]), y_pred=np.array([[0, 1, 2, 2]]),
        ... )
        >>> report = entity_report(said)
        >>> report.overall.precision.value, report.overall.recall.value, sorted(report.wanted - report.said)
        (1.0, 0.5, [Entity(sample=3, start=3, end=4, kind='LOC')])
    """
    if not marks_entities(prediction.classes):
        raise DataError(
            f"The tags {', '.join(prediction.classes[:3])}, … mark no entities, which need O and tags such as B-city and I-city. "
            "Look at the report of single tags."
        )
    scheme = scheme or ("BIOES" if any(tag[:2] in ("E-", "S-") for tag in prediction.classes) else "BIO")
    wanted: set[Entity] = set()
    said: set[Entity] = set()
    for sample, steps, truth, given in tags_of(prediction):
        for tags, spans in ((truth, wanted), (given, said)):
            # Steps of one run follow each other, so its first number is all that must be added.
            spans |= {Entity(sample, steps[0] + a, steps[0] + b, kind) for a, b, kind in entity_spans(tags, counting, scheme)}
    return count_entities(wanted, said, counting, answers_of(prediction).reason)


def count_entities(wanted: Iterable[Entity], said: Iterable[Entity], counting: str = "conlleval", reason: str = "") -> EntityReport:
    """The report of two sets of entities.

    Args:
        wanted: the right ones.
        said: those that were said.
        counting: key of :data:`COUNTINGS` by which they were read.
        reason: why nothing is computable; empty if it is.
    """
    wanted, said = frozenset(wanted), frozenset(said)

    def row(name: str, right: Iterable[Entity], found: Iterable[Entity]) -> ClassRow:
        a, b = frozenset(right), frozenset(found)
        return counted_row(name, right=len(a & b), support=len(a), said=len(b), reason=reason)

    kinds = sorted({entity.kind for entity in wanted | said})
    rows = tuple(row(kind, (e for e in wanted if e.kind == kind), (e for e in said if e.kind == kind)) for kind in kinds)
    return EntityReport(
        rows=rows,
        overall=row("all entities", wanted, said),
        macro=mean_row(rows),
        counting=counting,
        sentence=COUNTINGS[counting],
        wanted=wanted,
        said=said,
        reason=reason,
    )
