"""How a forecast lies between a simple path that was known already and the truth."""

from dataclasses import dataclass

from seqlab.evaluation.shift_profile import FEWEST

__all__ = ["NEAR", "SKILL", "CopyMeasure"]

NEAR = 0.5
"""A copy lies at most half as far from what it copies as from the truth, and departs from it at most half as far as the truth does."""
SKILL = 0.05
"""An error this much below the copied path's own is no copy any more: the small departures are worth something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMeasure:
    r"""How a forecast ŷ lies between a simple path r, such as the last value, and the truth y. Means run over the pairs with a y.

    Args:
        kind: ``last``, the last value known at the origin, or ``seasonal``, the newest known value of the same phase.
        away: mean \|ŷ - r\|, how far the forecast departs from the path.
        error: mean \|ŷ - y\|, the forecast's own error.
        move: mean \|y - r\|, how far the truth departs from the path: the error of the path as a forecast.
        explained: 1 - Σ(y - ŷ)² / Σ(y - r)², the share of the departure's variance that the forecast explains; 0 for the path itself.
        pairs: values that were observed.
    """

    kind: str
    away: float
    error: float
    move: float
    explained: float
    pairs: int

    @property
    def skill(self) -> float:
        """Share of the path's error that the forecast saves: 1 - error / move; NaN if the path makes no error."""
        return 1 - self.error / self.move if self.move > 0 else float("nan")

    @property
    def copies(self) -> bool:
        """Whether the forecast is this path and little else: near to it, far from the truth, and hardly better than it."""
        if self.pairs < FEWEST or not self.move > 0:
            return False
        return self.away <= NEAR * min(self.error, self.move) and self.skill < SKILL and self.explained < 2 * SKILL
