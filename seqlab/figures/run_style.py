"""How the runs of a comparison are told apart: the same line style in every picture of a page."""

from seqlab.figures.palette import BASELINE_COLORS, MODEL

__all__ = ["run_style"]

_COLOURS = (MODEL, *BASELINE_COLORS)
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def run_style(position: int) -> dict[str, str | float]:
    """Line style of the run at ``position``; 42 of them differ, in colour, in dash, or in both.

    Example:
        >>> len({tuple(run_style(position).values()) for position in range(42)})
        42
    """
    count = len(_COLOURS)
    return {"color": _COLOURS[position % count], "dash": _DASHES[(position % count + position // count) % len(_DASHES)], "width": 2}
