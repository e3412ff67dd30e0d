"""The copy task: ten symbols, a long pause, and then the same ten symbols from memory."""

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.teaching import Drawn, Task, named, one_hot, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = ["COPIED", "SYMBOLS", "CopyOptions", "copy_memory", "draw_copy", "memoryless_loss"]

SYMBOLS = 8
COPIED = 10
BLANK, DELIMITER = SYMBOLS, SYMBOLS + 1
NAMES = (*"ABCDEFGH", "blank", "delimiter")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOptions(Config):
    """How the copy task is made. A sequence has ``length + 20`` steps."""

    length: int = number_field(
        100, "Pause (steps)", "Blanks between the symbols and their recall: what the memory has to bridge.", 1, 2_000, 10
    )
    sequences: int = number_field(1_600, "Training sequences per epoch", "Every epoch draws as many new ones.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other symbols.", 0, 2**31 - 1, 1)


def memoryless_loss(length: int) -> float:
    """Cross-entropy per step of a predictor that knows when to recall, but no symbol: ``10 · ln 8 / (length + 20)``.

    Example:
        >>> round(memoryless_loss(100), 4)
        0.1733
    """
    return COPIED * math.log(SYMBOLS) / (length + 2 * COPIED)


def draw_copy(random: np.random.Generator, count: int, length: int) -> Drawn:
    """Ten symbols of eight, ``length - 1`` blanks, a delimiter, ten blanks; to be said: blanks, and the symbols in the last ten steps.

    After Hochreiter & Schmidhuber (1997), in the form of Arjovsky, Shah & Bengio (2016), arXiv 1511.06464, section 4.1.

    Returns:
        Sequences (sequence, length + 20, 10), one-hot. Labels: a name per step each.

    Example:
        >>> drawn = draw_copy(np.random.default_rng(0), 1, 3)
        >>> "".join(NAMES[number][0] for number in drawn.sequences[0].argmax(axis=1)), "".join(name[0] for name in drawn.labels[0])
        ('GFECCAAABGbbdbbbbbbbbbb', 'bbbbbbbbbbbbbGFECCAAABG')
    """
    symbols = random.integers(0, SYMBOLS, (count, COPIED))
    shown = np.full((count, length + 2 * COPIED), BLANK)
    said = shown.copy()
    shown[:, :COPIED] = said[:, -COPIED:] = symbols
    shown[:, COPIED + length - 1] = DELIMITER
    return Drawn(sequences=one_hot(shown, SYMBOLS + 2), labels=named(said, NAMES))


def copy_memory(entry: "DatasetEntry", options: CopyOptions) -> "SequenceDataset":
    """The copy task as a data set."""
    length = options.length
    trivial = memoryless_loss(length)
    task = Task(
        kind="tag",
        draw=partial(draw_copy, length=length),
        feature_names=NAMES,
        target_names=("symbol",),
        trivial=trivial,
        solved=trivial / 10.0,
        train=options.sequences,
        validation=200,
        test=200,
        longer={many * length: (partial(draw_copy, length=many * length), 50) for many in (1, 2, 4)},
        notes=(
            (
                f"Sequences of {length + 2 * COPIED:,} steps: {COPIED} symbols of {SYMBOLS}, a pause of {length:,} steps that ends with a "
                f"delimiter, and {COPIED} steps in which the symbols are to be said again; before, the answer is a blank."
            ),
            f"Knowing when to recall but no symbol leaves a cross-entropy of 10 · ln 8 / {length + 2 * COPIED:,} = {trivial:.4f} per step.",
            "A sequence counts as right when every step is.",
        ),
    )
    return teaching_dataset(entry, task, options.seed)
