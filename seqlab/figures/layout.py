"""What all figures share: margins, legend on top, transparent backgrounds, and how an empty one looks."""

from typing import Any

import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.palette import GRID

__all__ = ["Figure", "arrange", "empty_figure", "panel_title"]

Figure = go.Figure
"""What every function of this package returns; for those who may not import Plotly."""


def arrange(figure: go.Figure, height: int, **changes: Any) -> go.Figure:
    """Gives a figure the common layout; ``height`` is in pixels, ``changes`` go to Plotly's layout."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "left", "x": 0.0, "title": None},
        hovermode="closest",
        dragmode="zoom",
    )
    figure.update_layout(**changes)
    figure.update_xaxes(automargin=True, gridcolor=GRID, zeroline=False, title_standoff=12)
    figure.update_xaxes(exponentformat="none", separatethousands=True)  # row 19,170 as in the text, not 19.17k
    figure.update_yaxes(automargin=True, gridcolor=GRID, zeroline=False, title_standoff=12)
    return figure


def panel_title(figure: go.Figure, row: int, text: str) -> None:
    """A line of text above a panel, at its left edge, where it covers no data."""
    top = figure.get_subplot(row, 1).yaxis.domain[1]
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom", showarrow=False, align="left"
    )


def empty_figure(title: str, sentence: str, height: int = 220) -> go.Figure:
    """A figure that says what would be here and why it is not.

    Args:
        title: what the figure would show.
        sentence: why there is nothing to show.
        height: pixels.
    """
    figure = go.Figure()
    figure.add_annotation(
        text=f"{as_text(title, 80)}<br>{as_text(sentence, 120)}", x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, align="center"
    )
    arrange(figure, height)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure
