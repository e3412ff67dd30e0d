"""How long units remember, in words; also where there is no such number."""

import math

__all__ = ["timescale", "unit_remembers"]


def timescale(steps: float) -> str:
    """A timescale, or why there is none.

    Args:
        steps: infinite if nothing is ever forgotten, NaN if the weights are no numbers.

    Example:
        >>> timescale(12.34), timescale(1.0), timescale(float("inf")), timescale(float("nan"))
        ('12.3 steps', '1.0 step', 'without end', 'unknown, as the weights are no numbers')
    """
    if math.isnan(steps):
        return "unknown, as the weights are no numbers"
    if math.isinf(steps):
        return "without end"
    return f"{steps:,.1f} step{'' if round(steps, 1) == 1 else 's'}"


def unit_remembers(unit: int, steps: float, noun: str = "window") -> str:
    """How long a unit remembers, to begin a sentence with.

    Example:
        >>> unit_remembers(3, 12.34)
        'Unit 3 remembers for about 12.3 steps: after that, 37 % of what was stored is left'
        >>> unit_remembers(3, float("inf"))
        'Unit 3 never forgets in these windows: all of what was stored is left'
        >>> unit_remembers(3, float("nan"))
        'How long unit 3 remembers is unknown, as the weights are no numbers'
    """
    if math.isnan(steps):
        return f"How long unit {unit} remembers is {timescale(steps)}"
    if math.isinf(steps):
        return f"Unit {unit} never forgets in these {noun}s: all of what was stored is left"
    return f"Unit {unit} remembers for about {timescale(steps)}: after that, 37 % of what was stored is left"
