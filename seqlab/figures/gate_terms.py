"""What a gate's sum is made of: its largest terms, one after the other, until the sum is reached."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import ABOVE, BELOW, TRUTH

__all__ = ["TermBar", "plot_terms", "term_bars"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermBar:
    """One bar.

    Args:
        name: what it stands for.
        start, end: where it begins and ends.
        is_sum: whether it is the sum of all the others.
    """

    name: str
    start: float
    end: float
    is_sum: bool = False


def term_bars(terms: Sequence[tuple[str, float]], biases: float, *, most: int = 8) -> list[TermBar]:
    """The bars: the largest terms by size, all others together, the biases, the sum.

    Args:
        terms: name and what it adds, of everything but the biases.
        biases: what the biases add.
        most: terms with a bar of their own, at most; one more where only one would be left.

    Example:
        >>> [(bar.name, bar.end) for bar in term_bars([("a", 0.5), ("b", -2.0)], 1.0)]
        [('b', -2.0), ('a', -1.5), ('biases', -0.5), ('sum', -0.5)]
    """
    ordered = sorted(terms, key=lambda term: -abs(term[1]))
    shown, others = ordered[:most], ordered[most:]
    if len(others) == 1:  # its own name says more than "1 other"
        shown, others = ordered, []
    parts = [*shown, *([(f"{len(others)} others", sum(value for _, value in others))] if others else []), ("biases", biases)]
    bars, at = [], 0.0
    for name, value in parts:
        bars.append(TermBar(name=name, start=at, end=at + value))
        at += value
    return [*bars, TermBar(name="sum", start=0.0, end=at, is_sum=True)]


def plot_terms(bars: Sequence[TermBar], *, before: str) -> go.Figure:
    """The sum of one gate as steps from 0.

    Args:
        bars: from :func:`term_bars`.
        before: what reads the sum, such as ``σ``.
    """
    if not bars:
        return empty_figure("Terms of the sum", "there are none")
    places = list(range(len(bars)))
    figure = go.Figure()
    figure.add_bar(
        x=[bar.end - bar.start for bar in bars],
        base=[bar.start for bar in bars],
        y=places,
        orientation="h",
        marker={"color": [TRUTH if bar.is_sum else ABOVE if bar.end >= bar.start else BELOW for bar in bars]},
        hovertext=[f"{as_text(bar.name)}: {bar.end - bar.start:+.6g}" for bar in bars],
        hovertemplate="%{hovertext}<extra></extra>",
        width=0.68,
    )
    figure.add_scatter(  # to the right of every bar: to the left of a short one the line at 0 would cross the number
        x=[max(bar.start, bar.end) for bar in bars],
        y=places,
        mode="text",
        text=[f" {bar.end - bar.start:+.3f}".replace("-", "−") for bar in bars],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )
    for place, bar in enumerate(bars[:-1]):
        figure.add_shape(
            type="line", x0=bar.end, x1=bar.end, y0=place + 0.34, y1=place + 0.66, line={"color": TRUTH, "width": 1, "dash": "dot"}
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": TRUTH, "width": 1})
    edges = [edge for bar in bars for edge in (bar.start, bar.end)]
    low, high = min(edges), max(edges)
    room = 0.2 * ((high - low) or 1.0)
    figure.update_xaxes(title_text=f"what {as_text(before)} reads", range=[low - room, high + room])
    figure.update_yaxes(tickvals=places, ticktext=[as_text(bar.name, 30) for bar in bars], autorange="reversed", showgrid=False)
    return arrange(figure, 70 + 26 * len(bars), showlegend=False)
