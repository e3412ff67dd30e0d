"""How far a band must reach so that it would have held a share of earlier errors: conformal prediction, one series of errors at a time.

An error may be used from the first origin on that lies behind its target: ``known`` is the row from which on it is known.
Nothing here looks at a forecast or a value; what comes in are errors of one target at one number of steps ahead.

Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World; Gibbs & Candès (2021), Adaptive Conformal
Inference Under Distribution Shift.
"""

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["ErrorHistory", "Reach", "adaptive_reach", "fewest_errors", "newest_quantiles", "rank_of", "rolling_reach", "split_reach"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RATE = 0.02
"""How far the adaptive method moves after every band; a fifth of what is allowed outside if that is less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorHistory:
    """Errors of one target at one step ahead.

    Args:
        calibration: (n,) value minus forecast before the test part, in the order in which they became known; no NaN.
        calibration_known: (n,) the first origin that may use each.
        test: (origin,) the same in the test part; NaN where nothing was observed.
        test_known: (origin,) ascending.
        origins: (origin,) ascending rows of the first forecast steps.
    """

    calibration: Floats
    calibration_known: Integers
    test: Floats
    test_known: Integers
    origins: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the band reaches to both sides.

    Args:
        values: (origin,) NaN where too few errors were known.
        capped: at how many origins it should have been wider than any error known.
    """

    values: Floats
    capped: int = 0


def rank_of(count: int, level: float) -> int:
    """⌈(n + 1) · level⌉: which of n ascending errors holds a new one with at least that probability, if all are exchangeable.

    Returns:
        From 1; n + 1 if n errors are too few.

    Example:
        >>> rank_of(9, 0.9), rank_of(8, 0.9), rank_of(99, 0.9)
        (9, 9, 90)
    """
    return math.ceil(round((count + 1) * level, 9))  # rounded: 0.07 · 100 is a little above 7


def fewest_errors(level: float) -> int:
    """The smallest number of errors whose largest is enough for a level.

    Example:
        >>> fewest_errors(0.5), fewest_errors(0.9), fewest_errors(0.95), fewest_errors(0.99)
        (1, 9, 19, 99)
    """
    return math.ceil(round(level / (1 - level), 9))


def split_reach(history: ErrorHistory, level: float) -> Reach:
    """The same reach at every origin: the ⌈(n + 1) · level⌉-th smallest absolute calibration error (split conformal)."""
    count = history.calibration.size
    rank = rank_of(count, level)
    reach = float(np.sort(np.abs(history.calibration))[rank - 1]) if rank <= count else float("nan")
    return Reach(values=np.full(history.origins.size, reach))


def rolling_reach(history: ErrorHistory, level: float) -> Reach:
    """The same from the newest errors known at every origin, as many as there are calibration errors."""
    return _follow(history, level, rate=0.0)


def adaptive_reach(history: ErrorHistory, level: float) -> Reach:
    """The same, and the level asked for moves after every band whose value became known: up after a miss, down after a hit.

    α ← α + γ (1 − level − missed), from α = 1 − level (Gibbs & Candès 2021, equation 2), where a value becomes known some steps
    after its band was drawn. If the level asked for passes 100 %, the band should be endless; the largest error known is taken.
    """
    return _follow(history, level, rate=min(RATE, (1 - level) / 5))


def _follow(history: ErrorHistory, level: float, rate: float) -> Reach:
    reach = np.full(history.origins.size, np.nan)
    absolute = np.abs(history.test)
    outside = 1 - level
    capped = 0
    fewest = fewest_errors(level)
    for origin, errors, arrived in _newest(history, np.abs(history.calibration), absolute):
        for one in arrived if rate else ():
            if not np.isnan(reach[one]):
                outside += rate * (1 - level - float(absolute[one] > reach[one]))
        if len(errors) < fewest:
            continue
        rank = rank_of(len(errors), 1 - outside)
        capped += rank > len(errors)
        reach[origin] = errors[min(max(rank, 1), len(errors)) - 1]
    return Reach(values=reach, capped=capped)


def newest_quantiles(history: ErrorHistory, levels: Sequence[float], *, rolling: bool) -> Floats:
    """Quantiles of the signed errors: at position (n + 1) · level of the sorted errors, between two of them on a straight line.

    Args:
        history: the errors.
        levels: of the quantiles.
        rolling: from the newest errors known at every origin; else from the calibration errors alone.

    Returns:
        (origin, level); NaN where a level lies beyond the errors there are.
    """
    found = np.full((history.origins.size, len(levels)), np.nan)
    if not rolling:
        found[:] = _quantiles(sorted(history.calibration.tolist()), levels)
        return found
    for origin, errors, _ in _newest(history, history.calibration, history.test):
        found[origin] = _quantiles(errors, levels)
    return found


def _quantiles(errors: list[float], levels: Sequence[float]) -> list[float]:
    found = []
    for level in levels:
        position = round((len(errors) + 1) * level, 9) - 1
        if not 0 <= position <= len(errors) - 1:
            found.append(float("nan"))
            continue
        below = math.floor(position)
        above = min(below + 1, len(errors) - 1)
        found.append(errors[below] + (position - below) * (errors[above] - errors[below]))
    return found


def _newest(history: ErrorHistory, calibration: Floats, test: Floats) -> Iterator[tuple[int, list[float], list[int]]]:
    """For every origin its number, the newest errors known there, sorted, and the origins whose errors became known since the last.

    Args:
        history: when errors become known.
        calibration: (n,) the calibration errors, signed or absolute.
        test: (origin,) the test errors, signed or absolute; NaN where nothing was observed.

    Yields:
        The list of errors changes with the next step.
    """
    size = calibration.size
    pool = [(int(known), -1, float(value)) for known, value in zip(history.calibration_known, calibration, strict=True)]
    pool += [
        (int(known), number, float(value))
        for number, (known, value) in enumerate(zip(history.test_known, test, strict=True))
        if not np.isnan(value)
    ]
    pool.sort(key=lambda one: one[0])
    ordered: list[float] = []
    ages: deque[float] = deque()
    place = 0
    for number, origin in enumerate(history.origins.tolist()):
        arrived = []
        while place < len(pool) and pool[place][0] <= origin:
            _, which, value = pool[place]
            place += 1
            insort(ordered, value)
            ages.append(value)
            if len(ages) > size:
                del ordered[bisect_left(ordered, ages.popleft())]
            if which >= 0:
                arrived.append(which)
        yield number, ordered, arrived
