"""Counting: strings aⁿbⁿ and aⁿbⁿcⁿ, of which a network can only know the end if it has counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.data.teaching import Drawn, Task, one_hot, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = ["END", "LENGTHS", "CountingOptions", "counting_ab", "counting_abc", "counting_string", "draw_counting", "memoryless_loss"]

END = "end"
START = "start"

LENGTHS = (50, 75, 100, 150, 200)
"""The n of the test sets beyond the training part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingOptions(Config):
    """How the strings are made."""

    length: int = number_field(
        50, "Largest n in training", "Training shows n from 1 to this; n that end in 3 or 7 are kept for validation and test.", 10, 500, 10
    )
    sequences: int = number_field(640, "Training strings per epoch", "Every epoch draws as many n anew.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed draws the n in another order.", 0, 2**31 - 1, 1)


def counting_string(n: int, symbols: str = "ab") -> tuple[npt.NDArray[np.float32], tuple[str, ...]]:
    """One string, and at each step every symbol that may come next.

    While the first symbol is read, its repetition and the second symbol are both possible; from then on all is determined.
    As in Gers & Schmidhuber (2001), IEEE Trans. Neural Networks 12, 1333-1340, the answer at a step is all that may come next
    and nothing else. So every step has one right answer, none is a guess, and the loss is taken over all of them.

    Returns:
        (1 + len(symbols)·n, 1 + len(symbols)) the start and the symbols, one-hot; and a class name per step.

    Example:
        >>> x, said = counting_string(3)
        >>> x.argmax(axis=1).tolist(), said
        ([0, 1, 1, 1, 2, 2, 2], ('a', 'a or b', 'a or b', 'a or b', 'b', 'b', 'end'))
    """
    first, second, *rest = list(symbols)
    said = [first] + n * [f"{first} or {second}"]
    for symbol, following in zip((second, *rest), (*rest, END), strict=True):
        said += (n - 1) * [symbol] + [following]
    numbers = np.concatenate([[0], np.repeat(np.arange(1, len(symbols) + 1), n)])
    return one_hot(numbers, len(symbols) + 1), tuple(said)


def draw_counting(random: np.random.Generator, count: int, *, among: Sequence[int], symbols: str = "ab") -> Drawn:
    """Strings whose n is drawn from ``among``, each as likely as the other."""
    return _strings(random.choice(np.asarray(among), count).tolist(), symbols)


def memoryless_loss(among: Sequence[int], symbols: str = "ab") -> float:
    """Cross-entropy per step of a predictor that sees the symbol before it and has counted nothing.

    It is sure of what follows the start and a first symbol. After each later symbol it can only know how often that one is the last
    of its kind: once in a string, that is with the probability ``p = 1 / mean(n)``, which costs ``H(p)`` nats.

    Args:
        among: the n of the strings, each as likely as the other.
        symbols: the letters.

    Example:
        >>> round(memoryless_loss(range(1, 51)), 4)
        0.0811
    """
    mean = float(np.mean(among))
    last = 1.0 / mean
    unsure = -last * np.log(last) - (1.0 - last) * np.log1p(-last) if mean > 1.0 else 0.0
    return float((len(symbols) - 1) * mean * unsure / (1.0 + len(symbols) * mean))


def counting_ab(entry: "DatasetEntry", options: CountingOptions) -> "SequenceDataset":
    """Strings aⁿbⁿ as a data set (Gers & Schmidhuber 2001; Weiss, Goldberg & Yahav 2018, arXiv 1805.04908)."""
    return _counting(entry, options, "ab")


def counting_abc(entry: "DatasetEntry", options: CountingOptions) -> "SequenceDataset":
    """Strings aⁿbⁿcⁿ as a data set: two counts at a time."""
    return _counting(entry, options, "abc")


def _counting(entry: "DatasetEntry", options: CountingOptions, symbols: str) -> "SequenceDataset":
    largest = options.length
    validation, test = range(3, largest + 1, 10), range(7, largest + 1, 10)
    train = [n for n in range(1, largest + 1) if n not in validation and n not in test]
    trivial = memoryless_loss(validation, symbols)
    name = "".join(f"{symbol}ⁿ" for symbol in symbols)
    task = Task(
        kind="tag",
        draw=partial(draw_counting, among=train, symbols=symbols),
        feature_names=(START, *symbols),
        target_names=("next",),
        trivial=trivial,
        solved=trivial / 10.0,
        train=options.sequences,
        validation=len(validation),
        test=len(test),
        fixed_validation=_strings(validation, symbols),
        fixed_test=_strings(test, symbols),
        longer={n: (_exactly(n, symbols), 1) for n in LENGTHS},
        notes=(
            f"Strings {name} with n from 1 to {largest}; n = 3, 13, … are the validation part and n = 7, 17, … the test part.",
            (
                "The answer at each step is all that may come next: while a is read, a or b; then only counting tells. A string counts as "
                "right when every step is."
            ),
            f"Counting nothing leaves a cross-entropy of {trivial:.4f} per step in the validation part.",
            "For one n there is one string, so each test beyond the training length is a single string: right or wrong.",
        ),
    )
    return teaching_dataset(entry, task, options.seed)


def _strings(numbers: Sequence[int], symbols: str) -> Drawn:
    made = [counting_string(n, symbols) for n in numbers]
    return Drawn(sequences=[x for x, _ in made], labels=tuple(said for _, said in made))


def _exactly(n: int, symbols: str) -> "partial[Drawn]":
    return partial(draw_counting, among=(n,), symbols=symbols)
