"""The gates of two models on two canvases that share cursor, zoom and colours."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqlab.figures.gate_numbers import round_limit
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.trace_picture import FEW_ROWS, trace_canvas
from seqlab.ui.trace_canvas import MapPanel, TraceCanvas

__all__ = ["linked_canvas", "shared_limit"]

LINK = "pair"


def shared_limit(benches: Sequence[Bench]) -> float:
    """One limit for the colours of all unbounded states of all models, so that equal colours are equal values."""
    limits = [round_limit(bench.values(gate.name)) for bench in benches for gate in bench.entry.gates if gate.low is None]
    return max(limits, default=1.0)


def linked_canvas(bench: Bench, gates: Sequence[str], *, limit: float, by_date: bool) -> TraceCanvas:
    """The canvas of one of the two models.

    Args:
        bench: the model.
        gates: letters of the gates to draw.
        limit: limit of the colours of unbounded states.
        by_date: whether the two models share dates; else they are laid over each other by the steps up to the forecast.
    """
    place = int(np.flatnonzero(bench.order == bench.unit)[0])
    forecast = bench.forecast if bench.of_series else None
    canvas = trace_canvas(bench, gates, forecast=forecast, rows=max(FEW_ROWS, place + 1), link=LINK, lines=False)
    unbounded = {gate.name for gate in bench.entry.gates if gate.low is None}
    canvas = dataclasses.replace(
        canvas,
        alt=f"{bench.run.name}: what is read, then a heat map of units by steps for each of {', '.join(gates)}",
        maps=[_limited(panel, limit) if panel.name in unbounded else panel for panel in canvas.maps],
    )
    if by_date or not bench.of_series:
        return canvas
    context = bench.fitted.spec.window.context_length
    steps = np.arange(len(canvas.times), dtype=np.float64) - context
    return dataclasses.replace(canvas, times=steps, x_kind="number", x_label="steps from the start of the forecast")


def _limited(panel: MapPanel, limit: float) -> MapPanel:
    return dataclasses.replace(panel, low=-limit, high=limit)
