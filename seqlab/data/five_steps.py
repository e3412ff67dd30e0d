"""Five steps: the smallest sequence classifier's task. Do five noisy values rise or fall?"""

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

__all__ = ["CLASSES", "TRIVIAL", "FiveStepsOptions", "best_accuracy", "best_loss", "draw_five_steps", "five_steps"]

CLASSES = ("falls", "rises")
STEPS = 5
TIMES = np.arange(STEPS) - (STEPS - 1) / 2.0
SPREAD = float((TIMES**2).sum())

TRIVIAL = math.log(2.0)
"""Binary cross-entropy of giving both classes one half."""

DECIMALS = 6  # as of the other generated data: the same options give the same data on every machine


@dataclass(frozen=True, slots=True, kw_only=True)
class FiveStepsOptions(Config):
    """How the five steps are made."""

    slope: float = number_field(0.3, "Slope (per step)", "How fast the values rise, or fall.", 0.01, 10.0, 0.05)
    noise: float = number_field(0.5, "Noise (standard deviation)", "Random part added to every value.", 0.01, 10.0, 0.05)
    sequences: int = number_field(1_000, "Training sequences per epoch", "Every epoch draws as many new ones.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other sequences.", 0, 2**31 - 1, 1)


def draw_five_steps(random: np.random.Generator, count: int, slope: float, noise: float) -> Drawn:
    """Five values ``±slope · (t - 2) + noise · ε_t``; the class is the sign, and both signs are as likely.

    Returns:
        Sequences (sequence, 5, 1), rounded to six decimals. Labels: ``rises`` or ``falls`` each.

    Example:
        >>> drawn = draw_five_steps(np.random.default_rng(0), 1, 0.5, 0.01)
        >>> drawn.sequences[0][:, 0].round(1).tolist(), drawn.labels
        ([-1.0, -0.5, 0.0, 0.5, 1.0], ('rises',))
    """
    rising = random.integers(0, 2, count)
    values = (2 * rising[:, None] - 1) * slope * TIMES + noise * random.standard_normal((count, STEPS))
    return Drawn(
        sequences=(np.round(values, DECIMALS) + 0.0)[:, :, None].astype(np.float32), labels=tuple(CLASSES[one] for one in rising.tolist())
    )


def best_accuracy(slope: float, noise: float) -> float:
    """Accuracy that no classifier can beat: ``Φ(slope · √10 / noise)``, by the sign of the fitted slope.

    Example:
        >>> round(best_accuracy(0.3, 0.5), 3)
        0.971
    """
    return 0.5 * (1.0 + math.erf(slope * math.sqrt(SPREAD / 2.0) / noise))


def best_loss(slope: float, noise: float) -> float:
    """Binary cross-entropy that no classifier can beat: of the true probability of each class.

    The log-odds of the right class are normal with mean ``m = 2 · 10 · slope² / noise²`` and variance ``2m``; the loss is the mean of
    ``log(1 + exp(-odds))``, here by the trapezoidal rule.

    Example:
        >>> round(best_loss(0.3, 0.5), 3)
        0.076
    """
    mean = 2.0 * SPREAD * (slope / noise) ** 2
    z = np.linspace(-10.0, 10.0, 4001)
    density = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return float((np.logaddexp(0.0, -(mean + math.sqrt(2.0 * mean) * z)) * density).sum() * (z[1] - z[0]))


def five_steps(entry: "DatasetEntry", options: FiveStepsOptions) -> "SequenceDataset":
    """The five steps as a data set."""
    slope, noise = options.slope, options.noise
    best, floor = best_accuracy(slope, noise), best_loss(slope, noise)
    task = Task(
        kind="classify",
        draw=partial(draw_five_steps, slope=slope, noise=noise),
        feature_names=("value",),
        target_names=("direction",),
        trivial=TRIVIAL,
        solved=floor + 0.2 * (TRIVIAL - floor),
        train=options.sequences,
        validation=500,
        test=500,
        longer={},
        notes=(
            f"Five values that rise or fall by {slope:g} per step, with normal noise of standard deviation {noise:g}.",
            (
                f"Guessing leaves a cross-entropy of ln 2 = 0.693. No classifier is right more often than {100 * best:.1f} %, or has a "
                f"cross-entropy below {floor:.3f}, in the long run."
            ),
        ),
    )
    return teaching_dataset(entry, task, options.seed)
