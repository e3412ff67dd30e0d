"""The sequences and answers of a data set as one spec reads them: by word or character, whole or cut."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.config import RunSpec
from seqlab.data.sequence_answers import Answers
from seqlab.data.sequence_inputs import NumberInput, TokenInputs
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset, Tokens
from seqlab.data.window import WindowSet
from seqlab.tasks import task_entry

__all__ = ["Reading", "as_given", "read_cut", "read_whole", "window_set"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """Sequences and their answers, side by side.

    Args:
        steps: what each sequence holds: (time, feature) numbers, or its tokens.
        labels: the answer of each.
        unit: what a step is: ``"word"``, ``"character"`` or ``"step"``.
    """

    steps: tuple[Any, ...] = field(repr=False)
    labels: tuple[Any, ...] = field(repr=False)
    unit: str

    def chosen(self, numbers: npt.NDArray[np.int64]) -> "Reading":
        """Some of the sequences."""
        return Reading(steps=tuple(self.steps[n] for n in numbers), labels=tuple(self.labels[n] for n in numbers), unit=self.unit)

    @property
    def lengths(self) -> tuple[int, ...]:
        """(sequence,) number of steps of each."""
        return tuple(map(len, self.steps))


def as_given(dataset: TokenDataset) -> bool:
    """Whether the tokens are symbols of their own, which have neither case nor spelling and are never rare.

    Example:
        >>> as_given(TokenDataset(label="Demo", task="tag", unit="character", tokens=(("a", "b"),), labels=(("b", "a"),)))
        True
    """
    return bool(dataset.tokens) and dataset.unit == "character"


def read_whole(dataset: SequenceDataset | TokenDataset, unit: str) -> Reading:
    """Every sequence with all its steps.

    Args:
        dataset: sequences or texts.
        unit: what texts are to be read by; see :meth:`TokenDataset.reads_by`.
    """
    if isinstance(dataset, SequenceDataset):
        return Reading(steps=dataset.sequences, labels=dataset.labels, unit="step")
    labels: Sequence[str | Tokens] = dataset.targets_by(unit) if dataset.task == "translate" else dataset.labels
    return Reading(steps=dataset.tokens_by(unit), labels=tuple(labels), unit=dataset.reads_by(unit))


def read_cut(reading: Reading, dataset: SequenceDataset | TokenDataset, longest: int) -> Reading:
    """Every sequence with its first steps, and the answers to those; teaching tasks stay whole.

    Args:
        reading: all of them, whole.
        dataset: what was read.
        longest: how many steps are kept.
    """
    # an endless task asks at its end for what stood at its beginning: half of it would be no task
    if dataset.fresh is not None or max(reading.lengths) <= longest:
        cut, labels = reading.steps, reading.labels
    else:
        cut, labels = tuple(values[:longest] for values in reading.steps), reading.labels
        if task_entry(dataset.task).per_step:
            labels = tuple(answer[:longest] for answer in labels)
    if dataset.task == "translate" and dataset.fresh is None:
        labels = tuple(written[:longest] for written in labels)
    return Reading(steps=cut, labels=labels, unit=reading.unit)


def window_set(
    reading: Reading,
    inputs: NumberInput | TokenInputs,
    answers: Answers,
    spec: RunSpec,
    numbers: npt.NDArray[np.int64],
    all_of: Reading | None = None,
) -> WindowSet:
    """Sequences as samples of one series, padded with NaN to one length.

    Args:
        reading: the sequences.
        inputs, answers: how they become numbers.
        spec: whose segments the length is made a multiple of.
        numbers: (sequence,) what to call them.
        all_of: the sequences that share one length with these; ``None`` for these alone.
    """
    shared = reading if all_of is None else all_of
    segment = spec.model.segment_length
    steps = -(-max(shared.lengths) // segment) * segment
    x = inputs.encode(reading.steps, steps)
    written = answers.task == "translate"
    y = answers.encode(reading.labels, 1 + max(map(len, shared.labels)) if written else steps)
    known = answers.told(y) if written else np.empty((*y.shape[:2], 0), dtype=np.float32)
    return WindowSet(x=x[None], future=known[None], y=y[None], origins=numbers)
