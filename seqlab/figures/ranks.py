"""Models ranked on many series: mean ranks with their critical difference."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import GRID, MISSING, MODEL

__all__ = ["plot_mean_ranks"]

Floats = npt.NDArray[np.float64]

NAME = 24


def plot_mean_ranks(models: Sequence[str], mean_ranks: Floats, critical_difference: float) -> go.Figure:
    """Mean ranks, best on top, each with half the critical difference to both sides: ranges that do not meet are told apart.

    Args:
        models: names.
        mean_ranks: (model,) 1 is best.
        critical_difference: two mean ranks must differ by more.
    """
    height = 110 + 26 * max(len(models), 3)
    if not np.isfinite(critical_difference) or not np.isfinite(mean_ranks).all():
        return empty_figure("Mean ranks", "the models cannot be ranked", height)
    order = np.argsort(mean_ranks, kind="stable")
    ranks = mean_ranks[order]
    level = ranks - ranks[0] <= critical_difference
    half = critical_difference / 2
    figure = go.Figure()
    figure.add_vrect(x0=ranks[0] - half, x1=ranks[0] + half, fillcolor=GRID, line={"width": 0}, layer="below")
    for name, some, color in (("not told apart from the first", level, MODEL), ("ranks behind it", ~level, MISSING)):
        places = np.flatnonzero(some)
        if len(places):
            figure.add_scatter(
                x=ranks[places],
                y=places,
                mode="markers",
                name=name,
                marker={"color": color, "size": 10},
                error_x={"type": "constant", "value": half, "color": color, "thickness": 2, "width": 4},
                hovertemplate="mean rank %{x:.2f}<extra></extra>",
            )
    arrange(figure, height)
    figure.update_xaxes(title_text=f"mean rank; critical difference {critical_difference:.2f}")
    figure.update_yaxes(
        tickvals=list(range(len(order))),
        ticktext=[as_text(models[place], NAME) for place in order],
        range=[len(order) - 0.5, -0.5],
        showgrid=False,
    )
    return figure
