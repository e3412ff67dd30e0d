"""What a network is to say of sequences, as numbers: classes, tags, symbols to be written, or scaled values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.data.scale import Scaler, fit_scaler
from seqlab.data.sequence_inputs import padded
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.data.vocabulary import UNKNOWN, count_symbols
from seqlab.errors import DataError
from seqlab.tasks import task_entry

__all__ = ["END", "Answers", "fit_answers"]

END = 0
"""translate: the number that ends a written sequence, and the one the decoder is started with."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """Answers of one task as numbers.

    Args:
        task: ``"classify"``, ``"tag"``, ``"regress"``, ``"regress_steps"`` or ``"translate"``.
        classes: names of the classes by number. translate: the symbols; numbers 0 and 1 are the end and the unknown symbol.
        scaler: the scale of each target, where answers are numbers.
    """

    task: str
    classes: tuple[str, ...]
    scaler: Scaler | None

    def encode(self, labels: Sequence[Any], steps: int) -> Floats:
        """(sequence, step, target): NaN where there is no answer.

        Args:
            labels: answers, cut to the length of what is read.
            steps: steps of the answers, where each sequence has several.
        """
        if self.scaler is not None:
            rows = [self.scaler.transform(np.asarray(answer, dtype=np.float64).reshape(-1, len(self.scaler.center))) for answer in labels]
            return padded(rows, steps if self.task == "regress_steps" else 1)
        if self.task == "classify":
            return np.array([self._number(name) for name in labels], dtype=np.float32).reshape(-1, 1, 1)
        ending = [float(END)] if self.task == "translate" else []
        return padded([np.array([*map(self._number, names), *ending]).reshape(-1, 1) for names in labels], steps)

    def told(self, y: Floats) -> Floats:
        """What a decoder is told before each step: the symbol before it.

        Args:
            y: (sequence, step, 1) symbols to be written, from :meth:`encode`.

        Returns:
            (sequence, step, 1): the start, then ``y`` one step later; END after the end.
        """
        told = np.zeros_like(y)
        told[:, 1:] = np.nan_to_num(y[:, :-1], nan=float(END))
        return told

    def counts(self, labels: Sequence[Any]) -> tuple[int, ...]:
        """(class,) how often each class occurs: in sequences, or in steps."""
        if not self.classes:
            return ()
        counted = Counter(labels if self.task == "classify" else (name for names in labels for name in names))
        if self.task == "translate":
            counted[self.classes[END]] = len(labels)
        return tuple(counted[name] for name in self.classes)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        reserved = UNKNOWN if self.task == "translate" else -1
        return {name: number for number, name in enumerate(self.classes) if number > reserved}

    def _number(self, name: str) -> float:
        if name in self._numbers:
            return float(self._numbers[name])
        if self.task == "translate":
            return float(UNKNOWN)
        if not name:
            return np.nan
        raise DataError(f"There is no class {name!r} in this data set. Its classes are: {', '.join(self.classes[:8])}.")


def fit_answers(dataset: SequenceDataset | TokenDataset, training: Sequence[Any], *, minimum_count: int, scaling: str) -> Answers:
    """Names of classes from the whole data set; symbols to be written and scales of numbers from the training part.

    Args:
        dataset: what the answers belong to.
        training: the answers of the training part.
        minimum_count: how often a symbol must be written there to be kept.
        scaling: ``"standard"``, ``"minmax"`` or ``"none"``.
    """
    if dataset.task == "translate":
        symbols = count_symbols((symbol for written in training for symbol in written), minimum_count)
        return Answers(task=dataset.task, classes=symbols, scaler=None)
    if task_entry(dataset.task).classes:
        return Answers(task=dataset.task, classes=dataset.classes, scaler=None)
    values = np.concatenate([np.asarray(answer, dtype=np.float64).reshape(-1, len(dataset.target_names)) for answer in training])
    return Answers(task=dataset.task, classes=(), scaler=fit_scaler(scaling, values, dataset.target_names))
