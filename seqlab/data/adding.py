"""The adding problem: two marked numbers in a long sequence, and their sum at its end."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.teaching import Drawn, Task, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = ["TOLERANCE", "TRIVIAL", "AddingOptions", "adding", "draw_adding"]

TRIVIAL = 1.0 / 6.0
"""Mean squared error of always answering 1: the variance of the sum of two independent numbers from 0 to 1."""

SOLVED = 0.01

TOLERANCE = 0.08
"""A sum counts as right when it is off by less: the 0.04 of Hochreiter & Schmidhuber (1997), who ask for half the sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddingOptions(Config):
    """How the adding problem is made."""

    length: int = number_field(
        100, "Length (steps)", "Steps of a sequence. The first marked number has to be kept for about half of them.", 4, 2_000, 10
    )
    sequences: int = number_field(3_200, "Training sequences per epoch", "Every epoch draws as many new ones.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other sequences.", 0, 2**31 - 1, 1)


def draw_adding(random: np.random.Generator, count: int, length: int) -> Drawn:
    """Sequences of numbers from 0 to 1 with one mark in each half; the answer is the sum of the two marked numbers.

    After Hochreiter & Schmidhuber (1997), Neural Computation 9, 1735-1780, experiment 4, in the form that Le, Jaitly & Hinton
    (2015), arXiv 1504.00941, gave it.

    Returns:
        Sequences (sequence, length, 2): the numbers, and a mark that is 1 at two steps and 0 elsewhere. Labels: (1,) each.

    Example:
        >>> drawn = draw_adding(np.random.default_rng(0), 1, 6)
        >>> marked = drawn.sequences[0][:, 1] == 1
        >>> bool(drawn.labels[0] == drawn.sequences[0][marked, 0].sum())
        True
    """
    half = length // 2
    x = np.zeros((count, length, 2), dtype=np.float32)
    x[:, :, 0] = random.random((count, length), dtype=np.float32)
    rows = np.arange(count)
    x[rows, random.integers(0, half, count), 1] = 1.0
    x[rows, random.integers(half, length, count), 1] = 1.0
    return Drawn(sequences=x, labels=tuple(x.prod(axis=2).sum(axis=1, keepdims=True)))


def adding(entry: "DatasetEntry", options: AddingOptions) -> "SequenceDataset":
    """The adding problem as a data set."""
    length = options.length
    task = Task(
        kind="regress",
        draw=partial(draw_adding, length=length),
        feature_names=("number", "mark"),
        target_names=("sum",),
        trivial=TRIVIAL,
        solved=SOLVED,
        train=options.sequences,
        validation=500,
        test=500,
        longer={many * length: (partial(draw_adding, length=many * length), 200) for many in (1, 2, 4, 8)},
        notes=(
            f"Sequences of {length:,} steps. Each step has a number from 0 to 1 and a mark; one step of each half is marked.",
            "Always answering 1 leaves a mean squared error of 1/6 = 0.1667; remembering one of the two numbers leaves 1/12 = 0.0833.",
            f"A sum counts as right when it is off by less than {TOLERANCE:g}.",
        ),
    )
    return teaching_dataset(entry, task, options.seed)
