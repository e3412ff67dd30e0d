"""Measured sequences: a line per feature, or an image where there are many features."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.decimate import decimate
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, GATE_SCALE, MODEL, TRUTH

__all__ = ["SequenceView", "plot_sequence_images", "plot_sequences"]

Floats = npt.NDArray[np.floating]

MOST_LINES = 7
"""Features that are told apart as lines of one panel; more become the rows of a heat map."""

MOST_POINTS = 1500
COLORS = (MODEL, *BASELINE_COLORS)
PANEL, TITLE, AXIS = 150, 26, 40  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceView:
    """One sequence: ``values`` are (time, feature), NaN where there is none; ``title`` says which it is, such as its class."""

    title: str
    values: Floats


def _sequence_info(sequences: Sequence[SequenceView]) -> tuple[tuple[SequenceView, ...], float, float]:
    """The sequences without the empty steps after their end, and the lowest and highest value of all."""
    kept = []
    for sequence in sequences:
        values = np.asarray(sequence.values, dtype=np.float64)
        seen = np.flatnonzero(np.isfinite(values).any(axis=1))
        if len(seen):
            kept.append(SequenceView(title=sequence.title, values=values[: seen[-1] + 1]))
    if not kept:
        return (), float("nan"), float("nan")
    return tuple(kept), min(float(np.nanmin(one.values)) for one in kept), max(float(np.nanmax(one.values)) for one in kept)


def plot_sequences(sequences: Sequence[SequenceView], feature_names: Sequence[str]) -> go.Figure:
    """One panel per sequence on one axis of steps: each ends where it ends.

    Up to seven features are lines; more are the rows of a heat map.

    Args:
        sequences: one or a few, of any lengths.
        feature_names: (feature,)
    """
    kept, low, high = _sequence_info(sequences)
    if not kept:
        return empty_figure("Sequences", "there is no sequence with a value")
    lines = len(feature_names) <= MOST_LINES
    panel = PANEL if lines else int(np.clip(11 * len(feature_names), 90, 260))
    figure, height = _panels(len(kept), panel)
    for row, sequence in enumerate(kept, start=1):
        if lines:
            _draw_lines(figure, row, sequence, feature_names)
        else:
            _draw_map(figure, row, sequence, feature_names, low, high)
        _title(figure, row, sequence.title)
    if lines:
        margin = 0.05 * (high - low) or 1.0
        figure.update_yaxes(range=[low - margin, high + margin])
    arrange(figure, height, showlegend=lines and len(feature_names) > 1, margin={"l": 8, "r": 8, "t": TITLE, "b": 8})
    longest = max(len(sequence.values) for sequence in kept)
    figure.update_xaxes(range=[0.5, longest + 0.5], tickformat="d", **({"dtick": 1} if longest <= 12 else {}))
    figure.update_xaxes(title_text="step", row=len(kept), col=1)
    if lines and len(feature_names) > 1:
        figure.update_layout(legend={"y": 1.0 + TITLE / height, "yanchor": "bottom"}, margin_t=TITLE)
    return figure


def plot_sequence_images(sequences: Sequence[SequenceView], *, columns: int = 6, side: int = 130) -> go.Figure:
    """Each sequence as an image: steps from top to bottom, features from left to right, dark for the lowest value of all.

    Args:
        sequences: of equal numbers of features.
        columns: images beside each other.
        side: height of an image in pixels.
    """
    kept, low, high = _sequence_info(sequences)
    if not kept:
        return empty_figure("Sequences", "there is no sequence with a value")
    columns = min(columns, len(kept))
    rows = -(-len(kept) // columns)
    titles = [as_text(sequence.title, 22) for sequence in kept]
    height = rows * (side + TITLE) + 16
    figure = make_subplots(rows=rows, cols=columns, subplot_titles=titles, horizontal_spacing=0.02, vertical_spacing=TITLE / height)
    for number, sequence in enumerate(kept):
        row, column = divmod(number, columns)
        figure.add_heatmap(
            z=sequence.values.astype(np.float32),
            zmin=low,
            zmax=high,
            colorscale=[list(stop) for stop in GATE_SCALE],
            showscale=False,
            hoverongaps=False,
            hovertemplate="step %{y}, feature %{x}: %{z:.4g}<extra></extra>",
            y0=1,
            x0=1,
            row=row + 1,
            col=column + 1,
        )
        axis = figure.get_subplot(row + 1, column + 1).xaxis.plotly_name.replace("axis", "")
        figure.update_yaxes(scaleanchor=axis, constrain="domain", constraintoward="top", row=row + 1, col=column + 1)
    arrange(figure, height, margin={"l": 8, "r": 8, "t": TITLE, "b": 8})
    figure.update_annotations(font={"size": 12})
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed")
    return figure


def _panels(count: int, panel: int) -> tuple[go.Figure, int]:
    figure = make_subplots(rows=count, cols=1, shared_xaxes=True)
    whole = count * panel + (count - 1) * TITLE
    top = whole
    for row in range(1, count + 1):
        figure.update_yaxes(domain=[max(0.0, (top - panel) / whole), top / whole], row=row, col=1)
        top -= panel + TITLE
    return figure, whole + TITLE + AXIS


def _title(figure: go.Figure, row: int, text: str) -> None:
    top = figure.get_subplot(row, 1).yaxis.domain[1]
    figure.add_annotation(
        text=as_text(text, 60), x=0, xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom", showarrow=False,
        font={"size": 12},
    )  # fmt: skip


def _draw_lines(figure: go.Figure, row: int, sequence: SequenceView, feature_names: Sequence[str]) -> None:
    steps = np.arange(1, len(sequence.values) + 1)
    for number, name in enumerate(feature_names):
        values = sequence.values[:, number]
        rows = decimate(values, MOST_POINTS)
        figure.add_scatter(
            x=steps[rows],
            y=values[rows].astype(np.float32),
            mode="lines+markers" if len(steps) <= 12 else "lines",
            name=as_text(name, 24),
            legendgroup=str(number),
            showlegend=row == 1,
            line={"color": COLORS[number], "width": 1.5},
            marker={"size": 5},
            hovertemplate=f"step %{{x}}<br>{as_text(name)}: %{{y:.4g}}<extra></extra>",
            row=row,
            col=1,
        )
    # Where a shorter sequence ends is part of what is shown.
    figure.add_vline(x=float(steps[-1]), line={"color": TRUTH, "width": 1, "dash": "dot"}, row=row, col=1)


def _draw_map(figure: go.Figure, row: int, sequence: SequenceView, feature_names: Sequence[str], low: float, high: float) -> None:
    names = [as_text(name, 16) for name in feature_names]
    figure.add_heatmap(
        z=sequence.values.T.astype(np.float32),
        x0=1,
        zmin=low,
        zmax=high,
        colorscale=[list(stop) for stop in GATE_SCALE],
        showscale=row == 1,
        hoverongaps=False,
        customdata=[[name] * len(sequence.values) for name in names],
        hovertemplate="step %{x}<br>%{customdata}: %{z:.4g}<extra></extra>",
        colorbar={"thickness": 8, "outlinewidth": 0, "nticks": 4},
        row=row,
        col=1,
    )
    every = max(1, -(-len(names) * 12 // 260)) if len(names) > 20 else 1
    places = list(range(0, len(names), every))
    figure.update_yaxes(
        tickvals=places, ticktext=[names[place] for place in places], autorange="reversed", showgrid=False, tickfont={"size": 10},
        row=row, col=1,
    )  # fmt: skip
