"""Colours of every figure: told apart by colour-blind readers, readable on light and on dark pages.

The line colours come from Okabe and Ito (2008), each moved until it stands out by at least 3 : 1
from white and from a near-black page, so one figure serves both themes.
"""

__all__ = [
    "ABOVE",
    "BASELINE_COLORS",
    "BELOW",
    "GATE_SCALE",
    "GRID",
    "MISSING",
    "MISSING_OPAQUE",
    "MODEL",
    "PARTS",
    "STATE_SCALE",
    "TRUTH",
    "UNIT",
    "faint",
    "model_style",
]

TRUTH = "#858585"
"""What really happened."""

MODEL = "#3B82C4"
"""The trained network."""

UNIT = "#D55E00"
"""The unit that was picked."""

BASELINE_COLORS = ("#C77D0A", "#0E9A70", "#C46C9C", "#9A6FCB", "#A0703C", "#7D8B2F")
"""Lines of other models, in the order in which they appear."""

_DASHES = ("dash", "dot", "dashdot", "longdash", "longdashdot", "solid")

PARTS = {
    "train": "rgba(128, 128, 128, 0.10)",
    "validation": "rgba(199, 125, 10, 0.20)",
    "test": "rgba(59, 130, 196, 0.20)",
}
"""Shades behind the three parts of a series."""

GRID = "rgba(128, 128, 128, 0.18)"

MISSING = "rgba(128, 128, 128, 0.55)"
"""Shows where a heat map has no value: a grey that neither scale contains."""

MISSING_OPAQUE = "#8C8C8C"
"""The same where nothing shines through."""

GATE_SCALE = (
    (0.0, "#440154"),
    (0.125, "#472D7B"),
    (0.25, "#3B528B"),
    (0.375, "#2C728E"),
    (0.5, "#21918C"),
    (0.625, "#28AE80"),
    (0.75, "#5EC962"),
    (0.875, "#ADDC30"),
    (1.0, "#FDE725"),
)
"""For values in [0, 1]: viridis, dark for a closed gate and bright for an open one."""

STATE_SCALE = (
    (0.0, "#053061"),
    (0.125, "#2166AC"),
    (0.25, "#4393C3"),
    (0.375, "#92C5DE"),
    (0.5, "#F7F7F7"),
    (0.625, "#F4A582"),
    (0.75, "#D6604D"),
    (0.875, "#B2182B"),
    (1.0, "#67001F"),
)
"""For values around 0: blue below, red above, white at 0."""

ABOVE, BELOW = "#D6604D", "#4393C3"
"""Single values above and below 0: the middle of each half of ``STATE_SCALE``, readable on light and on dark."""


def faint(color: str) -> str:
    """A ``#rrggbb`` colour that lets through what lies behind it, for a band around a line.

    Example:
        >>> faint("#3B82C4")
        'rgba(59, 130, 196, 0.15)'
    """
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.15)"


def model_style(position: int) -> dict[str, str | float]:
    """Line style of the model at ``position``: the network is first and solid, the others are dashed; 37 styles differ.

    Example:
        >>> model_style(0)["dash"], model_style(1)["dash"]
        ('solid', 'dash')
    """
    if position == 0:
        return {"color": MODEL, "dash": "solid", "width": 2.5}
    lap, other = divmod(position - 1, len(BASELINE_COLORS))
    return {"color": BASELINE_COLORS[other], "dash": _DASHES[(other + lap) % len(_DASHES)], "width": 1.8}
