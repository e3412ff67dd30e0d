"""Three-bit flip-flop: pulses set three switches, and each has to be held until its next pulse."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.teaching import Drawn, Task, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = ["BITS", "TOLERANCE", "FlipFlopOptions", "draw_flip_flop", "flip_flop", "memoryless_loss"]

BITS = 3

TOLERANCE = 1.0
"""A step counts as right when all three numbers are off by less: then each has the right sign."""

SOLVED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipFlopOptions(Config):
    """How the flip-flop task is made."""

    length: int = number_field(60, "Length (steps)", "Steps of a sequence.", 2, 2_000, 10)
    pulses: float = number_field(
        0.1, "Chance of a pulse", "For each of the three inputs at each step. Rarer pulses have to be held longer.", 0.01, 0.9, 0.01
    )
    sequences: int = number_field(1_600, "Training sequences per epoch", "Every epoch draws as many new ones.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other pulses.", 0, 2**31 - 1, 1)


def memoryless_loss(length: int, pulses: float) -> float:
    """Mean squared error of saying a pulse while it is there, and else 0: every step without a pulse costs 1.

    All three inputs have a pulse in the first step, so that there is always something to hold.

    Example:
        >>> round(memoryless_loss(10, 0.1), 3)
        0.81
    """
    return (1.0 - pulses) * (length - 1) / length


def draw_flip_flop(random: np.random.Generator, count: int, length: int, pulses: float) -> Drawn:
    """Pulses of 1 or -1 on three inputs; to be said at each step: the latest pulse of each.

    After Sussillo & Barak (2013), Neural Computation 25, 626-649, section 3.

    Returns:
        Sequences (sequence, length, 3): the pulses, 0 where there is none. Labels: (length, 3) each.

    Example:
        >>> drawn = draw_flip_flop(np.random.default_rng(6), 1, 5, 0.5)
        >>> drawn.sequences[0][:, 0].tolist(), drawn.labels[0][:, 0].tolist()
        ([1.0, -1.0, 0.0, -1.0, 1.0], [1.0, -1.0, -1.0, -1.0, 1.0])
    """
    shape = (count, length, BITS)
    there = random.random(shape) < pulses
    there[:, 0] = True
    x = np.where(there, 2.0 * random.integers(0, 2, shape) - 1.0, 0.0).astype(np.float32)
    latest = np.maximum.accumulate(np.where(there, np.arange(length)[:, None], 0), axis=1)
    return Drawn(sequences=x, labels=tuple(np.take_along_axis(x, latest, axis=1)))


def flip_flop(entry: "DatasetEntry", options: FlipFlopOptions) -> "SequenceDataset":
    """The flip-flop task as a data set."""
    length, pulses = options.length, options.pulses
    trivial = memoryless_loss(length, pulses)
    task = Task(
        kind="regress_steps",
        draw=partial(draw_flip_flop, length=length, pulses=pulses),
        feature_names=tuple(f"pulse {bit + 1}" for bit in range(BITS)),
        target_names=tuple(f"bit {bit + 1}" for bit in range(BITS)),
        trivial=trivial,
        solved=SOLVED,
        train=options.sequences,
        validation=200,
        test=200,
        longer={many * length: (partial(draw_flip_flop, length=many * length, pulses=pulses), 50) for many in (1, 2, 4, 8)},
        notes=(
            (
                f"Sequences of {length:,} steps. Each of three inputs has a pulse of 1 or -1 with the chance {pulses:g} at each step, "
                "and one in the first. The answer is the latest pulse of each, at every step."
            ),
            f"Knowing only the pulses of the step itself leaves a mean squared error of {trivial:.3g}; always saying 0 leaves 1.",
            "A sequence counts as right when all three numbers have the right sign at every step.",
        ),
    )
    return teaching_dataset(entry, task, options.seed)
