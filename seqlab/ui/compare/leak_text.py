"""What a leak pretended, in words."""

import math

from seqlab.evaluation.leaks import LeakError, LeakResult
from seqlab.ui.run_text import number

__all__ = ["in_words"]

LITTLE = 0.02
"""Errors that differ by less than this share count as equal."""


def in_words(result: LeakResult, *, many_targets: bool = False) -> tuple[str, ...]:
    """Sentences on a leak, the most important first.

    Args:
        result: what came out.
        many_targets: whether the errors are means over several columns.
    """
    reported, honest, gain = result.reported, result.honest, result.false_gain
    if not math.isfinite(gain):
        return ("What this leak pretends cannot be computed: an error is not a finite number, or repeating the last value makes none.",)
    elsewhere = result.leak == "random_split"  # other windows than the honest run is judged on
    shown = _share if elsewhere else _error
    what = "mean absolute error" + (" (mean over the columns)" if many_targets else "")
    numbers = f"{shown(reported)} is reported, the honest run has {shown(honest)}"
    if abs(gain) < LITTLE:
        first = f"Here this leak pretends next to nothing: {numbers}."
    elif gain > 0:
        first = f"With this leak the error looks {gain:.0%} smaller than the honest run's: {numbers}."
    else:
        first = f"Here this leak does not even flatter: the reported error is {-gain:.0%} larger ({numbers})."
    unit = (
        f"These are shares of the error of repeating the last value, as the windows differ: {number(reported.error)} of "
        f"{number(reported.naive)}, and {number(honest.error)} of {number(honest.naive)}."
        if elsewhere
        else f"The numbers are the {what} on the test part."
    )
    return (first, unit, *_later(result))


def _later(result: LeakResult) -> tuple[str, ...]:
    """What becomes of the leaking model on rows it has not seen."""
    if result.untouched is None or not math.isfinite(result.broken_promise):
        return ()
    promise = result.broken_promise
    where = "in real use" if result.leak == "future_covariate" else "on rows it has really not seen"
    now = f"{number(result.untouched.error)} ({_share(result.untouched)} of repeating the last value)"
    really = result.untouched.relative < (1 - LITTLE) * result.honest.relative
    better = " It is better than the honest run all the same, so not all of the gain is false; see what was done." if really else ""
    if promise > LITTLE:
        return (f"The promise does not hold: {where} the same model makes {now}.{better}",)
    return (f"The same model makes {now} {where}, which is no worse than reported.{better}",)


def _share(error: LeakError) -> str:
    return f"{error.relative:.2f}"


def _error(error: LeakError) -> str:
    return number(error.error)
