"""How long the units of a layer remember: a sorted dot plot beside the task's own lags, and the bias's prediction against it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.gate_numbers import MAX_UNITS
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH, UNIT

__all__ = ["TimescaleInfo", "log_range", "plot_predicted_timescales", "plot_timescales"]

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimescaleInfo:
    """How long units remember, in steps of the data; infinite where a gate never forgets.

    Args:
        timescale, half_life, horizon: (hidden,) steps until 37 %, half and 5 % are left.
        low, high: (hidden,) how far the timescale varies between windows.
        marks: name → steps of the task's own lags, such as its season.
        unit: the unit that was picked.
        predicted: (hidden,) timescale from the bias alone, or ``None``.
    """

    timescale: Floats
    half_life: Floats
    horizon: Floats
    low: Floats
    high: Floats
    marks: Mapping[str, float]
    unit: int
    predicted: Floats | None = None


def log_range(*values: Floats) -> tuple[float, float]:
    """Limits of a logarithmic axis, as powers of ten, around all finite positive values.

    Example:
        >>> log_range(np.array([1.0, np.inf, 0.0]), np.array([100.0]))
        (-0.1, 2.1)
    """
    every = np.concatenate([np.ravel(some) for some in values])
    every = np.log10(every[np.isfinite(every) & (every > 0)])
    return (float(every.min()) - 0.1, float(every.max()) + 0.1) if every.size else (-1.0, 1.0)


def _ticks(limits: tuple[float, float]) -> list[float]:
    """1, 2 and 5 times the powers of ten within the limits of a short axis; the powers alone on a long one."""
    factors = (1, 2, 5) if limits[1] - limits[0] < 3 else (1,)
    powers = range(math.floor(limits[0]), math.ceil(limits[1]) + 1)
    return [factor * 10.0**power for power in powers for factor in factors if limits[0] <= math.log10(factor) + power <= limits[1]]


def plot_timescales(info: TimescaleInfo) -> go.Figure:
    """One row per unit, longest memory first: half-life, timescale and horizon on a logarithmic axis."""
    finite = np.flatnonzero(np.isfinite(info.timescale))
    order = finite[np.argsort(-info.timescale[finite], kind="stable")][:MAX_UNITS]
    height = int(np.clip(120 + 15 * len(order), 260, 620))
    if not len(order):
        return empty_figure("Memory of every unit", _why_none(info.timescale), height)
    rows = np.arange(len(order))
    names = [str(unit) for unit in order]
    low, middle, high = info.low[order], info.timescale[order], info.high[order]
    figure = go.Figure()
    for name, values, color, symbol, size in (
        ("half-life (50 % left)", info.half_life[order], BASELINE_COLORS[1], "circle-open", 7),
        ("timescale τ (37 % left)", middle, MODEL, "circle", 9),
        ("horizon (5 % left)", info.horizon[order], BASELINE_COLORS[0], "diamond-open", 7),
    ):
        bars = {"type": "data", "symmetric": False, "array": np.where(np.isfinite(high), high, middle) - middle, "arrayminus": middle - low}
        figure.add_scatter(
            x=values,
            y=rows,
            mode="markers",
            name=name,
            marker={"color": color, "symbol": symbol, "size": size, "line": {"color": color, "width": 1.5}},
            customdata=names,
            hovertemplate="unit %{customdata}: %{x:.3g} steps<br>" + name + "<extra></extra>",
            **({"error_x": {**bars, "color": color, "thickness": 1, "width": 0}} if values is middle else {}),
        )
    for place in np.flatnonzero(order == info.unit):
        figure.add_hrect(y0=place - 0.5, y1=place + 0.5, line={"color": UNIT, "width": 2}, fillcolor="rgba(0,0,0,0)")
    limits = log_range(info.half_life[order], info.horizon[order], low, np.array(list(info.marks.values()), dtype=np.float64))
    arrange(figure, height, margin={"l": 8, "r": 8, "t": 30 + 16 * len(info.marks), "b": 8})
    figure.update_layout(legend={"y": -70 / height, "yanchor": "top"}, height=height + 60)
    _draw_marks(figure, info.marks, limits)
    figure.update_xaxes(title_text="steps", type="log", range=list(limits), tickvals=_ticks(limits))
    every = -(-len(order) // 32)
    figure.update_yaxes(title_text="unit", tickvals=rows[::every], ticktext=names[::every], range=[len(order) - 0.4, -0.6], showgrid=False)
    return figure


def _why_none(timescale: Floats) -> str:
    """Why no unit has a timescale that can be drawn: it never forgets, or its gate is not a number.

    Example:
        >>> _why_none(np.array([np.inf, np.nan, np.nan]))
        'of 2 units the gate is not a number, the others never forget'
    """
    lost = int(np.isnan(timescale).sum())
    if not lost:
        return "no unit ever forgets"
    if lost == len(timescale):
        return "the gate is not a number, so nothing could be measured"
    return f"of {lost} unit{'' if lost == 1 else 's'} the gate is not a number, the others never forget"


def _draw_marks(figure: go.Figure, marks: Mapping[str, float], limits: tuple[float, float]) -> None:
    """A line per lag of the task, each named on a line of its own above the plot, so that close ones stay readable."""
    for number, (name, steps) in enumerate(marks.items()):
        figure.add_vline(x=steps, line={"color": TRUTH, "width": 1.5, "dash": "dash"})
        right = np.log10(steps) > (limits[0] + limits[1]) / 2
        figure.add_annotation(
            text=f"{as_text(name)}: {steps:,.0f}",
            x=np.log10(steps),
            xref="x",
            xanchor="right" if right else "left",
            y=1.0,
            yref="paper",
            yanchor="bottom",
            yshift=2 + 16 * number,
            showarrow=False,
        )


def plot_predicted_timescales(info: TimescaleInfo, *, height: int = 380) -> go.Figure:
    """Every unit: the timescale that its bias alone would give, and the one that was measured; on the diagonal they agree."""
    predicted = info.predicted
    shown = np.isfinite(info.timescale) if predicted is None else np.isfinite(info.timescale) & np.isfinite(predicted)
    if predicted is None or not shown.any():
        return empty_figure("Predicted and measured memory", "no gate with a bias keeps the state", height)
    low, high = log_range(info.timescale[shown], predicted[shown])
    units = np.flatnonzero(shown)
    figure = go.Figure()
    ends = [10.0**low, 10.0**high]
    figure.add_scatter(
        x=ends, y=ends, mode="lines", name="measured as predicted", line={"color": TRUTH, "dash": "dash", "width": 1}, hoverinfo="skip"
    )
    for name, some, color, size in (
        ("units", units[units != info.unit], MODEL, 8),
        (f"unit {info.unit}", units[units == info.unit], UNIT, 13),
    ):
        if not len(some):
            continue
        figure.add_scatter(
            x=predicted[some],
            y=info.timescale[some],
            mode="markers",
            name=name,
            marker={"size": size, "color": color, "line": {"width": 1, "color": "rgba(255,255,255,0.6)"}},
            customdata=some,
            hovertemplate="unit %{customdata}<br>from the bias %{x:.3g} steps<br>measured %{y:.3g} steps<extra></extra>",
        )
    arrange(figure, height)
    ticks = _ticks((low, high))
    figure.update_xaxes(title_text="τ from the bias alone (steps)", type="log", range=[low, high], tickvals=ticks)
    figure.update_yaxes(title_text="τ measured (steps)", type="log", range=[low, high], tickvals=ticks)
    return figure
