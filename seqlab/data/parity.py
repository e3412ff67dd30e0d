"""Parity: is the number of ones read so far odd? Every one turns the answer over."""

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.teaching import Drawn, Task, named, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = ["CLASSES", "TRIVIAL", "ParityOptions", "draw_parity", "parity"]

CLASSES = ("even", "odd")

TRIVIAL = math.log(2.0)
"""Cross-entropy of giving both answers one half."""

SOLVED = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityOptions(Config):
    """How the parity task is made."""

    length: int = number_field(20, "Length (steps)", "Bits of a sequence. The longer, the harder the start.", 2, 1_000, 10)
    sequences: int = number_field(3_200, "Training sequences per epoch", "Every epoch draws as many new ones.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other bits.", 0, 2**31 - 1, 1)


def draw_parity(random: np.random.Generator, count: int, length: int) -> Drawn:
    """Random bits; to be said at each step: whether the ones so far are even or odd in number (a running exclusive or).

    Returns:
        Sequences (sequence, length, 1) of 0 and 1. Labels: ``even`` or ``odd`` per step each.

    Example:
        >>> drawn = draw_parity(np.random.default_rng(0), 1, 5)
        >>> drawn.sequences[0][:, 0].tolist(), drawn.labels[0]
        ([1.0, 1.0, 1.0, 0.0, 0.0], ('odd', 'even', 'odd', 'odd', 'odd'))
    """
    bits = random.integers(0, 2, (count, length))
    return Drawn(sequences=bits[:, :, None].astype(np.float32), labels=named(bits.cumsum(axis=1) % 2, CLASSES))


def parity(entry: "DatasetEntry", options: ParityOptions) -> "SequenceDataset":
    """The parity task as a data set."""
    length = options.length
    task = Task(
        kind="tag",
        draw=partial(draw_parity, length=length),
        feature_names=("bit",),
        target_names=("parity",),
        trivial=TRIVIAL,
        solved=SOLVED,
        train=options.sequences,
        validation=400,
        test=400,
        longer={many * length: (partial(draw_parity, length=many * length), 100) for many in (1, 2, 5, 10)},
        notes=(
            f"Sequences of {length:,} random bits. The answer at each step is whether the ones so far are even or odd in number.",
            (
                "Guessing leaves a cross-entropy of ln 2 = 0.693. Every single bit turns all later answers over, so nothing can be "
                "forgotten and no part of the answer comes first."
            ),
            "A sequence counts as right when every step is.",
        ),
    )
    return teaching_dataset(entry, task, options.seed)
