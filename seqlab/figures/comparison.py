"""How the error of several models grows along the forecast."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import model_style
from seqlab.records import Forecast

__all__ = ["StepErrors", "plot_error_by_step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepErrors:
    """Mean absolute error of one model at every step ahead: (horizon,), NaN where nothing was observed."""

    model: str
    error: npt.NDArray[np.float64]


def _comparison_info(forecasts: Sequence[Forecast]) -> tuple[StepErrors, ...]:
    lines = []
    for forecast in forecasts:
        error = np.abs(np.asarray(forecast.y_pred, dtype=np.float64) - np.asarray(forecast.y_true, dtype=np.float64))
        seen = np.isfinite(error)
        count = seen.sum(axis=(0, 2))
        total = np.where(seen, error, 0.0).sum(axis=(0, 2))
        mean = np.full(count.shape, np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        lines.append(StepErrors(model=forecast.model, error=mean))
    return tuple(lines)


def plot_error_by_step(forecasts: Sequence[Forecast], *, unit: str = "", height: int = 300) -> go.Figure:
    """One line per model: the mean absolute error one step ahead, two steps ahead, and so on.

    Args:
        forecasts: one per model; the first is drawn as the network.
        unit: name of the values, for the axis.
        height: pixels.
    """
    lines = [line for line in _comparison_info(forecasts) if np.isfinite(line.error).any()]
    if not lines:
        return empty_figure("Error by step ahead", "there is no forecast with an observed value yet", height)
    figure = go.Figure()
    for number, line in enumerate(lines):
        style = model_style(number)
        figure.add_scatter(
            x=np.arange(1, len(line.error) + 1),
            y=line.error.astype(np.float32),
            mode="lines+markers" if len(line.error) <= 12 else "lines",
            name=as_text(line.model),
            line=style,
            marker={"size": 5},
            hovertemplate=f"{as_text(line.model)}<br>step %{{x}}: %{{y:.4g}}<extra></extra>",
        )
    figure.update_xaxes(title_text="steps ahead", tickformat="d")
    if max(len(line.error) for line in lines) <= 12:
        figure.update_xaxes(dtick=1)
    figure.update_yaxes(title_text=f"mean absolute error{f' ({as_text(unit, 20)})' if unit else ''}", rangemode="tozero")
    return arrange(figure, height)
