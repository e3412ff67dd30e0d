"""Many measured sequences, with an answer for each of them or for each of their steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.data.sequence_checks import check_class_names, check_marks, check_numbers, classes_of, described_digest
from seqlab.errors import DataError
from seqlab.tasks import task_entry

__all__ = ["SequenceDataset"]

TASKS_OF_SEQUENCES = ("classify", "tag", "regress", "regress_steps")


@dataclass(frozen=True, kw_only=True, eq=False)
class SequenceDataset:
    """Sequences of numbers, short or long, and what is to be said about them.

    Args:
        label: name on the screen.
        sequences: (time, feature) float32 each, without gaps; lengths may differ.
        feature_names: (feature,) what was measured.
        task: ``"classify"``, ``"tag"``, ``"regress"`` or ``"regress_steps"``.
        labels: the answer of each sequence. classify: a class name; tag: a class name per step, ``""`` where no answer is
            wanted; regress: (target,) numbers; regress_steps: (time, target) numbers, NaN where no answer is wanted.
        target_names: (target,) what is said.
        groups: who or what each sequence comes from, such as a speaker: a group never lies in two parts. Empty if there are none.
        parts: the published part of each sequence, ``"train"``, ``"validation"`` or ``"test"``. Empty if there are none.
        fresh: makes so many new sequences of the same kind, for tasks whose training data never ends.
        tests_at: further test sets, such as longer sequences: name → data set.
        trivial: loss of the best answer that ignores the sequence; ``None`` if nobody knows it.
        solved: loss below which the task counts as solved; ``None`` if nobody knows it.
        key: key of ``seqlab.DATASETS``, or ``upload:<fingerprint>``; empty for data that was not stored.
        notes: sentences about what was read, left out and cut.
        summary, source, licence: what the data is, and where it comes from.

    Raises:
        DataError: the sequences contradict this description.

    Example:
        >>> up, down = np.array([[0.0], [1.0]]), np.array([[1.0], [0.5], [0.0]])
        >>> data = SequenceDataset(
        ...     label="Demo", sequences=(up, down), feature_names=("x",), task="classify", labels=("up", "down")
        ... )
        >>> data.classes, data.lengths, len(data.fingerprint)
        (('down', 'up'), (2, 3), 64)
    """

    label: str
    sequences: tuple[npt.NDArray[np.float32], ...] = field(repr=False)
    feature_names: tuple[str, ...]
    task: str
    labels: tuple[Any, ...] = field(repr=False)
    target_names: tuple[str, ...] = ("label",)
    groups: tuple[str, ...] = field(default=(), repr=False)
    parts: tuple[str, ...] = field(default=(), repr=False)
    fresh: "Callable[[np.random.Generator, int], SequenceDataset] | None" = None
    tests_at: "Mapping[str, SequenceDataset]" = field(default_factory=lambda: MappingProxyType({}), repr=False)
    trivial: float | None = None
    solved: float | None = None
    key: str = ""
    notes: tuple[str, ...] = ()
    summary: str = ""
    source: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        if self.task not in TASKS_OF_SEQUENCES:
            raise DataError(f"The task of {self.label!r} is {self.task!r}. Measured sequences can {', '.join(TASKS_OF_SEQUENCES)}.")
        if not self.feature_names or not self.target_names:
            raise DataError(f"The data set {self.label!r} names no {'target' if self.feature_names else 'feature'}. Give at least one.")
        check_marks(self.label, len(self.sequences), self.labels, self.groups, self.parts)
        _check_values(self.label, self.sequences, len(self.feature_names))
        if task_entry(self.task).classes:
            check_class_names(self.label, self.task, self.labels, self.lengths)
        else:
            check_numbers(self.label, self.task, self.labels, self.lengths, len(self.target_names))

    def __len__(self) -> int:
        """Number of sequences."""
        return len(self.sequences)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """(sequence,) number of steps of each."""
        return tuple(len(values) for values in self.sequences)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, sorted; none where answers are numbers."""
        return classes_of(self.task, self.labels)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over values, answers, groups, parts and names, as 64 hexadecimal digits.

        Two data sets with one fingerprint give the same run for the same spec. What ``fresh`` will make is not looked at: it
        belongs to the options of a generated set.
        """
        named = task_entry(self.task).classes
        described = {
            "kind": "sequences",
            "task": self.task,
            "feature_names": self.feature_names,
            "target_names": self.target_names,
            "labels": self.labels if named else None,
            "groups": self.groups,
            "parts": self.parts,
            "lengths": self.lengths,
        }
        values = np.concatenate(self.sequences).astype(np.float32, copy=False)
        numbers = [] if named else [np.concatenate([np.reshape(answer, (-1, len(self.target_names))) for answer in self.labels])]
        return described_digest(described, [values, *(array.astype(np.float64) for array in numbers)])


def _check_values(label: str, sequences: tuple[npt.NDArray[np.float32], ...], features: int) -> None:
    for number, values in enumerate(sequences):
        if np.ndim(values) != 2 or np.shape(values)[1] != features:
            raise DataError(f"Sequence {number} of {label!r} has the shape {np.shape(values)}. It must be (time, {features}).")
        if not len(values):
            raise DataError(f"Sequence {number} of {label!r} is empty. Leave it out, or give it at least one step.")
        if not np.isfinite(values).all():
            step, feature = np.argwhere(~np.isfinite(values))[0]
            what = "missing" if np.isnan(values[step, feature]) else "infinite"
            raise DataError(
                f"Sequence {number} of {label!r} has a value that is {what}, in step {step}, feature {feature}. "
                "Fill it, or leave the sequence out: NaN would be taken for the sequence's end."
            )
