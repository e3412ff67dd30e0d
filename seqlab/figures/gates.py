"""Every gate of one layer over one window: input and forecast, a heat map per gate, and one unit's lines, on one time axis."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.axis import Positions, edge, extend, positions
from seqlab.figures.forecast import forecast_info, forecast_traces
from seqlab.figures.gate_numbers import GateInfo, GatePanel, PanelInfo, gate_info
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure, panel_title
from seqlab.figures.palette import BASELINE_COLORS, GATE_SCALE, MISSING, MODEL, STATE_SCALE, TRUTH, UNIT, faint
from seqlab.records import Forecast, GateTrace, SeriesPicture

__all__ = ["plot_gates"]

# Pixels: the panels' heights, and the room for a title above and for dates (two lines) below.
TOP = 210
TRACE = 120
TITLE = 26
DATES = 36
LINE_COLORS = (MODEL, *BASELINE_COLORS)


def plot_gates(
    trace: GateTrace,
    panels: Sequence[GatePanel],
    *,
    sample: int,
    layer: int,
    direction: str,
    unit: int,
    order: npt.NDArray[np.intp],
    series: SeriesPicture,
    first_row: int,
    forecast: Forecast | None = None,
    target: int = 0,
    unit_lines: bool = True,
) -> go.Figure:
    """The gate picture of one window.

    Args:
        trace: gates of one or more windows; the others give the band around the unit's lines.
        panels: the gates to draw.
        sample: which window of the trace is drawn.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.
        unit: the unit that is marked and drawn as lines.
        order: (hidden,) unit numbers from top to bottom.
        series: the target column over all rows, in the data's own units.
        first_row: row of the window's first input step.
        forecast: the model's forecast from this window.
        target: which target of the forecast the series is.
        unit_lines: whether the unit's lines are drawn below the heat maps.
    """
    if not panels:
        return empty_figure("Gates over time", "no gate is chosen")
    info = gate_info(trace, panels, sample=sample, layer=layer, direction=direction, unit=unit, order=order)
    groups = [list(group) for _, group in groupby(info.panels, key=lambda panel: (panel.low, panel.high))] if unit_lines else []
    map_height = int(np.clip(5 * len(info.units), 110, 220))
    maps = len(info.panels)
    heights = [TOP, *[map_height] * maps, *[TRACE] * len(groups)]
    figure, height = _panels(heights, dated={1, 1 + maps, len(heights)})
    context = int(info.steps[-1, 1]) + 1
    index = extend(series.index, first_row + context)
    _draw_input(figure, series, forecast, first_row, context, target)
    for row, panel in enumerate(info.panels, start=2):
        _draw_map(figure, row, panel, info, _columns(index, first_row, info), unit, map_height)
    for row, group in enumerate(groups, start=2 + len(info.panels)):
        _draw_lines(figure, row, group, positions(index, first_row + info.steps.mean(axis=1).astype(np.int64)), info, unit)
    panel_title(figure, 1, "Input" if forecast is None else "Input, forecast and truth")
    arrange(figure, height, showlegend=False, margin={"l": 8, "r": 8, "t": TITLE, "b": DATES})
    figure.update_xaxes(showspikes=True, spikemode="across", spikethickness=1, spikecolor=TRUTH, spikedash="dot", spikesnap="cursor")
    return figure


def _panels(heights: Sequence[int], dated: set[int]) -> tuple[go.Figure, int]:
    """Panels of some heights (pixels) below each other on one time axis; those in ``dated`` have room for dates below them.

    Returns:
        The figure, and its height in pixels.
    """
    figure = make_subplots(rows=len(heights), cols=1, shared_xaxes=True)
    gaps = [TITLE + (DATES if row in dated else 8) for row in range(1, len(heights))]
    whole = sum(heights) + sum(gaps)
    top = whole
    for row, (tall, gap) in enumerate(zip(heights, [*gaps, 0], strict=True), start=1):
        figure.update_yaxes(domain=[max(0.0, (top - tall) / whole), top / whole], row=row, col=1)
        figure.update_xaxes(showticklabels=row in dated, row=row, col=1)
        top -= tall + gap
    return figure, whole + TITLE + DATES


def _columns(index: pd.Index, first_row: int, info: GateInfo) -> Positions:
    """Centre of every column; for a lone column its two edges, as Plotly could not know its width."""
    rows = first_row + info.steps
    first, last = positions(index, rows[:, 0]), positions(index, rows[:, 1])
    if len(rows) == 1:
        return np.array([first[0], last[0]]) if rows[0, 1] > rows[0, 0] else np.array([first[0]])
    return first + (last - first) // 2 if first.dtype.kind == "M" else (first + last) / 2.0


def _outer_edges(columns: Positions, count: int) -> tuple[object, object]:
    """Where Plotly begins the first cell of a row and ends the last: half a column beyond their centres, if it was given centres."""
    if count == 1:
        return columns[0], columns[-1]
    return columns[0] - (columns[1] - columns[0]) / 2, columns[-1] + (columns[-1] - columns[-2]) / 2


def _draw_input(figure: go.Figure, series: SeriesPicture, forecast: Forecast | None, first_row: int, context: int, target: int) -> None:
    forecasts = () if forecast is None else (forecast,)
    info = forecast_info(forecasts, series, [first_row + context], context, target)
    for line in forecast_traces(info, series):
        figure.add_trace(line, row=1, col=1)
    figure.update_yaxes(title_text=as_text(series.name, 24), row=1, col=1)
    if forecast is not None:
        start = positions(extend(series.index, first_row + context + 1), [first_row + context])[0]
        figure.add_vline(x=edge(start), line={"color": TRUTH, "width": 1, "dash": "dot"}, row=1, col=1)


def _draw_map(figure: go.Figure, row: int, info: PanelInfo, whole: GateInfo, columns: Positions, unit: int, map_height: int) -> None:
    sequential = info.low >= 0
    figure.add_trace(
        go.Heatmap(
            x=columns,
            y=[str(number) for number in whole.units],
            z=info.values,
            zmin=info.low,
            zmax=info.high,
            colorscale=GATE_SCALE if sequential else STATE_SCALE,
            hoverongaps=False,
            colorbar={
                "thickness": 8,
                "outlinewidth": 0,
                "tickvals": [info.low, (info.low + info.high) / 2, info.high],
                "tickformat": "~g",
                "ticklabelposition": "outside",
            },
            hovertemplate=f"%{{x}}<br>unit %{{y}}: {as_text(info.panel.name)} = %{{z:.3f}}<extra></extra>",
        ),
        row=row,
        col=1,
    )
    axis = figure.get_subplot(row, 1).yaxis
    low, high = axis.domain
    figure.data[-1].colorbar.update(y=(low + high) / 2, len=high - low, lenmode="fraction", yanchor="middle", ypad=0, xpad=4)
    figure.update_yaxes(
        type="category", autorange="reversed", nticks=max(6, map_height // 13), title_text="unit", showgrid=False, row=row, col=1
    )
    if np.isnan(info.values).any():
        figure.add_shape(
            type="rect",
            xref="x domain",
            yref="y domain",
            x0=0,
            x1=1,
            y0=0,
            y1=1,
            fillcolor=MISSING,
            line_width=0,
            layer="below",
            row=row,
            col=1,
        )
    left, right = _outer_edges(columns, len(whole.steps))
    for place in np.flatnonzero(whole.units == unit):
        figure.add_shape(
            type="rect",
            x0=edge(left),
            x1=edge(right),
            y0=float(place) - 0.5,
            y1=float(place) + 0.5,
            line={"color": UNIT, "width": 2},
            row=row,
            col=1,
        )
    panel_title(figure, row, f"{info.panel.label} <b>{as_text(info.panel.name)}</b>")


def _draw_lines(figure: go.Figure, row: int, group: Sequence[PanelInfo], x: Positions, whole: GateInfo, unit: int) -> None:
    mode = "lines+markers" if len(x) < 12 else "lines"
    names = []
    for info, color in zip(group, LINE_COLORS, strict=False):
        name = as_text(info.panel.name)
        if whole.windows > 1:
            around = np.concatenate([info.band_low, info.band_high[::-1]])
            figure.add_scatter(
                x=np.concatenate([x, x[::-1]]),
                y=around,
                mode="lines",
                fill="toself",
                fillcolor=faint(color),
                line_width=0,
                hoverinfo="skip",
                row=row,
                col=1,
            )
        figure.add_scatter(
            x=x,
            y=info.line,
            mode=mode,
            line={"color": color, "width": 1.8},
            hovertemplate=f"%{{x}}<br>{name} = %{{y:.3f}}<extra></extra>",
            row=row,
            col=1,
        )
        names.append(f'<span style="color:{color}"><b>{name}</b></span>')
    margin = 0.04 * (group[0].high - group[0].low)
    if group[0].panel.low is not None:
        figure.update_yaxes(range=[group[0].low - margin, group[0].high + margin], row=row, col=1)
    panel_title(figure, row, f"Unit {unit}: {' '.join(names)}")
