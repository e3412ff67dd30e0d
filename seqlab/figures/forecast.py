"""Forecasts of one or several models beside what really happened."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.axis import edge, extend, positions
from seqlab.figures.decimate import decimate
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import TRUTH, model_style
from seqlab.records import Forecast, SeriesPicture

__all__ = ["ForecastInfo", "chain_origins", "forecast_info", "forecast_traces", "plot_forecast"]

HEIGHT = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastInfo:
    """The numbers of the picture.

    Args:
        rows: (point,) rows of the truth that is drawn: the context and the forecast's steps.
        truth: (point,) values, NaN where nothing was observed.
        lines: per model its name, rows and values; NaN separates forecasts from different origins.
        first_steps: row of the first step of every forecast drawn.
    """

    rows: npt.NDArray[np.int64]
    truth: npt.NDArray[np.float32]
    lines: tuple[tuple[str, npt.NDArray[np.int64], npt.NDArray[np.float32]], ...]
    first_steps: tuple[int, ...]


def chain_origins(forecast: Forecast) -> tuple[int, ...]:
    """Origins of forecasts that follow each other without overlap, the last one as late as possible.

    Example:
        >>> zeros = np.zeros((5, 2, 1))
        >>> chain_origins(Forecast(model="m", targets=("y",), origins=np.arange(10, 15), y_pred=zeros, y_true=zeros))
        (10, 12, 14)
    """
    horizon = forecast.y_pred.shape[1]
    chosen: list[int] = []
    for origin in sorted((int(origin) for origin in forecast.origins), reverse=True):
        if not chosen or chosen[-1] - origin >= horizon:
            chosen.append(origin)
    return tuple(reversed(chosen))


def forecast_info(
    forecasts: Sequence[Forecast], series: SeriesPicture, origins: Sequence[int], context_length: int, target: int
) -> ForecastInfo:
    """Numbers of the forecast picture; the arguments are those of :func:`plot_forecast`."""
    known = np.asarray(series.values, dtype=np.float64)
    horizon = max((forecast.y_pred.shape[1] for forecast in forecasts), default=0)
    first, end = max(0, min(origins) - context_length), max(origins) + horizon
    rows = np.arange(first, end)
    truth = np.full(len(rows), np.nan)
    inside = rows < len(known)
    truth[inside] = known[rows[inside]]
    lines = []
    for forecast in forecasts:
        at, values = [], []
        for origin in origins:
            for place in np.flatnonzero(forecast.origins == origin)[:1]:
                path = np.asarray(forecast.y_pred[place, :, target], dtype=np.float64)
                at.append(np.append(np.arange(origin, origin + len(path)), origin + len(path) - 1))
                values.append(np.append(path, np.nan))
        if at:
            lines.append((forecast.model, np.concatenate(at)[:-1], np.concatenate(values)[:-1].astype(np.float32)))
    return ForecastInfo(rows=rows, truth=truth.astype(np.float32), lines=tuple(lines), first_steps=tuple(sorted(origins)))


def forecast_traces(info: ForecastInfo, series: SeriesPicture, hidden: Sequence[str] = ()) -> list[go.Scatter]:
    """The lines of the picture; models named in ``hidden`` start as a legend entry only."""
    last = max([int(info.rows[-1]), *(int(at.max()) for _, at, _ in info.lines)])
    index = extend(series.index, last + 1)
    shown = decimate(info.truth.astype(np.float64))
    traces = [
        go.Scatter(
            x=positions(index, info.rows[shown]),
            y=info.truth[shown],
            mode="lines",
            name="truth",
            line={"color": TRUTH, "width": 2},
            connectgaps=False,
            hovertemplate="%{x}<br>truth %{y:.6g}<extra></extra>",
        )
    ]
    for number, (name, at, values) in enumerate(info.lines):
        single = len(values) == 1
        traces.append(
            go.Scatter(
                x=positions(index, at),
                y=values,
                mode="markers" if single else "lines",
                name=as_text(name),
                line=model_style(number),
                marker={"color": model_style(number)["color"]},
                visible="legendonly" if name in hidden else True,
                connectgaps=False,
                hovertemplate=f"%{{x}}<br>{as_text(name)} %{{y:.6g}}<extra></extra>",
            )
        )
    return traces


def plot_forecast(
    forecasts: Sequence[Forecast],
    *,
    series: SeriesPicture,
    origins: Sequence[int],
    context_length: int,
    target: int = 0,
    hidden: Sequence[str] = (),
    height: int = HEIGHT,
) -> go.Figure:
    """Forecasts from some origins, with the steps before the first one and the truth throughout.

    Args:
        forecasts: one per model; the first is drawn as the network.
        series: the target column, in the data's own units.
        origins: rows of the first forecast steps; an origin that a model lacks is left out for that model.
        context_length: steps shown before the first forecast.
        target: which target of the forecasts the series is.
        hidden: models that start hidden and can be switched on in the legend.
        height: pixels.
    """
    if not forecasts or not len(origins):
        return empty_figure("Forecasts beside the truth", "there is no forecast yet", height)
    info = forecast_info(forecasts, series, origins, context_length, target)
    if not info.lines:
        return empty_figure("Forecasts beside the truth", "no model has a forecast from here", height)
    figure = go.Figure(forecast_traces(info, series, hidden))
    index = extend(series.index, int(info.rows[-1]) + 1)
    for first in info.first_steps:
        figure.add_vline(x=edge(positions(index, [first])[0]), line={"color": TRUTH, "width": 1, "dash": "dot"})
    figure.update_yaxes(title_text=as_text(series.name))
    return arrange(figure, height)
