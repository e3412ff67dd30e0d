"""What each gate matters for the loss at each step, below the gates themselves: heat maps on one time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.axis import Positions, extend, name_ticks, positions
from seqlab.figures.gate_numbers import GatePanel, round_limit
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure, panel_title
from seqlab.figures.palette import GATE_SCALE, MISSING, STATE_SCALE

__all__ = ["SweepInfo", "plot_sweep", "sweep_info"]

ROW, TITLE, DATES = 19, 28, 36  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepInfo:
    """The numbers of the picture; a column stands for one or more steps.

    Args:
        steps: (column, 2) first and last data step of each column, counted from the window's first.
        gates: the gates, in groups of equal bounds.
        open: gate → (column,) its mean over the units and the steps of the column.
        rows: (row,) what was forced, such as ``f := 0``.
        share: (row, column) ΔL of the window on the screen, in percent of ``loss``.
        mean_share: (row, column) the same, mean over all windows.
        limit: of the colours of both.
        loss: mean loss of all windows without a change.
        windows: how many.
        labels: (step,) words at the trace's steps, which then stand on the axis; empty for dates or numbers.
    """

    steps: npt.NDArray[np.int64]
    gates: tuple[tuple[GatePanel, ...], ...]
    open: dict[str, npt.NDArray[np.float64]]
    rows: tuple[str, ...]
    share: npt.NDArray[np.float64]
    mean_share: npt.NDArray[np.float64]
    limit: float
    loss: float
    windows: int
    labels: tuple[str, ...] = ()


def sweep_info(
    *,
    rows: Sequence[str],
    delta: npt.NDArray[np.float64],
    loss: npt.NDArray[np.float64],
    steps: npt.NDArray[np.int64],
    segment_length: int,
    panels: Sequence[GatePanel],
    values: dict[str, npt.NDArray[np.floating]],
    labels: Sequence[str] = (),
) -> SweepInfo:
    """Numbers of the sweep picture.

    Args:
        rows: (row,) what was forced.
        delta: (window, row, column) ΔL; the first window is the one on the screen; NaN where a shorter sequence has no such step.
        loss: (window,) without a change; NaN where a window has none.
        steps: (column, 2) first and last trace step of each column.
        segment_length: data steps per trace step.
        panels: the gates that were forced.
        values: gate → (step, hidden) of the window on the screen.
        labels: (step,) words at the steps; empty if there are none.
    """
    finite = loss[np.isfinite(loss)]
    scale = float(finite.mean()) if finite.size and finite.mean() > 0 else float("nan")
    seen = np.isfinite(loss)
    share = 100 * delta / scale
    mean_share = _mean_of_those_there(share[seen]) if seen.any() else np.full(delta.shape[1:], np.nan)
    ordered = sorted(panels, key=lambda panel: panel.low != 0)
    return SweepInfo(
        steps=np.stack([steps[:, 0] * segment_length, (steps[:, 1] + 1) * segment_length - 1], axis=1),
        gates=tuple(tuple(group) for _, group in groupby(ordered, key=lambda panel: panel.low)),
        open={name: np.array([of[first : last + 1].mean() for first, last in steps], dtype=np.float64) for name, of in values.items()},
        rows=tuple(rows),
        share=share[0],
        mean_share=mean_share,
        # The largest cells of either map may saturate: one number shall not set the colours of all others.
        limit=10 * round_limit(np.concatenate([share[0].ravel(), mean_share.ravel()]) / 10),
        loss=scale,
        windows=int(seen.sum()),
        labels=tuple(labels),
    )


def _mean_of_those_there(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(row, column) mean over the windows that have the step; NaN where none has."""
    there = ~np.isnan(share)
    count = there.sum(axis=0)
    return np.where(count > 0, np.where(there, share, 0.0).sum(axis=0) / np.maximum(1, count), np.nan)


def plot_sweep(info: SweepInfo, *, index: pd.Index, first_row: int, noun: str = "window") -> go.Figure:
    """The gates of the window, ΔL of the window, and ΔL of all windows, step by step.

    Args:
        info: the numbers.
        index: dates or row numbers of the data.
        first_row: row of the window's first input step.
        noun: what is read: a window, a sequence or a text.
    """
    if not info.rows or not len(info.steps):
        return empty_figure("What each gate matters", "the cell has nothing to force")
    maps = [(np.stack([info.open[gate.name] for gate in group]), [gate.name for gate in group]) for group in info.gates]
    maps += [(info.share, list(info.rows))]
    if info.windows > 1:
        maps += [(info.mean_share, list(info.rows))]
    heights = [max(ROW * len(names), 24) for _, names in maps]
    figure, height = _panels(heights)
    columns = _columns(extend(index, first_row + int(info.steps[-1, 1]) + 2), first_row, info)
    groups = len(info.gates)
    for row, (values, names) in enumerate(maps, start=1):
        if row <= groups:
            low, high = info.gates[row - 1][0].low, info.gates[row - 1][0].high
            limits = (low if low is not None else -1.0, high if high is not None else 1.0)
            title, hover = f"As it was, mean of the units: {', '.join(names)}", "%{y} = %{z:.3f}"
        else:
            limits = (-info.limit, info.limit)
            which = f"this {noun}" if row == groups + 1 else f"mean of {info.windows} {noun}s"
            title, hover = f"Loss change in %, {which}", "%{y}: %{z:+.1f} % of the mean loss"
        _draw_map(figure, row, values, names, columns, limits, hover)
        panel_title(figure, row, as_text(title, 80))
    figure.update_xaxes(showticklabels=False)
    figure.update_xaxes(showticklabels=True, row=len(maps), col=1)
    if info.labels:
        middles = (np.asarray(columns[:-1], dtype=np.float64) + np.asarray(columns[1:], dtype=np.float64)) / 2
        trace_steps = np.linspace(0, len(info.labels) - 1, len(middles)).round().astype(np.int64)
        name_ticks(figure, middles, [info.labels[step] for step in trace_steps])
    return arrange(figure, height, showlegend=False, margin={"l": 8, "r": 8, "t": TITLE, "b": DATES})


def _panels(heights: Sequence[int]) -> tuple[go.Figure, int]:
    figure = make_subplots(rows=len(heights), cols=1, shared_xaxes=True)
    whole = sum(heights) + TITLE * (len(heights) - 1)
    top = whole
    for row, tall in enumerate(heights, start=1):
        figure.update_yaxes(domain=[max(0.0, (top - tall) / whole), top / whole], row=row, col=1)
        top -= tall + TITLE
    return figure, whole + TITLE + DATES


def _columns(index: pd.Index, first_row: int, info: SweepInfo) -> Positions:
    """Edges of the columns: one more than there are columns, as the last may stand for fewer steps."""
    return positions(index, first_row + np.append(info.steps[:, 0], info.steps[-1, 1] + 1))


def _draw_map(
    figure: go.Figure,
    row: int,
    values: npt.NDArray[np.float64],
    names: list[str],
    columns: Positions,
    limits: tuple[float, float],
    hover: str,
) -> None:
    low, high = limits
    figure.add_trace(
        go.Heatmap(
            x=columns,
            y=[as_text(name) for name in names],
            z=values.astype(np.float32),
            zmin=low,
            zmax=high,
            colorscale=GATE_SCALE if low >= 0 else STATE_SCALE,
            hoverongaps=False,
            ygap=1,
            colorbar={"thickness": 8, "outlinewidth": 0, "tickvals": [low, (low + high) / 2, high], "tickformat": "~g"},
            hovertemplate=f"%{{x}}<br>{hover}<extra></extra>",
        ),
        row=row,
        col=1,
    )
    domain = figure.get_subplot(row, 1).yaxis.domain
    # Ticks of a bar need room: a strip of one row shows its ends only.
    ticks = [low, high] if len(names) < 3 else [low, (low + high) / 2, high]
    figure.data[-1].colorbar.update(
        y=sum(domain) / 2, len=domain[1] - domain[0], lenmode="fraction", yanchor="middle", ypad=0, xpad=4, tickvals=ticks
    )
    figure.update_yaxes(type="category", autorange="reversed", dtick=1, showgrid=False, row=row, col=1)
    if np.isnan(values).any():
        place = {"xref": "x domain", "yref": "y domain", "x0": 0, "x1": 1, "y0": 0, "y1": 1}
        figure.add_shape(type="rect", **place, fillcolor=MISSING, line_width=0, layer="below", row=row, col=1)
