"""What the teaching tasks share: fixed parts, endless new sequences and longer test sets, all drawn from one seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from seqlab.data.sequences import SequenceDataset

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry

__all__ = ["Drawn", "Task", "named", "one_hot", "teaching_dataset"]

Labels = tuple[str, ...] | tuple[tuple[str, ...], ...] | tuple[npt.NDArray[np.float32], ...]

TRAIN, VALIDATION, TEST, LONGER = range(4)
"""Streams of random numbers: with one each, a longer training part changes no other part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Sequences with their answers.

    Args:
        sequences: (time, feature) each, or one array (sequence, time, feature).
        labels: as in :class:`~seqlab.data.sequences.SequenceDataset`.
    """

    sequences: Sequence[npt.NDArray[np.floating]] | npt.NDArray[np.floating]
    labels: Labels


Draw = Callable[[np.random.Generator, int], Drawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task with a known answer, before any sequence is drawn.

    Args:
        kind: ``classify``, ``tag``, ``regress`` or ``regress_steps``.
        draw: makes so many new sequences.
        feature_names: names of the features.
        target_names: names of the targets.
        trivial: loss of the trivial predictor.
        solved: loss below which the task counts as solved.
        train, validation, test: sequences of each part.
        longer: length → what draws sequences of that length, and how many; beyond what training shows.
        fixed_validation, fixed_test: these sequences instead of drawn ones.
        notes: sentences the user should read beside the data.
    """

    kind: str
    draw: Draw
    feature_names: tuple[str, ...]
    trivial: float
    solved: float
    train: int
    validation: int
    test: int
    target_names: tuple[str, ...] = ("label",)
    longer: Mapping[int, tuple[Draw, int]]
    fixed_validation: Drawn | None = None
    fixed_test: Drawn | None = None
    notes: tuple[str, ...] = ()


def teaching_dataset(entry: "DatasetEntry", task: Task, seed: int) -> SequenceDataset:
    """The data set of a task: its fixed parts, its longer test sets, and ``fresh`` for new training sequences without end.

    The training part is what ``fresh`` gives for its own stream of random numbers; the same seed gives the same parts everywhere.
    """
    train = task.draw(_stream(seed, TRAIN), task.train)
    validation = task.fixed_validation or task.draw(_stream(seed, VALIDATION), task.validation)
    test = task.fixed_test or task.draw(_stream(seed, TEST), task.test)
    parts = {"train": train, "validation": validation, "test": test}
    plain = SequenceDataset(
        key=entry.key,
        label=entry.label,
        sequences=_arrays(train),
        labels=train.labels,
        feature_names=task.feature_names,
        target_names=task.target_names,
        task=task.kind,
        trivial=task.trivial,
        solved=task.solved,
        notes=task.notes,
        summary=entry.summary,
        source=entry.source,
        licence=entry.licence,
    )
    longer = {
        str(length): _with(plain, draw(_stream(seed, LONGER, length), count), label=f"{entry.label}, length {length:,}")
        for length, (draw, count) in task.longer.items()
    }
    return replace(
        plain,
        sequences=tuple(array for drawn in parts.values() for array in _arrays(drawn)),
        labels=tuple(label for drawn in parts.values() for label in drawn.labels),
        parts=tuple(part for part, drawn in parts.items() for _ in drawn.labels),
        fresh=lambda random, count: _with(plain, task.draw(random, count)),
        tests_at=longer,
    )


def one_hot(numbers: npt.NDArray[np.integer], size: int) -> npt.NDArray[np.float32]:
    """(…) numbers of symbols as (…, size): 1 at the symbol, 0 elsewhere.

    Example:
        >>> one_hot(np.array([2, 0]), 3).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    return np.asarray(np.eye(size, dtype=np.float32)[numbers])


def named(numbers: npt.NDArray[np.integer], names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """(sequence, time) numbers of classes as names.

    Example:
        >>> named(np.array([[1, 0]]), ("even", "odd"))
        (('odd', 'even'),)
    """
    return tuple(tuple(names[number] for number in row) for row in numbers.tolist())


def _stream(seed: int, *place: int) -> np.random.Generator:
    return np.random.default_rng([seed, *place])


def _arrays(drawn: Drawn) -> tuple[npt.NDArray[np.float32], ...]:
    return tuple(np.asarray(array, dtype=np.float32) for array in drawn.sequences)


def _with(plain: SequenceDataset, drawn: Drawn, **changes: Any) -> SequenceDataset:
    return replace(plain, sequences=_arrays(drawn), labels=drawn.labels, **changes)
