"""A square that moves: short films of 8 by 8 points, and the class is the direction."""

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.teaching import Drawn, Task, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = ["DIRECTIONS", "SIDE", "TRIVIAL", "MovingSquareOptions", "draw_moving_square", "moving_square"]

SIDE = 8
DIRECTIONS = {"down": (1, 0), "left": (0, -1), "right": (0, 1), "up": (-1, 0)}
"""Class → rows and columns moved per frame."""

TRIVIAL = math.log(4.0)
"""Cross-entropy of giving each of the four directions a quarter."""

SOLVED = 0.1

DECIMALS = 6  # as of the other generated data: the same options give the same data on every machine


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingSquareOptions(Config):
    """How the films are made."""

    length: int = number_field(
        8,
        "Length (frames)",
        "After 8 frames the square is back where it began, so that their sum no longer tells left from right.",
        2,
        100,
        1,
    )
    square: int = number_field(2, "Side of the square (points)", "Of the 8 points of a frame.", 1, 7, 1)
    noise: float = number_field(0.3, "Noise (standard deviation)", "Added to every point; the square is 1 and the rest 0.", 0.0, 5.0, 0.1)
    sequences: int = number_field(800, "Training films per epoch", "Every epoch draws as many new ones.", 10, 20_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other films.", 0, 2**31 - 1, 1)


def draw_moving_square(random: np.random.Generator, count: int, length: int, square: int, noise: float) -> Drawn:
    """Films of a square that moves by one point per frame, and comes back on the other side where it leaves the frame.

    No single frame says anything about the direction: the start is drawn at random, and all places are as likely.

    Returns:
        Sequences (sequence, length, 64): the rows of a frame one after another. Labels: one of :data:`DIRECTIONS` each.

    Example:
        >>> drawn = draw_moving_square(np.random.default_rng(0), 1, 3, 1, 0.0)
        >>> [divmod(int(frame.argmax()), SIDE) for frame in drawn.sequences[0]], drawn.labels
        ([(5, 4), (4, 4), (3, 4)], ('up',))
    """
    names = tuple(DIRECTIONS)
    chosen = random.integers(0, len(names), count)
    start = random.integers(0, SIDE, (count, 2))
    steps = np.array([DIRECTIONS[name] for name in names])[chosen]
    corner = (start[:, None] + steps[:, None] * np.arange(length)[:, None]) % SIDE
    # distance of every row and column below or right of the square's corner, around the edge
    inside = (np.arange(SIDE) - corner[..., None]) % SIDE < square
    frames = (inside[:, :, 0, :, None] & inside[:, :, 1, None, :]).reshape(count, length, SIDE * SIDE)
    values = frames + noise * random.standard_normal(frames.shape)
    return Drawn(sequences=(np.round(values, DECIMALS) + 0.0).astype(np.float32), labels=tuple(names[one] for one in chosen.tolist()))


def moving_square(entry: "DatasetEntry", options: MovingSquareOptions) -> "SequenceDataset":
    """The films as a data set."""
    draw = partial(draw_moving_square, length=options.length, square=options.square, noise=options.noise)
    task = Task(
        kind="classify",
        draw=draw,
        feature_names=tuple(f"row {row + 1}, column {column + 1}" for row in range(SIDE) for column in range(SIDE)),
        target_names=("direction",),
        trivial=TRIVIAL,
        solved=SOLVED,
        train=options.sequences,
        validation=300,
        test=300,
        longer={},
        notes=(
            (
                f"Films of {options.length} frames of {SIDE} × {SIDE} points, each frame a step of {SIDE * SIDE} features. A square of "
                f"{options.square} × {options.square} points moves by one point per frame and comes back on the other side."
            ),
            (
                "Guessing leaves a cross-entropy of ln 4 = 1.386. The sum of a whole film of 8 frames shows the row or column it moved "
                "along, but not which way: 50 % right."
            ),
        ),
    )
    return teaching_dataset(entry, task, options.seed)
