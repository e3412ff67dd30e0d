"""What the pictures of several runs share: how runs are told apart, and the ticks of a logarithmic axis."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from seqlab.figures.palette import BASELINE_COLORS, MODEL

__all__ = ["run_style", "scale_of"]

_COLOURS = (MODEL, *BASELINE_COLORS)
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_WIDE, _VERY_WIDE = 8.0, 1e4  # largest / smallest, between which a logarithmic axis names 1, 2 and 5 times the powers of ten


def run_style(position: int) -> dict[str, str | float]:
    """Line style of the run at ``position``, the same in every picture of a page; 42 of them differ.

    Example:
        >>> len({tuple(run_style(position).values()) for position in range(42)})
        42
    """
    count = len(_COLOURS)
    return {"color": _COLOURS[position % count], "dash": _DASHES[(position % count + position // count) % len(_DASHES)], "width": 2}


def scale_of(values: Iterable[float], *, log: bool) -> dict[str, Any]:
    """Type and ticks of an axis: logarithmic where that is asked for and possible.

    Args:
        values: all that is drawn; NaN counts nothing.
        log: whether equal factors should be equal distances.

    Example:
        >>> scale_of([0.0, 1.0], log=True)
        {'type': 'linear'}
        >>> scale_of([3.0, 30.0], log=True)
        {'type': 'log', 'tickvals': [5.0, 10.0, 20.0], 'ticktext': ['5', '10', '20']}
    """
    drawn = np.array([value for value in values if np.isfinite(value)], dtype=np.float64)
    if not log or not drawn.size or drawn.min() <= 0:
        return {"type": "linear"}
    low, high = float(drawn.min()), float(drawn.max())
    if not _WIDE < high / low < _VERY_WIDE:
        return {"type": "log"}
    # Plotly would name the digits between two powers of ten without their power.
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in (1, 2, 5) if low <= digit * 10.0**power <= high]
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:,.10g}" for tick in ticks]}
