"""The forget-bias experiment: the timescale that a bias promises, what is measured before and after training, and the test error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, GRID, MODEL, TRUTH, UNIT

__all__ = ["TrialInfo", "plot_forget_bias", "promised_curve"]

Doubles = npt.NDArray[np.float64]

START, SOLVED, UNSOLVED = BASELINE_COLORS[1], MODEL, BASELINE_COLORS[0]
VERDICTS = {"solved": SOLVED, "partly": BASELINE_COLORS[2], "not learned": UNSOLVED}
"""Verdict → colour of its bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialInfo:
    """One run of the experiment; NaN where it is not trained yet.

    Args:
        label: on the axis.
        bias: the forget bias; NaN where biases are spread.
        promised_low, promised_high: timescales that the start biases promise, in steps.
        start_median, start_longest: measured before training: the unit in the middle, and the one that remembers longest.
        median, longest: measured after training.
        error: mean absolute error on the test part.
        verdict: a key of :data:`VERDICTS`, or empty.
    """

    label: str
    bias: float
    promised_low: float
    promised_high: float
    start_median: float
    start_longest: float
    median: float
    longest: float
    error: float
    verdict: str


def promised_curve(low: float, high: float, points: int = 81) -> tuple[Doubles, Doubles]:
    """Biases and their timescales τ = 1 / log(1 + e^{-b}) (Mahto et al. 2021, 2009.12727).

    Example:
        >>> biases, steps = promised_curve(0.0, 1.0, 2)
        >>> biases.tolist(), steps.round(2).tolist()
        ([0.0, 1.0], [1.44, 3.19])
    """
    biases = np.linspace(low, high, points)
    return biases, 1.0 / np.log1p(np.exp(-biases))


def plot_forget_bias(trials: Sequence[TrialInfo], *, lag: int, trivial: float) -> go.Figure:
    """Above timescales on a logarithmic axis, below the test error; one column per trial.

    Args:
        trials: biases ascending, then those with spread biases.
        lag: steps the task asks to bridge.
        trivial: the error of always forecasting the middle value; NaN if not known yet.
    """
    if not trials:
        return empty_figure("Forget bias", "no run was planned")
    x = _columns(trials)
    figure = go.Figure()
    _draw_promised(figure, trials, x)
    for name, values, color, symbol, size in (
        ("measured before training, middle unit", [one.start_median for one in trials], START, "circle-open", 11),
        ("after training, middle unit", [one.median for one in trials], MODEL, "circle", 10),
        ("after training, longest memory", [one.longest for one in trials], UNIT, "triangle-up", 11),
    ):
        figure.add_scatter(
            x=x, y=_finite(values), mode="markers", name=name,
            marker={"color": color, "symbol": symbol, "size": size, "line": {"width": 2, "color": color}},
            customdata=[as_text(one.label) for one in trials],
            hovertemplate=f"%{{customdata}}<br>{name}: %{{y:,.1f}} steps<extra></extra>",
        )  # fmt: skip
    edges = [x[0] - 0.6, x[-1] + 0.6]
    figure.add_scatter(
        x=edges, y=[lag, lag], mode="lines", name=f"lag of the task, {lag:,} steps", line={"color": TRUTH, "dash": "dash", "width": 2},
        hoverinfo="skip",
    )  # fmt: skip
    for verdict, color in VERDICTS.items():
        chosen = [number for number, one in enumerate(trials) if one.verdict == verdict]
        if chosen:
            figure.add_bar(
                x=x[chosen], y=[trials[number].error for number in chosen], name=verdict, marker_color=color, width=0.6, yaxis="y2",
                legend="legend2", customdata=[as_text(trials[number].label) for number in chosen],
                hovertemplate=f"%{{customdata}}, {verdict}<br>test error %{{y:.3g}}<extra></extra>",
            )  # fmt: skip
    tested = np.isfinite(trivial) or any(one.verdict for one in trials)  # before that there is nothing to draw below
    domain = [0.44, 0.84] if tested else [0.0, 0.74]
    if np.isfinite(trivial):
        figure.add_scatter(
            x=edges, y=[trivial, trivial], mode="lines", name="always forecasting 0", yaxis="y2", legend="legend2",
            line={"color": TRUTH, "dash": "dot", "width": 2}, hoverinfo="skip",
        )  # fmt: skip
    arrange(
        figure,
        640 if tested else 400,
        bargap=0.2,
        yaxis={"domain": domain, "title": {"text": "τ (steps)"}, "type": "log", "dtick": 1, "minor": {"showgrid": False}},
        yaxis2={"domain": [0.0, 0.28], "title": {"text": "test error (MAE)"}, "rangemode": "tozero", "anchor": "x"},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": domain[1] + 0.02, "yanchor": "bottom"},
        legend2={"orientation": "h", "x": 0, "xanchor": "left", "y": 0.29, "yanchor": "bottom"},
    )
    figure.update_xaxes(
        tickvals=x, ticktext=[as_text(one.label) for one in trials], title_text="forget bias at the start", range=edges,
        anchor="y2" if tested else "y", gridcolor=GRID,
    )  # fmt: skip
    return figure


def _columns(trials: Sequence[TrialInfo]) -> Doubles:
    """Where trials stand: at their bias, the others one and a half to the right of the last."""
    biases = np.array([one.bias for one in trials], dtype=np.float64)
    spread = ~np.isfinite(biases)
    last = np.nanmax(biases) if (~spread).any() else 0.0
    return np.where(spread, last + 0.5 + np.cumsum(spread), biases)


def _draw_promised(figure: go.Figure, trials: Sequence[TrialInfo], x: Doubles) -> None:
    """A curve over the biases, and a bar where they are spread."""
    biases = [one.bias for one in trials if np.isfinite(one.bias)]
    line = {"color": TRUTH, "width": 2}
    name = "promised by the bias"
    if biases:
        curve, steps = promised_curve(min(biases), max(biases))
        figure.add_scatter(
            x=curve, y=steps, mode="lines", name=name, line=line, hovertemplate="bias %{x:.1f}: τ = %{y:,.1f}<extra></extra>"
        )
    for place, one in zip(x, trials, strict=True):
        if not np.isfinite(one.bias):
            figure.add_scatter(
                x=[place, place], y=[one.promised_low, one.promised_high], mode="lines", line=line | {"width": 5}, showlegend=not biases,
                name=name, hovertemplate=f"{as_text(one.label)}: spread over τ = %{{y:,.1f}}<extra></extra>",
            )  # fmt: skip


def _finite(values: Sequence[float]) -> Doubles:
    given = np.array(values, dtype=np.float64)
    return np.where(np.isfinite(given) & (given > 0), given, np.nan)
