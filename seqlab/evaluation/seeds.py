"""One network trained with several seeds: how much of its lead is the luck of a seed?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

__all__ = ["SeedSpread", "seed_spread"]

LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSpread:
    """An error of one network over seeds.

    Args:
        values: (seed,) the error of each.
        reference: the error to beat; NaN if there is none.
        mean: over seeds.
        deviation: sample standard deviation; NaN with one seed.
        low, high: 95 % t interval of the mean, n − 1 degrees of freedom; NaN with one seed.
        better: how many seeds are below the reference.
        reason: why the spread cannot be computed; empty if it can.
    """

    values: tuple[float, ...]
    reference: float
    mean: float
    deviation: float
    low: float
    high: float
    better: int
    reason: str = ""

    @property
    def clear(self) -> bool:
        """Whether the gap to the reference is larger than the spread over seeds: all are on one side of it, and so is the interval."""
        count = len(self.values)
        return (self.better == count and self.high < self.reference) or (self.better == 0 and self.low > self.reference)

    @property
    def sentence(self) -> str:
        """What the seeds say about the gap to the reference."""
        count = len(self.values)
        if self.reason:
            return self.reason
        if math.isnan(self.reference):
            return "There is no reference to compare the seeds with."
        counted = f"{self.better:,} of {count:,} seeds beat the reference" if 0 < self.better < count else ""
        every, none = ("Both", "Neither of 2") if count == 2 else (f"All {count:,}", f"None of {count:,}")
        counted = counted or (f"{every} seeds beat the reference" if self.better else f"{none} seeds beats the reference")
        if self.clear:
            return f"{counted}, and the gap is larger than what a seed changes."
        return f"{counted}, but the gap is no larger than what a seed can change."


def seed_spread(values: Sequence[float], reference: float = math.nan) -> SeedSpread:
    """Mean and spread of an error over seeds, beside the error to beat.

    Args:
        values: one error per seed, all of the same network and the same forecasts; smaller is better.
        reference: the error to beat.

    Example:
        >>> spread = seed_spread([1.0, 1.2, 1.1], reference=2.0)
        >>> round(spread.mean, 2), round(spread.deviation, 2), spread.sentence
        (1.1, 0.1, 'All 3 seeds beat the reference, and the gap is larger than what a seed changes.')
    """
    errors = np.asarray([value for value in values if math.isfinite(value)], dtype=np.float64)
    count = errors.size
    reason = ""
    if count < len(values):
        reason = f"The error of {len(values) - count:,} of {len(values):,} seeds cannot be computed."
    elif count < 2:
        reason = f"{'One seed has' if count else 'No seed has'} been judged; a spread needs at least two."
    mean = float(errors.mean()) if count and not reason.startswith("The error") else math.nan
    if reason:
        return SeedSpread(
            values=tuple(values), reference=reference, mean=mean, deviation=math.nan, low=math.nan, high=math.nan, better=0, reason=reason
        )
    deviation = float(errors.std(ddof=1))
    half = float(stats.t.ppf((1 + LEVEL) / 2, count - 1)) * deviation / math.sqrt(count)
    better = int((errors < reference).sum())
    return SeedSpread(
        values=tuple(values), reference=reference, mean=mean, deviation=deviation, low=mean - half, high=mean + half, better=better
    )
