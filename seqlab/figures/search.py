"""Pattern search in pictures: the brushed span with the units that are active in it, and one small picture per similar span."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.axis import name_ticks
from seqlab.figures.gate_numbers import MAX_UNITS
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import GATE_SCALE, MODEL, STATE_SCALE, UNIT

__all__ = ["SpanInfo", "plot_span"]

Floats = npt.NDArray[np.floating]
SHADE = "rgba(213, 94, 0, 0.14)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanInfo:
    """A stretch of one window around a span.

    Args:
        series: (step,) what was read, in the data's own units.
        series_name: its name.
        values: (unit, step) of the gate or state, units from top to bottom; windows of many steps are cut, not squeezed.
        units: (unit,) their numbers.
        matched: (unit,) whether the unit is active throughout the span as it is looked for; these are framed.
        first, last: the span, counted from the first step drawn.
        offset: number in its window of the first step drawn, from 0.
        labels: (step,) what each step is, such as its date.
        gate: letter of the gate or state.
        low, high: limits of its colours.
        title: what stands above the picture.
        words: (step,) what was read at each step drawn, to stand on the axis; empty for numbers.
    """

    series: Floats
    series_name: str
    values: Floats
    units: npt.NDArray[np.intp]
    matched: npt.NDArray[np.bool_]
    first: int
    last: int
    offset: int
    labels: Sequence[str]
    gate: str
    low: float
    high: float
    title: str = ""
    words: Sequence[str] = ()


def plot_span(info: SpanInfo, *, height: int = 420, small: bool = False) -> go.Figure:
    """The series above, the units below, the span shaded and its matching units framed.

    Args:
        info: the numbers.
        height: pixels.
        small: whether it is one of many: without a colour bar and most titles.
    """
    if not info.values.size:
        return empty_figure(info.title or "Search", "there is no unit to look for", height)
    units, values = info.units[:MAX_UNITS], info.values[:MAX_UNITS]
    x = np.arange(info.offset + 1, info.offset + 1 + values.shape[1])
    text = [as_text(label) for label in info.labels]
    seen = bool(np.isfinite(info.series).any())  # words are no line
    below = 2 if seen else 1
    figure = make_subplots(rows=below, cols=1, shared_xaxes=True, vertical_spacing=0.05, row_heights=[0.45, 0.55] if seen else [1.0])
    if seen:
        figure.add_scatter(
            x=x,
            y=info.series,
            mode="lines+markers" if len(x) <= 60 else "lines",
            line={"color": MODEL, "width": 1.8},
            marker={"size": 4},
            customdata=text,
            hovertemplate="%{customdata}<br>%{y:.6g}<extra></extra>",
            row=1,
            col=1,
        )
        figure.update_yaxes(title_text=as_text(info.series_name, 14 if small else 24), row=1, col=1)
    figure.add_heatmap(
        x=x,
        y=[str(unit) for unit in units],
        z=values.astype(np.float32),
        zmin=info.low,
        zmax=info.high,
        colorscale=GATE_SCALE if info.low >= 0 else STATE_SCALE,
        showscale=not small,
        colorbar={
            "thickness": 8,
            "outlinewidth": 0,
            "xpad": 4,
            "tickvals": [info.low, (info.low + info.high) / 2, info.high],
            "tickformat": "~g",
            "len": 0.55,
            "y": 0,
            "yanchor": "bottom",
        },
        customdata=np.array(text, dtype=object)[None, :].repeat(len(units), axis=0),
        hovertemplate=f"%{{customdata}}<br>unit %{{y}}: {as_text(info.gate)} = %{{z:.3f}}<extra></extra>",
        row=below,
        col=1,
    )
    left, right = x[info.first] - 0.5, x[info.last] + 0.5
    span = {"type": "rect", "x0": left, "x1": right}
    shade = {**span, "xref": "x", "yref": "y domain", "y0": 0, "y1": 1, "fillcolor": SHADE, "line": {"color": UNIT, "width": 1}}
    at = {"xref": "x2", "yref": "y2"} if seen else {"xref": "x", "yref": "y"}
    frames = [
        {**span, **at, "y0": first - 0.5, "y1": last + 0.5, "line": {"color": UNIT, "width": 2}}
        for first, last in _runs(info.matched[:MAX_UNITS])
    ]
    figure.update_layout(shapes=[shade, *frames] if seen else frames)  # all at once: one by one, each checks all before it
    arrange(figure, height, showlegend=False, margin={"l": 8, "r": 8, "t": 24 if info.title else 8, "b": 8})
    if info.title:
        figure.add_annotation(
            text=as_text(info.title, 60), x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom", showarrow=False
        )
    named = "step of its window" if small and seen else "step"
    figure.update_xaxes(tickformat="d", range=[x[0] - 0.5, x[-1] + 0.5], nticks=6 if small else 12, showgrid=False)
    figure.update_xaxes(title_text="" if info.words else named, row=below, col=1)
    if info.words:
        name_ticks(figure, x, info.words, row=below)
    figure.update_yaxes(
        title_text=f"unit ({as_text(info.gate)})", type="category", autorange="reversed", nticks=max(4, height // 20), showgrid=False,
        row=below, col=1,
    )  # fmt: skip
    return figure


def _runs(chosen: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place of every run of chosen ones: one frame around neighbours is easier to read than one each.

    Example:
        >>> _runs(np.array([True, True, False, True]))
        [(0, 1), (3, 3)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]])))
    return [(int(start), int(stop) - 1) for start, stop in edges.reshape(-1, 2)]
