"""From sequences or texts and a spec to padded arrays of numbers, and back to words, classes and units."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from seqlab.config import RunSpec
from seqlab.data.sequence_answers import Answers, fit_answers
from seqlab.data.sequence_checks import PARTS
from seqlab.data.sequence_inputs import NumberInput, TokenInputs, fit_numbers, fit_tokens
from seqlab.data.sequence_notes import preparation_notes
from seqlab.data.sequence_reading import Reading, as_given, read_cut, read_whole, window_set
from seqlab.data.sequence_split import split_sequences, without_copies
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset, Tokens
from seqlab.data.vocabulary import UNKNOWN
from seqlab.data.window import WindowSet
from seqlab.errors import ConfigError, DataError

__all__ = ["PreparedSequences", "prepare_sequences"]

Dataset = SequenceDataset | TokenDataset
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedSequences:
    """Sequences made ready for one spec: split, cut, turned into numbers, padded to one length.

    Args:
        dataset, spec: what this was made from.
        inputs: how sequences become numbers.
        answers: how answers become numbers.
        numbers: part → numbers of its sequences in the data set, ascending.
        class_counts: (class,) how often the training part holds each class: in sequences, steps or symbols. May hold zeros.
        notes: sentences about what was left out, cut, scaled and never seen in training.
    """

    dataset: Dataset
    spec: RunSpec
    inputs: NumberInput | TokenInputs
    answers: Answers
    numbers: Mapping[str, Integers] = field(repr=False)
    class_counts: tuple[int, ...]
    notes: tuple[str, ...]
    _windows: Mapping[str, WindowSet] = field(repr=False)
    _reading: Reading = field(repr=False)

    @property
    def task(self) -> str:
        """Key of :data:`seqlab.tasks.TASKS`."""
        return self.dataset.task

    @property
    def unit(self) -> str:
        """What a step is: ``"word"``, ``"character"`` or ``"step"``."""
        return self._reading.unit

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes by number; of the symbols that can be written, of which 0 is the end and 1 the unknown symbol."""
        return self.answers.classes

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Names of words or characters by number; 0 is nothing and 1 the unknown. Empty for measured sequences."""
        return self.inputs.vocabulary if isinstance(self.inputs, TokenInputs) else ()

    @property
    def characters(self) -> tuple[str, ...]:
        """Names of the characters that words are spelled with, by number; empty if spelling is not read."""
        return self.inputs.characters if isinstance(self.inputs, TokenInputs) else ()

    @property
    def word_length(self) -> int:
        """Characters read of each word; 0 if spelling is not read."""
        return self.inputs.word_length if isinstance(self.inputs, TokenInputs) else 0

    @property
    def shape_names(self) -> tuple[str, ...]:
        """What is told about the shape of a word; empty if nothing."""
        return self.inputs.shape_names if isinstance(self.inputs, TokenInputs) else ()

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Channels of ``x``."""
        return self.inputs.feature_names

    @property
    def known_names(self) -> tuple[str, ...]:
        """Channels of ``future``: the symbol before, for translate."""
        return ("symbol before",) if self.task == "translate" else ()

    @property
    def target_names(self) -> tuple[str, ...]:
        """What is said."""
        return self.dataset.target_names

    @property
    def input_size(self) -> int:
        """Channels the model reads per step."""
        return len(self.feature_names)

    @property
    def known_size(self) -> int:
        """Channels of ``future``: 1 for translate, else 0."""
        return len(self.known_names)

    @property
    def target_size(self) -> int:
        """Channels of ``y``: 1 for classes, else the number of targets."""
        return 1 if self.classes else len(self.target_names)

    @property
    def output_size(self) -> int:
        """Numbers the network gives per step: one logit for two classes of whole sequences, else one per class or target."""
        if not self.classes:
            return self.target_size
        return 1 if self.task == "classify" and len(self.classes) == 2 else len(self.classes)

    @property
    def season_length(self) -> int:
        """1: sequences have no season."""
        return 1

    @property
    def missing(self) -> Mapping[str, int]:
        """Nothing: sequences have no gaps."""
        return MappingProxyType({})

    @property
    def window_counts(self) -> dict[str, int]:
        """Part → number of sequences."""
        return {part: len(self._windows[part]) for part in PARTS}

    @property
    def endless(self) -> bool:
        """Whether training can draw new sequences for every epoch."""
        return self.dataset.fresh is not None

    @property
    def joint(self) -> str:
        """What stands between two symbols of an answer when it is read as text: nothing between characters, else a space."""
        return "" if all(len(name) == 1 for name in self.classes[UNKNOWN + 1 :]) else " "

    def windows(self, part: str) -> WindowSet:
        """The sequences of ``"train"``, ``"validation"`` or ``"test"`` as one series of samples.

        ``x`` is (1, sequence, time, feature) and NaN in every feature after a sequence's end; ``y`` is (1, sequence, step, target)
        and NaN where there is no answer; ``future`` is (1, sequence, step, known). ``origins`` are the numbers of the sequences in
        the data set.

        Raises:
            ConfigError: no such part.
        """
        if part not in PARTS:
            raise ConfigError(f"There is no part {part!r}. The parts are: {', '.join(PARTS)}.")
        return self._windows[part]

    def windows_of(self, dataset: Dataset) -> WindowSet:
        """Other sequences of the same kind, turned into numbers in the same way, and never cut.

        Args:
            dataset: such as one of ``dataset.tests_at``, or new sequences.

        Raises:
            DataError: another kind of data set, or a class that was not there.
        """
        if type(dataset) is not type(self.dataset) or dataset.task != self.task:
            raise DataError(f"{dataset.label!r} is of another kind than {self.dataset.label!r}. Give sequences of the same task.")
        reading = read_whole(dataset, self.spec.sequence.unit)
        return window_set(reading, self.inputs, self.answers, self.spec, np.arange(len(dataset), dtype=np.int64))

    def fresh_windows(self, seed: int, epoch: int) -> WindowSet:
        """New training sequences for one epoch, as many as the training part has; the same for the same seed and epoch.

        Raises:
            ConfigError: the data set cannot make new sequences.
        """
        if self.dataset.fresh is None:
            raise ConfigError(f"{self.dataset.label!r} cannot make new sequences. Train on its training part.")
        return self.windows_of(self.dataset.fresh(np.random.default_rng([seed, epoch]), self.window_counts["train"]))

    def step_labels(self, part: str, sample: int) -> tuple[str, ...]:
        """What stands at each step that is read: the words as they were written, or the numbers of the steps from 1."""
        steps = self._reading.steps[self._number(part, sample)]
        return tuple(steps) if isinstance(self.dataset, TokenDataset) else tuple(str(step + 1) for step in range(len(steps)))

    def target_symbols(self, part: str, sample: int) -> Tokens:
        """translate: the symbols that are to be written, whole and as they were given."""
        if not isinstance(self.dataset, TokenDataset):
            raise DataError(f"{self.dataset.label!r} writes nothing: its task is {self.task!r}. Only translations have targets to write.")
        return self.dataset.targets_by(self.spec.sequence.unit)[self._number(part, sample)]

    def to_data_units(self, scaled: npt.ArrayLike, series: npt.ArrayLike | None = None) -> npt.NDArray[np.float64]:  # noqa: ARG002
        """Undoes the scaling of numbers.

        Args:
            scaled: (…, target) on the model's scale.
            series: not looked at: there is one series.

        Returns:
            (…, target) in the data's own units.
        """
        values = np.asarray(scaled, dtype=np.float64)
        return values if self.answers.scaler is None else self.answers.scaler.inverse(values)

    def _number(self, part: str, sample: int) -> int:
        windows = self.windows(part)
        return int(windows.origins[windows.locate([sample])[1][0]])


def prepare_sequences(dataset: Dataset, spec: RunSpec) -> PreparedSequences:
    """Splits, cuts, scales and numbers sequences or texts as a spec asks.

    Vocabulary, scales and class counts come from the training part only. A teaching task that makes new sequences keeps its own
    numbers and lengths, so that its loss can be held against the known one.

    Raises:
        ConfigError: choices that contradict each other or the data set.
        DataError: the data cannot be used as asked; says with numbers what would work.

    Example:
        >>> texts = tuple(f"{word} film number {number}" for number in range(10) for word in ("good", "bad"))
        >>> data = TokenDataset(label="Demo", task="classify", texts=texts, labels=("yes", "no") * 10)
        >>> prepared = prepare_sequences(data, RunSpec(dataset="demo"))
        >>> prepared.windows("train").x.shape, prepared.window_counts, prepared.vocabulary[:4]
        ((1, 14, 4, 1), {'train': 14, 'validation': 3, 'test': 3}, ('', '<unknown>', 'film', 'number'))
    """
    whole = read_whole(dataset, spec.sequence.unit)
    reading = read_cut(whole, dataset, spec.sequence.longest)
    kept = np.arange(len(dataset), dtype=np.int64)
    if dataset.fresh is not None and dataset.parts:  # any other split would test on what training makes anew
        spec = spec.replace(split=dataclasses.replace(spec.split, method="published"))
    if isinstance(dataset, TokenDataset) and dataset.fresh is None:  # a teaching task has few different sequences, and says them often
        kept = without_copies(dataset.tokens_by(dataset.unit), dataset.parts if spec.split.method == "published" else ())
    strata = [str(name) for name in dataset.labels] if dataset.task == "classify" else []
    numbers = dict(split_sequences(kept, spec.split, strata=strata, groups=dataset.groups, parts=dataset.parts))
    parts = {part: reading.chosen(chosen) for part, chosen in numbers.items()}
    minimum = spec.sequence.minimum_count if reading.unit == "word" else 1
    answers = fit_answers(dataset, parts["train"].labels, minimum_count=minimum, scaling=_scaling(dataset, spec))
    counts = {part: answers.counts(chosen.labels) for part, chosen in parts.items()}
    _check_classes(dataset, answers.classes, counts["train"])
    inputs = _inputs(dataset, spec, parts["train"])
    shared = reading.chosen(kept)
    return PreparedSequences(
        dataset=dataset,
        spec=spec,
        inputs=inputs,
        answers=answers,
        numbers=MappingProxyType(numbers),
        class_counts=counts["train"],
        notes=preparation_notes(dataset, spec, whole.chosen(kept), inputs, counts, parts["test"]),
        _windows=MappingProxyType(
            {part: window_set(chosen, inputs, answers, spec, numbers[part], shared) for part, chosen in parts.items()}
        ),
        _reading=reading,
    )


def _scaling(dataset: Dataset, spec: RunSpec) -> str:
    return "none" if dataset.fresh is not None else spec.data.scaling


def _inputs(dataset: Dataset, spec: RunSpec, training: Reading) -> NumberInput | TokenInputs:
    if isinstance(dataset, TokenDataset):
        return fit_tokens(training.steps, spec, training.unit, as_given=as_given(dataset))
    return fit_numbers(training.steps, dataset.feature_names, _scaling(dataset, spec))


def _check_classes(dataset: Dataset, classes: tuple[str, ...], counts: tuple[int, ...]) -> None:
    held = [name for name, count in zip(classes, counts, strict=True) if count]
    if classes and len(held) < 2:
        raise DataError(
            f"The training part of {dataset.label!r} holds {'one class only, ' + repr(held[0]) if held else 'no class'}, so there is "
            "nothing to tell apart. Give sequences of at least two classes, or choose another split."
        )
