"""A window's gates as a canvas: input and forecast, a heat map per gate, the picked unit's lines."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.figures.axis import extend
from seqlab.figures.gate_numbers import GatePanel, panel_rank, round_limit
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH
from seqlab.records import Forecast
from seqlab.ui.lab.bench import Bench, panels_of
from seqlab.ui.lab.reading import words_of
from seqlab.ui.lab.sequence_input import sequence_input
from seqlab.ui.trace_canvas import InputLine, InputPanel, LinePanel, LineTrace, MapPanel, TraceCanvas

__all__ = ["FEW_ROWS", "trace_canvas"]

FEW_ROWS = 64
"""Units drawn at most unless more are asked for: more is a wall in which nobody finds anything."""

_LINE_COLORS = (MODEL, *BASELINE_COLORS)
_TALL = 170  # pixels of a map that has many rows


def trace_canvas(
    bench: Bench, gates: Sequence[str], *, forecast: Forecast | None, rows: int = FEW_ROWS, link: str = "", lines: bool = True
) -> TraceCanvas:
    """The picture of the window on the screen.

    Args:
        bench: what is looked at.
        gates: letters of the gates and states to draw.
        forecast: drawn beside what came; its first origin is the window on the screen. ``None`` for sequences.
        rows: units drawn at most, from the top of the order.
        link: shares the cursor with other canvases of the page.
        lines: whether the picked unit's lines are drawn below the maps.
    """
    units = bench.order[:rows]
    panels = sorted(panels_of(bench.entry, list(gates)), key=panel_rank)
    limits = {panel.name: _limits(panel, bench) for panel in panels}
    span = _span(bench)
    dated = isinstance(span, pd.DatetimeIndex)
    words = words_of(bench)
    top = "Input and forecast" if bench.of_series else f"What is read of the {bench.noun}"
    return TraceCanvas(
        alt=(
            f"{top}, then a heat map for each of {', '.join(panel.label for panel in panels)}: "
            f"{len(units)} units by {bench.steps} steps, and unit {bench.unit} as lines"
        ),
        rows=[int(unit) for unit in units],
        unit=bench.unit,
        step=bench.step,
        times=_times(span),
        x_kind="time" if dated else "number",
        x_label="" if dated else "row of the data" if bench.of_series else "step",
        words=words,
        steps=bench.steps,
        per_column=bench.trace.segment_length,
        maps=[_map(panel, bench, units, limits[panel.name]) for panel in panels],
        lines=[_lines(list(group), bench, limits) for _, group in groupby(panels, key=panel_rank)] if lines else [],
        input=_input(bench, forecast) if bench.of_series else sequence_input(bench, len(span)),
        groups=[(start, name) for start, name in bench.groups if start < len(units)],
        link=link,
        row_height=float(np.clip(_TALL / max(1, len(units)), 1.25, 12.0)),
    )


def _span(bench: Bench) -> pd.Index:
    """(input step,) of the window and what is forecast from it; of a sequence its steps from 1, whole groups of them."""
    if not bench.of_series:
        return pd.RangeIndex(1, bench.steps * bench.trace.segment_length + 1)
    end = bench.choice.origin + bench.fitted.spec.window.horizon
    return extend(bench.prepared.index, end)[bench.first_row : end]


def _times(span: pd.Index) -> npt.NDArray[np.float64]:
    if isinstance(span, pd.DatetimeIndex):
        return span.to_numpy().astype("datetime64[ms]").astype(np.float64)
    return np.asarray(span, dtype=np.float64)


def _limits(panel: GatePanel, bench: Bench) -> tuple[float, float]:
    if panel.low is not None and panel.high is not None:
        return panel.low, panel.high
    limit = round_limit(bench.everywhere(panel.name))
    return -limit, limit


def _map(panel: GatePanel, bench: Bench, units: npt.NDArray[np.intp], limits: tuple[float, float]) -> MapPanel:
    values = bench.values(panel.name)
    several = len(values) > 1
    return MapPanel(
        name=panel.name,
        label=panel.label,
        values=values[0].T[units],
        low=limits[0],
        high=limits[1],
        summary=bench.everywhere(panel.name).mean(axis=0, dtype=np.float64)[units] if several else None,
    )


def _lines(panels: Sequence[GatePanel], bench: Bench, limits: dict[str, tuple[float, float]]) -> LinePanel:
    low, high = min(limits[panel.name][0] for panel in panels), max(limits[panel.name][1] for panel in panels)
    traces = []
    for panel, color in zip(panels, _LINE_COLORS, strict=False):
        values = bench.values(panel.name)[:, :, bench.unit]
        band = np.nanquantile(values, (0.1, 0.9), axis=0) if len(values) > 1 else np.empty((2, 0))
        traces.append(LineTrace(name=panel.name, color=color, values=values[0], band_low=band[0], band_high=band[1]))
        if panel.low is None:  # an unbounded state may leave the colours' limits; its line must not
            low, high = min(low, float(np.nanmin(values[0]))), max(high, float(np.nanmax(values[0])))
    return LinePanel(title="Unit {unit}:", low=low, high=high, traces=traces)


def _input(bench: Bench, forecast: Forecast | None) -> InputPanel:
    prepared, horizon = bench.prepared, bench.fitted.spec.window.horizon
    name = prepared.target_names[bench.choice.column]
    values = prepared.dataset.frame[name].to_numpy()[bench.first_row : bench.choice.origin + horizon]
    length = bench.choice.origin + horizon - bench.first_row
    truth = np.full(length, np.nan)
    truth[: len(values)] = values
    lines = [InputLine(name="truth", values=truth, color=TRUTH)]
    if forecast is not None:
        path = np.full(length, np.nan)
        path[-horizon:] = forecast.y_pred[0, :, bench.choice.column]
        lines.append(InputLine(name="forecast", values=path, color=MODEL))
    return InputPanel(title=f"Input: {name}", lines=lines)
