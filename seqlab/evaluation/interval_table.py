"""INTERVAL_METHODS: the one table of ways to draw a band around forecasts. Describing one costs no heavy import."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seqlab.errors import UnknownKeyError
from seqlab.evaluation.conformal import ErrorHistory, Reach, adaptive_reach, rolling_reach, split_reach

__all__ = ["DEFAULT_METHOD", "INTERVAL_METHODS", "IntervalMethod", "interval_method"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalMethod:
    """A way to draw a band.

    Args:
        key: key in :data:`INTERVAL_METHODS`.
        label: name on the screen.
        sentence: how the band is made, for somebody who has read nothing.
        reach: how far it reaches; ``None`` for the model's own.
    """

    key: str
    label: str
    sentence: str
    reach: Callable[[ErrorHistory, float], Reach] | None


_METHODS = (
    IntervalMethod(
        key="adaptive",
        label="Adaptive",
        sentence=(
            "Reaches as far as held the wanted share of the newest errors known at each starting point, and corrects itself: each time a "
            "value falls outside, the band becomes wider, each time one falls inside a little narrower. So its coverage comes out near the "
            "level almost by construction; how wide it had to be for that tells the models apart."
        ),
        reach=adaptive_reach,
    ),
    IntervalMethod(
        key="rolling",
        label="Rolling",
        sentence=(
            "Reaches as far as held the wanted share of the newest errors known at each starting point: at first those of the validation "
            "part, then more and more of the test part, never one whose value lies ahead."
        ),
        reach=rolling_reach,
    ),
    IntervalMethod(
        key="split",
        label="Split",
        sentence=(
            "Reaches as far as held the wanted share of the errors on the validation part, for each number of steps ahead by itself. "
            "Nothing is learnt from the test part, so it fails where the series changes."
        ),
        reach=split_reach,
    ),
    IntervalMethod(
        key="normal",
        label="The model's own",
        sentence=(
            "What the model itself says about its errors, taken as normally distributed. Only statistical models with such a formula have "
            "one, and it is wrong, mostly too narrow, where their assumptions do not hold."
        ),
        reach=None,
    ),
)

INTERVAL_METHODS: Mapping[str, IntervalMethod] = MappingProxyType({entry.key: entry for entry in _METHODS})

DEFAULT_METHOD = "adaptive"
"""The one that keeps its promise where a series changes; ``python -m benchmarks.interval_coverage`` measures it."""


def interval_method(method: str) -> IntervalMethod:
    """The entry of one method.

    Raises:
        UnknownKeyError: there is no such method.

    Example:
        >>> interval_method("split").label
        'Split'
    """
    if method not in INTERVAL_METHODS:
        raise UnknownKeyError.of("interval method", method, list(INTERVAL_METHODS))
    return INTERVAL_METHODS[method]
