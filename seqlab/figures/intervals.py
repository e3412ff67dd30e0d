"""Bands around forecasts: one starting point with its bands, and how many values they hold at every step ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.axis import edge, extend, positions
from seqlab.figures.forecast import forecast_info, forecast_traces
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import TRUTH, faint, model_style
from seqlab.records import Forecast, Interval, SeriesPicture

__all__ = ["CoverageCurve", "plot_band_forecast", "plot_coverage_by_step", "separate_origins"]

HEIGHT = 340
FEW = 12  # steps that are marked one by one

Banded = tuple[Forecast, Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCurve:
    """How many values of one model's band were inside: ``share`` and ``count`` are (horizon,); NaN where nothing was observed."""

    model: str
    share: npt.NDArray[np.float64]
    count: npt.NDArray[np.int64]


def separate_origins(origins: npt.ArrayLike, apart: int) -> int:
    """The largest number of origins that are at least ``apart`` rows from each other.

    Example:
        >>> separate_origins([10, 11, 12, 13, 14], 2), separate_origins([], 3)
        (3, 0)
    """
    count, last = 0, -np.inf
    for origin in np.sort(np.asarray(origins, dtype=np.int64)).tolist():
        if origin - last >= apart:
            count, last = count + 1, origin
    return count


def _coverage_info(banded: Sequence[Banded], target: int) -> tuple[CoverageCurve, ...]:
    curves = []
    for forecast, band in banded:
        truth, low, high = (np.asarray(values[..., target]) for values in (forecast.y_true, band.lower, band.upper))
        seen = np.isfinite(truth) & np.isfinite(low) & np.isfinite(high)
        count = seen.sum(axis=0)
        share = np.full(count.shape, np.nan)
        np.divide((seen & (low <= truth) & (truth <= high)).sum(axis=0), count, out=share, where=count > 0)
        curves.append(CoverageCurve(model=forecast.model, share=share, count=count))
    return tuple(curves)


def _chance_info(origins: npt.ArrayLike, level: float, horizon: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Lowest and highest coverage that 95 of 100 bands have that keep their promise: (horizon,) each.

    Forecasts from origins fewer than h rows apart share steps of their first h, so at step h only origins at least h apart count.
    """
    count = np.array([max(separate_origins(origins, step), 1) for step in range(1, horizon + 1)])
    around = 1.96 * np.sqrt(level * (1 - level) / count)
    return np.maximum(level - around, 0.0), np.minimum(level + around, 1.0)


def plot_band_forecast(
    banded: Sequence[Banded],
    *,
    series: SeriesPicture,
    origin: int,
    context_length: int,
    target: int = 0,
    hidden: Sequence[str] = (),
    height: int = HEIGHT,
) -> go.Figure:
    """Forecasts from one origin with a band around each, beside the truth.

    Args:
        banded: forecast and band of each model; the first is drawn as the network.
        series: the target column, in the data's own units.
        origin: row of the first forecast step.
        context_length: steps shown before it.
        target: which target of the forecasts the series is.
        hidden: models that start hidden, with their bands, and can be switched on in the legend.
        height: pixels.
    """
    forecasts = [forecast for forecast, _ in banded]
    info = forecast_info(forecasts, series, [origin], context_length, target)
    if not info.lines:
        return empty_figure("A band around the forecast", "no model has a forecast from here", height)
    traces = forecast_traces(info, series, hidden)
    index = extend(series.index, int(info.rows[-1]) + 1)
    bands = []
    for number, (forecast, band) in enumerate(banded):
        place = np.flatnonzero(forecast.origins == origin)[:1]
        low, high = (np.asarray(values[place, :, target], dtype=np.float32).ravel() for values in (band.lower, band.upper))
        if len(low) and np.isfinite(low).all() and np.isfinite(high).all():
            rows = np.arange(origin, origin + len(low))
            bands.append(_band(positions(index, rows), low, high, number, forecast.model, hidden=forecast.model in hidden))
    for trace in traces[1:]:
        trace.legendgroup = trace.name
    figure = go.Figure([*bands, *traces])
    figure.add_vline(x=edge(positions(index, [origin])[0]), line={"color": TRUTH, "width": 1, "dash": "dot"})
    figure.update_yaxes(title_text=as_text(series.name))
    return arrange(figure, height)


def _band(
    x: npt.NDArray[np.generic], low: npt.NDArray[np.float32], high: npt.NDArray[np.float32], number: int, model: str, *, hidden: bool
) -> go.Scatter:
    """A filled outline; of a single step an upright line."""
    color = str(model_style(number)["color"])
    return go.Scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        mode="lines",
        fill="toself" if len(low) > 1 else None,
        fillcolor=faint(color),
        line={"color": faint(color) if len(low) > 1 else color, "width": 1},
        name=f"band of {as_text(model)}",
        legendgroup=as_text(model),
        showlegend=False,
        visible="legendonly" if hidden else True,
        hoverinfo="skip",
    )


def plot_coverage_by_step(banded: Sequence[Banded], *, level: float, target: int = 0, height: int = 300) -> go.Figure:
    """The share of values inside the band at every step ahead, the level promised, and the range that chance alone explains.

    Args:
        banded: forecast and band of each model; the first is drawn as the network.
        level: the share that is promised.
        target: which target.
        height: pixels.
    """
    curves = [(number, curve) for number, curve in enumerate(_coverage_info(banded, target)) if np.isfinite(curve.share).any()]
    if not curves:
        return empty_figure("Values inside the band by step ahead", "no model has a band with an observed value yet", height)
    horizon = max(len(curve.share) for _, curve in curves)
    steps = np.arange(1, horizon + 1)
    low, high = _chance_info(banded[0][0].origins, level, horizon)
    figure = go.Figure()
    figure.add_scatter(
        x=np.concatenate([steps, steps[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor="rgba(128, 128, 128, 0.14)",
        line={"width": 0},
        mode="lines",
        name="within chance",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=steps,
        y=np.full(horizon, level),
        mode="lines",
        name=f"promised: {100 * level:.4g} %",
        line={"color": TRUTH, "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )
    for number, curve in curves:
        figure.add_scatter(
            x=steps,
            y=curve.share.astype(np.float32),
            customdata=curve.count,
            mode="lines+markers" if horizon <= FEW else "lines",
            name=as_text(curve.model),
            line=model_style(number),
            marker={"size": 5},
            hovertemplate=f"{as_text(curve.model)}<br>step %{{x}}: %{{y:.1%}} of %{{customdata:,}}<extra></extra>",
        )
    figure.update_xaxes(title_text="steps ahead", tickformat="d")
    if horizon <= FEW:
        figure.update_xaxes(dtick=1)
    lowest = min(float(np.nanmin(curve.share)) for _, curve in curves)
    figure.update_yaxes(title_text="values inside the band", tickformat=".0%", range=[max(0.0, min(lowest, float(low.min())) - 0.03), 1.01])
    return arrange(figure, height)
