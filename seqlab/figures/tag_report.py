"""Precision, recall and F1 of every tag or kind of entity."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, UNIT

__all__ = ["TagRow", "plot_tag_report"]

BAR = "rgba(59, 130, 196, 0.45)"
ROW = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRow:
    """One tag; a rate is NaN where it is not computable.

    Args:
        name: the tag, or the kind of entity.
        precision: share of what was said that is right.
        recall: share of what is there that was found.
        f1: their harmonic mean.
        support: how often the tag is there.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


def _report_info(rows: Sequence[TagRow]) -> tuple[tuple[TagRow, ...], npt.NDArray[np.float64]]:
    """The rows, the most frequent first, and their (row, 3) precision, recall and F1."""
    ordered = tuple(sorted(rows, key=lambda row: -row.support))
    return ordered, np.array([(row.precision, row.recall, row.f1) for row in ordered], dtype=np.float64).reshape(len(ordered), 3)


def plot_tag_report(rows: Sequence[TagRow], *, counted: str = "tokens") -> go.Figure:
    """A bar of F1 per tag with a mark for precision and one for recall on it, the most frequent tag first.

    Args:
        rows: one per tag.
        counted: what ``support`` counts, for the pointer.
    """
    ordered, rates = _report_info(rows)
    if not ordered or not np.isfinite(rates).any():
        return empty_figure("F1 of every tag", "no tag has an answer to count")
    places = np.arange(len(ordered))
    names = [as_text(row.name, 18) for row in ordered]
    support = [f"{row.support:,} {counted}" for row in ordered]
    figure = go.Figure()
    figure.add_bar(
        x=rates[:, 2],
        y=places,
        orientation="h",
        name="F1",
        marker={"color": BAR},
        customdata=np.stack([names, support], axis=1),
        hovertemplate="%{customdata[0]}: F1 %{x:.3f}, %{customdata[1]}<extra></extra>",
    )
    for column, (name, symbol, color) in enumerate((("precision", "triangle-right", UNIT), ("recall", "circle-open", BASELINE_COLORS[1]))):
        figure.add_scatter(
            x=rates[:, column],
            y=places,
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 9, "color": color, "line": {"width": 2, "color": color}},
            customdata=np.stack([names, support], axis=1),
            hovertemplate=f"%{{customdata[0]}}: {name} %{{x:.3f}}, %{{customdata[1]}}<extra></extra>",
            cliponaxis=False,
        )
    arrange(figure, 80 + ROW * max(len(ordered), 3))
    figure.update_xaxes(range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(tickvals=places, ticktext=names, range=[len(ordered) - 0.5, -0.5], showgrid=False)
    return figure
