"""Temporal order: two symbols that matter in a long row of others, and only their order tells the class."""

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.teaching import Drawn, Task, one_hot, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = ["CLASSES", "TRIVIAL", "TemporalOrderOptions", "draw_temporal_order", "temporal_order"]

SYMBOLS = ("E", "B", "a", "b", "c", "d", "X", "Y")
START, STOP, FIRST_OTHER, OTHERS, X = 0, 1, 2, 4, 6

CLASSES = ("X then X", "X then Y", "Y then X", "Y then Y")

TRIVIAL = math.log(4.0)
"""Cross-entropy of giving each of the four classes a quarter."""

SOLVED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalOrderOptions(Config):
    """How the temporal order task is made."""

    length: int = number_field(
        100, "Length (steps)", "Sequences are up to a tenth longer. The two symbols stand near a tenth and half of it.", 20, 2_000, 10
    )
    sequences: int = number_field(1_600, "Training sequences per epoch", "Every epoch draws as many new ones.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other sequences.", 0, 2**31 - 1, 1)


def draw_temporal_order(random: np.random.Generator, count: int, length: int) -> Drawn:
    """Rows of a, b, c and d between E and B, with X or Y at two random places; the class is which came first and which second.

    After Hochreiter & Schmidhuber (1997), Neural Computation 9, 1735-1780, experiment 6a. With their length of 100 a row has 100 to
    110 symbols, the first place is drawn from steps 10 to 20 and the second from 50 to 60; other lengths are scaled.

    Returns:
        Sequences (time, 8), one-hot, of unequal lengths. Labels: one of :data:`CLASSES` each.

    Example:
        >>> drawn = draw_temporal_order(np.random.default_rng(0), 1, 20)
        >>> "".join(SYMBOLS[number] for number in drawn.sequences[0].argmax(axis=1)), drawn.labels[0]
        ('EbaYaadcdccYccccdbdcaB', 'Y then Y')
    """
    lengths = random.integers(length, length + length // 10 + 1, count)
    places = [random.integers(low, low + length // 10 + 1, count) for low in (length // 10, length // 2)]
    shown = random.integers(FIRST_OTHER, FIRST_OTHER + OTHERS, (count, length + length // 10))
    which = random.integers(0, 2, (2, count))
    rows = np.arange(count)
    shown[:, 0] = START
    shown[rows, lengths - 1] = STOP
    for place, second in zip(places, which, strict=True):
        shown[rows, place] = X + second
    symbols = one_hot(shown, len(SYMBOLS))
    return Drawn(
        sequences=[row[:end] for row, end in zip(symbols, lengths.tolist(), strict=True)],
        labels=tuple(CLASSES[number] for number in (2 * which[0] + which[1]).tolist()),
    )


def temporal_order(entry: "DatasetEntry", options: TemporalOrderOptions) -> "SequenceDataset":
    """The temporal order task as a data set."""
    length = options.length
    task = Task(
        kind="classify",
        draw=partial(draw_temporal_order, length=length),
        feature_names=SYMBOLS,
        target_names=("order",),
        trivial=TRIVIAL,
        solved=SOLVED,
        train=options.sequences,
        validation=400,
        test=400,
        longer={many * length: (partial(draw_temporal_order, length=many * length), 200) for many in (1, 2, 4)},
        notes=(
            (
                f"Sequences of {length:,} to {length + length // 10:,} symbols. X or Y stands once near step {length // 10:,} and once "
                f"near step {length // 2:,}; all between is noise. The class is what came first and what came second."
            ),
            (
                "Guessing leaves a cross-entropy of ln 4 = 1.386. Knowing which symbols there are, but not in which order, is right in "
                "75 % of cases: X then Y and Y then X are left to luck."
            ),
        ),
    )
    return teaching_dataset(entry, task, options.seed)
