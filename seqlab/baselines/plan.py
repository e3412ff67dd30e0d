"""What a baseline is asked for besides the history: how far it will forecast, and how long its fit may take."""

import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["DEFAULT_PLAN", "SECONDS", "Budget", "FitPlan", "OutOfTimeError"]

SECONDS = 60.0
"""What one fit may take unless somebody says otherwise."""


class OutOfTimeError(Exception):
    """Leaves a fit whose time is up. The method that asked for the time catches it; nobody else ever sees it."""


class Budget:
    """The time left for one fit, counted from its creation.

    Args:
        seconds: how long the fit may take.
        say: told what is going on.
    """

    def __init__(self, seconds: float, say: Callable[[str], None]) -> None:
        self.seconds = seconds
        self._end = time.perf_counter() + seconds
        self._say = say

    @property
    def left(self) -> float:
        """Seconds left; 0 when the time is up."""
        return max(0.0, self._end - time.perf_counter())

    @property
    def spent(self) -> bool:
        """Whether the time is up."""
        return self.left == 0.0

    def check(self, *_: object) -> None:
        """Does nothing while there is time; can be the ``callback`` of an optimiser, so that one long fit ends too.

        Raises:
            OutOfTimeError: the time is up.
        """
        if self.spent:
            raise OutOfTimeError

    def say(self, sentence: str) -> None:
        """Tell whoever waits what is going on."""
        self._say(sentence)


def _say_nothing(sentence: str) -> None:
    del sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class FitPlan:
    """What a fit is for.

    Args:
        horizon: the longest forecast that will be asked for, in steps.
        context_length: steps that a method with a window of fixed length may read; ``None`` leaves it to the method.
        seasons: all seasons of the series in steps, shortest first, for methods that carry several.
        seconds: how long the fit may take.
        say: told what is going on, in a sentence; called often.
    """

    horizon: int = 1
    context_length: int | None = None
    seasons: tuple[int, ...] = ()
    seconds: float = SECONDS
    say: Callable[[str], None] = _say_nothing

    def start(self) -> Budget:
        """The time for one fit, which begins now."""
        return Budget(self.seconds, self.say)


DEFAULT_PLAN = FitPlan()
