"""Forecasts of several runs from one origin, beside what really happened."""

from collections.abc import Sequence

import plotly.graph_objects as go

from seqlab.figures.forecast import plot_forecast
from seqlab.figures.run_style import run_style
from seqlab.records import Forecast, SeriesPicture

__all__ = ["plot_run_forecasts"]


def plot_run_forecasts(
    forecasts: Sequence[Forecast],
    positions: Sequence[int],
    *,
    series: SeriesPicture,
    origin: int,
    context_length: int,
    target: int = 0,
    height: int = 340,
) -> go.Figure:
    """As :func:`seqlab.figures.forecast.plot_forecast`, in the colours that the runs have elsewhere on the page.

    Args:
        forecasts: one per run.
        positions: one per forecast: decides its colour.
        series: the target column, in the data's own units.
        origin: row of the first forecast step.
        context_length: steps shown before it.
        target: which target of the forecasts the series is.
        height: pixels.
    """
    there = [place for place, forecast in enumerate(forecasts) if origin in forecast.origins]
    figure = plot_forecast(
        [forecasts[place] for place in there],
        series=series,
        origins=[origin],
        context_length=context_length,
        target=target,
        height=height,
    )
    for trace, place in zip(figure.data[1:], there, strict=False):
        style = run_style(positions[place])
        trace.update(line=style, marker={"color": style["color"]})
    return figure
