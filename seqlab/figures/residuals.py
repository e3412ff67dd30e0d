"""Residuals in pictures: over time, related to later ones, beside a normal distribution, and by season."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.axis import positions
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure, panel_title
from seqlab.figures.palette import GRID, MISSING, MODEL, TRUTH, UNIT

__all__ = ["CorrelationBars", "plot_by_phase", "plot_correlations", "plot_histogram", "plot_qq", "plot_residuals"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationBars:
    """One panel of bars.

    Args:
        name: what they are.
        values: (lag,)
        outside: (lag,) which bars leave the bounds.
        forced: (lag,) which lags are related by construction.
    """

    name: str
    values: Floats
    outside: npt.NDArray[np.bool_]
    forced: npt.NDArray[np.bool_]


def _correlation_info(lags: Integers, acf: Floats, pacf: Floats, bound: float, overlap: int) -> tuple[CorrelationBars, ...]:
    return tuple(
        CorrelationBars(name=name, values=values, outside=np.abs(values) > bound, forced=lags <= overlap)
        for name, values in (("Autocorrelation", acf), ("Partial autocorrelation", pacf))
    )


def plot_correlations(
    lags: Integers,
    acf: Floats,
    pacf: Floats,
    bound: float,
    *,
    lag: str = "1 row",
    overlap: int = 0,
    marks: Sequence[int] = (),
    height: int = 420,
) -> go.Figure:
    """Autocorrelation above partial autocorrelation; bars of unrelated residuals stay within the band.

    Args:
        lags: (lag,) from 1.
        acf, pacf: (lag,)
        bound: half width of the 95 % band.
        lag: what one lag stands for.
        overlap: lags up to here are related by construction.
        marks: lags of the season.
    """
    if not len(lags):
        return empty_figure("Autocorrelation", "it cannot be computed", height)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.14)
    for row, panel in enumerate(_correlation_info(lags, acf, pacf, bound, overlap), start=1):
        figure.add_hrect(y0=-bound, y1=bound, fillcolor=GRID, line={"width": 0}, layer="below", row=row, col=1)
        for name, some, color in (
            ("outside the band", panel.outside & ~panel.forced, UNIT),
            ("within the band", ~panel.outside & ~panel.forced, MODEL),
            ("overlapping forecasts", panel.forced, MISSING),
        ):
            if some.any():
                figure.add_bar(
                    x=lags[some], y=panel.values[some], name=name, legendgroup=name, marker={"color": color}, row=row, col=1,
                    showlegend=row == 1 or not any(trace.name == name for trace in figure.data),
                    hovertemplate="lag %{x}: %{y:.3f}<extra></extra>",
                )  # fmt: skip
        for place in marks:
            if place <= lags[-1]:
                figure.add_vline(x=place, line={"color": TRUTH, "width": 1, "dash": "dot"}, row=row, col=1)
    arrange(figure, height, barmode="overlay", margin={"l": 8, "r": 8, "t": 52, "b": 8}, legend={"y": 1.07})
    panel_title(figure, 1, "Autocorrelation")
    panel_title(figure, 2, "Partial autocorrelation")
    figure.update_xaxes(title_text=f"lag (1 lag is {as_text(lag)})", row=2, col=1)
    figure.update_yaxes(range=_reach(acf, pacf, bound))
    return figure


def _reach(*values: Floats | float) -> list[float]:
    """Symmetric limits of both panels."""
    largest = min(1.0, 1.15 * max(float(np.nanmax(np.abs(value))) for value in values))
    return [-largest, largest]


def plot_residuals(index: pd.Index, rows: Integers, values: Floats, *, unit: str = "", height: int = 260) -> go.Figure:
    """The residuals in time order.

    Args:
        index: (time,) of the whole series.
        rows: (origin,) row of each residual.
        values: (origin,) NaN where nothing was observed.
    """
    if not np.isfinite(values).any():
        return empty_figure("Residuals over time", "there are none", height)
    figure = go.Figure()
    figure.add_scatter(
        x=positions(index, rows), y=values, mode="lines+markers" if len(values) <= 150 else "lines", name="residual",
        line={"color": MODEL, "width": 1.2}, marker={"size": 4}, showlegend=False, hovertemplate="%{x}: %{y:.4g}<extra></extra>",
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": TRUTH, "width": 1})
    arrange(figure, height)
    figure.update_yaxes(title_text=_axis(unit))
    return figure


def plot_histogram(edges: Floats, density: Floats, grid: Floats, normal: Floats, *, unit: str = "", height: int = 320) -> go.Figure:
    """How often residuals of a size occur, beside the normal distribution of the same mean and spread.

    Args:
        edges, density: (bin + 1,) and (bin,)
        grid, normal: (point,) the curve.
    """
    if not len(density):
        return empty_figure("Distribution of the residuals", "it cannot be computed", height)
    figure = go.Figure()
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2, y=density, width=np.diff(edges), name="residuals", marker={"color": MODEL, "opacity": 0.6},
        customdata=np.column_stack([edges[:-1], edges[1:]]),
        hovertemplate="%{customdata[0]:.4g} to %{customdata[1]:.4g}: %{y:.3g}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(x=grid, y=normal, mode="lines", name="normal distribution", line={"color": UNIT, "width": 2}, hoverinfo="skip")
    figure.add_vline(x=0, line={"color": TRUTH, "width": 1})
    arrange(figure, height, bargap=0)
    figure.update_xaxes(title_text=_axis(unit))
    figure.update_yaxes(title_text="density", rangemode="tozero")
    return figure


def plot_qq(expected: Floats, ordered: Floats, *, unit: str = "", height: int = 320) -> go.Figure:
    """Residuals by size against what a normal distribution would give: on the line they agree.

    Args:
        expected, ordered: (n,) quantiles of the normal distribution, and the residuals by size.
    """
    if not len(ordered):
        return empty_figure("Q–Q plot", "it cannot be computed", height)
    ends = [float(min(expected[0], ordered[0])), float(max(expected[-1], ordered[-1]))]
    figure = go.Figure()
    figure.add_scatter(x=ends, y=ends, mode="lines", name="normal distribution", line={"color": UNIT, "width": 2}, hoverinfo="skip")
    figure.add_scatter(
        x=expected, y=ordered, mode="markers", name="residuals", marker={"color": MODEL, "size": 5},
        hovertemplate="expected %{x:.4g}, found %{y:.4g}<extra></extra>",
    )  # fmt: skip
    arrange(figure, height)
    figure.update_xaxes(title_text="expected of a normal distribution")
    figure.update_yaxes(title_text=_axis(unit))
    return figure


def plot_by_phase(labels: Sequence[str], quantiles: Floats, mean: Floats, *, season: str, unit: str = "", height: int = 320) -> go.Figure:
    """A box per phase of the season: the middle half of the residuals, whiskers from 5 to 95 %, and the mean as a dot.

    Args:
        labels: (phase,) such as hours or months.
        quantiles: (phase, 5) 5, 25, 50, 75 and 95 %.
        mean: (phase,)
        season: what a phase is.
    """
    if not len(labels):
        return empty_figure("Residuals by season", "there is no season, or no residual in it", height)
    names = [as_text(label, 16) for label in labels]
    low, first, median, third, high = quantiles.T
    figure = go.Figure()
    figure.add_box(
        x=names, lowerfence=low, q1=first, median=median, q3=third, upperfence=high, name="5, 25, 50, 75, 95 %",
        marker={"color": MODEL}, line={"width": 1.2},
    )  # fmt: skip
    figure.add_scatter(
        x=names, y=mean, mode="markers", name="mean", marker={"color": UNIT, "size": 7}, hovertemplate="%{x}: mean %{y:.4g}<extra></extra>"
    )
    figure.add_hline(y=0, line={"color": TRUTH, "width": 1})
    arrange(figure, height)
    figure.update_xaxes(title_text=as_text(season), type="category")
    figure.update_yaxes(title_text=_axis(unit))
    return figure


def _axis(unit: str) -> str:
    return f"residual ({as_text(unit, 20)})" if unit else "residual"
