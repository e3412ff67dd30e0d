"""Accuracy against cost: which runs are beaten by another that is at most as costly and at most as wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import TRUTH
from seqlab.figures.run_style import run_style, scale_of

__all__ = ["ParetoPoint", "plot_pareto"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoPoint:
    """One run.

    Args:
        name: on the screen.
        short: what stands beside the point, a number say; the name is in the tooltip.
        cost, error: where it lies; a point with a missing number is not drawn.
        on_front: whether no other run beats it.
        position: decides its colour, the same in all pictures of a page.
        more: what the tooltip says beside that.
    """

    name: str
    short: str
    cost: float
    error: float
    on_front: bool
    position: int
    more: str = ""


def _front_info(points: Sequence[ParetoPoint]) -> tuple[list[float], list[float]]:
    """Corners of the staircase that the front makes, from the cheapest point on."""
    front = sorted((point.cost, point.error) for point in points if point.on_front)
    x: list[float] = []
    y: list[float] = []
    for cost, error in front:
        if x and (cost, error) != (x[-1], y[-1]):
            x.append(cost)
            y.append(y[-1])
        x.append(cost)
        y.append(error)
    return x, y


def plot_pareto(
    points: Sequence[ParetoPoint], *, cost: str, error: str, log_cost: bool = True, log_error: bool = False, height: int = 360
) -> go.Figure:
    """One point per run: its cost to the right, its error upwards; the front is filled and joined, the better the further down left.

    Args:
        points: the runs.
        cost, error: titles of the axes, with units.
        log_cost, log_error: whether equal factors are equal distances; ignored where a number is not above zero.
        height: pixels.
    """
    drawn = [point for point in points if np.isfinite(point.cost) and np.isfinite(point.error)]
    if not drawn:
        return empty_figure("Accuracy against cost", "no run has both numbers yet", height)
    figure = go.Figure()
    x, y = _front_info(drawn)
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": TRUTH, "width": 1.5, "dash": "dot"}, hoverinfo="skip", showlegend=False)
    for on_front, label in ((True, "on the front"), (False, "beaten by another run")):
        chosen = [point for point in drawn if point.on_front == on_front]
        if not chosen:
            continue
        colours = [run_style(point.position)["color"] for point in chosen]
        figure.add_scatter(
            x=[point.cost for point in chosen],
            y=[point.error for point in chosen],
            mode="markers+text",
            text=[as_text(point.short, 20) for point in chosen],
            textposition=["bottom right" if point.position % 2 else "top right" for point in chosen],  # neighbours are often near
            cliponaxis=False,
            name=label,
            marker={
                "size": 12 if on_front else 10,
                "symbol": "circle" if on_front else "circle-open",
                "color": colours,
                "line": {"width": 2, "color": colours},
            },
            customdata=[(as_text(point.name), as_text(point.more, 120)) for point in chosen],
            hovertemplate=(
                f"%{{customdata[0]}}<br>{as_text(cost)} %{{x:,.4~g}}<br>{as_text(error)} %{{y:.4g}}<br>%{{customdata[1]}}<extra></extra>"
            ),
        )
    figure.update_xaxes(title_text=as_text(cost), **scale_of((point.cost for point in drawn), log=log_cost))
    figure.update_yaxes(title_text=as_text(error), **scale_of((point.error for point in drawn), log=log_error))
    return arrange(figure, height, margin={"l": 8, "r": 24, "t": 8, "b": 8})
