"""How runs are put into words: their status, and the numbers beside it."""

import math
from dataclasses import dataclass
from typing import Literal

__all__ = ["STATUS", "StatusText", "amount", "in_queue", "number", "ordinal"]

Colour = Literal["blue", "green", "orange", "red", "gray", "violet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusText:
    """A status on the screen."""

    label: str
    icon: str
    colour: Colour


STATUS: dict[str, StatusText] = {
    "queued": StatusText(label="Waiting", icon=":material/hourglass_empty:", colour="gray"),
    "running": StatusText(label="Training", icon=":material/directions_run:", colour="blue"),
    "paused": StatusText(label="Paused", icon=":material/pause_circle:", colour="orange"),
    "finished": StatusText(label="Finished", icon=":material/check_circle:", colour="green"),
    "stopped": StatusText(label="Stopped", icon=":material/stop_circle:", colour="orange"),
    "diverged": StatusText(label="Diverged", icon=":material/trending_up:", colour="red"),
    "failed": StatusText(label="Failed", icon=":material/error:", colour="red"),
    "interrupted": StatusText(label="Interrupted", icon=":material/power_off:", colour="red"),
}


def number(value: float, digits: int = 4) -> str:
    """A number with a few digits; a dash where there is none.

    Example:
        >>> number(0.123456), number(1234567.0), number(1e-5), number(float("nan"))
        ('0.1235', '1,234,567', '1e-05', '–')
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def amount(share: float) -> str:
    """A share in words.

    Example:
        >>> amount(0.0082), amount(1.0), amount(1.7), amount(3.1e-9), amount(0.0)
        ('0.82 %', '100 %', '1.7 times', '3.1·10⁻⁹', 'nothing')
    """
    if not math.isfinite(share):
        return "an unknown part"
    if share == 0:
        return "nothing"
    if share > 1.005:
        return f"{share:.2g} times" if share < 100 else f"{share:,.0f} times"
    if share >= 1e-4:
        return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"
    digits, _, power = f"{share:.1e}".partition("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}·10{raised}"


def ordinal(position: int) -> str:
    """A place in a queue.

    Example:
        >>> ordinal(1), ordinal(2), ordinal(11), ordinal(23)
        ('1st', '2nd', '11th', '23rd')
    """
    ending = "th" if position % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position}{ending}"


def in_queue(position: int) -> str:
    """What is said of a run that waits for others; no full stop.

    Example:
        >>> in_queue(2)
        '2nd in the queue; it starts when the runs before it have ended'
    """
    return f"{ordinal(position)} in the queue; it starts when the runs before it have ended"
