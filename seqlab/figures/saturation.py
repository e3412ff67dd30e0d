"""Karpathy's triangle: for every unit of a gate how often it is open and how often shut, before and after training."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import MODEL, TRUTH, UNIT

__all__ = ["TriangleInfo", "plot_triangle"]

Floats = npt.NDArray[np.floating]
FAINT = "rgba(133, 133, 133, 0.45)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriangleInfo:
    """One gate.

    Args:
        name: its letter.
        label: its name on the screen.
        left, right: (hidden,) share of steps at which a unit is shut (< 0.1) and open (> 0.9), after training.
        start_left, start_right: (hidden,) the same before training.
        unit: the unit that was picked.
    """

    name: str
    label: str
    left: Floats
    right: Floats
    start_left: Floats
    start_right: Floats
    unit: int


def plot_triangle(info: TriangleInfo, *, now: str = "after training", height: int = 400) -> go.Figure:
    """Right: open. Up: shut. The corner at 0: in between, where the gate works as a gate."""
    title = f"{info.label} {info.name}"
    if not len(info.left):
        return empty_figure(title, "the layer has no units", height)
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1, 0, 0], y=[0, 0, 1, 0], mode="lines", line={"color": TRUTH, "width": 1.5}, hoverinfo="skip", showlegend=False
    )
    gap = np.full(len(info.left), np.nan)
    figure.add_scatter(
        x=np.stack([info.start_right, info.right, gap], axis=1).ravel(),
        y=np.stack([info.start_left, info.left, gap], axis=1).ravel(),
        mode="lines",
        line={"color": FAINT, "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    units = np.arange(len(info.left))
    picked = units == info.unit
    for name, shown, right, left, marker in (
        ("before training", units >= 0, info.start_right, info.start_left, {"symbol": "circle-open", "size": 8, "color": TRUTH}),
        (now, ~picked, info.right, info.left, {"size": 9, "color": MODEL, "opacity": 0.85}),
        (f"unit {info.unit}", picked, info.right, info.left, {"size": 11, "color": UNIT}),
    ):
        figure.add_scatter(
            x=right[shown],
            y=left[shown],
            mode="markers",
            name=name,
            marker={**marker, "line": {"width": 1.5 if name == "before training" else 1, "color": TRUTH}},
            customdata=np.stack([units, 100 * right, 100 * left], axis=1)[shown],
            hovertemplate=f"unit %{{customdata[0]}}, {name}<br>open %{{customdata[1]:.0f}} %, shut %{{customdata[2]:.0f}} % of the time"
            "<extra></extra>",
        )
    arrange(figure, height, margin={"l": 8, "r": 8, "t": 56, "b": 8})
    figure.add_annotation(
        text=f"{as_text(info.label)} <b>{as_text(info.name)}</b>",
        x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom", yshift=26, showarrow=False,
    )  # fmt: skip
    for x, y, text, where in (
        (1.06, 0, "always<br>open", {"xanchor": "right", "yanchor": "bottom", "yshift": 30, "align": "right"}),
        (0, 1, "always shut", {"xanchor": "left", "yanchor": "bottom", "xshift": 12, "yshift": 1}),
        (0.5, 0.5, "never in between", {"xanchor": "left", "yanchor": "bottom", "xshift": 6, "yshift": 2}),
    ):
        figure.add_annotation(x=x, y=y, text=text, showarrow=False, font={"color": TRUTH, "size": 12}, **where)
    ticks = {"range": [-0.06, 1.06], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}
    figure.update_xaxes(title_text="open: share of steps above 0.9", **ticks)
    figure.update_yaxes(title_text="shut: share of steps below 0.1", **ticks)
    return figure
