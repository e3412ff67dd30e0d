"""Training as one story: loss, memory, gates and gradient against the optimizer step, with a marker at one moment."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, GRID, MODEL, TRUTH, UNIT

__all__ = ["Curve", "StoryInfo", "StoryRow", "log_positions", "plot_story", "step_ticks", "unit_curves"]

Doubles = npt.NDArray[np.float64]

ROW = 150  # pixels
GAP = 62  # between two rows: room for a legend of two lines
START = 0.5
"""Where step 0 is drawn on the logarithmic axis."""

COLORS = (MODEL, *BASELINE_COLORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of a row.

    Args:
        name: on the legend; empty to leave it out of it.
        steps: (point,) optimizer steps; may differ from the moments of the other curves. NaN begins a new line.
        values: (point,) NaN where there is none.
        color, dash, width: of the line.
        labels: what the pointer shows of every point, beside step and value; empty for the name.
    """

    name: str
    steps: Doubles = field(repr=False)
    values: Doubles = field(repr=False)
    color: str
    dash: str = "solid"
    width: float = 2.0
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One row of the picture.

    Args:
        title: of the vertical axis.
        curves: lines, the most important one last, so that it lies on top.
        log: whether the vertical axis is logarithmic.
        share: whether it goes from 0 to 1.
        level: a value to mark across the row, or None.
        level_label: what it is.
    """

    title: str
    curves: Sequence[Curve]
    log: bool = False
    share: bool = False
    level: float | None = None
    level_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryInfo:
    """The numbers of the picture.

    Args:
        rows: from top to bottom.
        steps: (moment,) the steps one can look at, ascending.
        current: the step that is marked.
        kept: the step whose weights the finished model has, or None.
    """

    rows: Sequence[StoryRow]
    steps: npt.NDArray[np.int64]
    current: int
    kept: int | None = None


def log_positions(steps: npt.ArrayLike) -> Doubles:
    """Where steps lie on the logarithmic axis: step 0 half a step before step 1.

    Example:
        >>> log_positions([0, 1, 10]).tolist()
        [0.5, 1.0, 10.0]
    """
    return np.maximum(np.asarray(steps, dtype=np.float64), START)


def step_ticks(last: int) -> tuple[list[float], list[str]]:
    """Positions and texts of the horizontal axis: the start, then powers of ten.

    Example:
        >>> step_ticks(840)
        ([0.5, 1.0, 10.0, 100.0], ['0', '1', '10', '100'])
    """
    powers = [10.0**power for power in range(len(str(max(last, 1))))]
    return [START, *powers], ["0", *(f"{int(power):,}" for power in powers)]


def unit_curves(steps: npt.ArrayLike, values: Doubles, unit: int) -> list[Curve]:
    """A thin line for every unit but one, which gets a line of its own in front.

    Args:
        steps: (moment,)
        values: (moment, hidden); values that are not finite leave gaps.
        unit: the unit that was picked.
    """
    shown = np.where(np.isfinite(values), values, np.nan)
    others = [number for number in range(shown.shape[1]) if number != unit]
    moments = np.append(np.asarray(steps, dtype=np.float64), np.nan)
    gap = np.full((1, shown.shape[1]), np.nan)
    long = np.concatenate([shown, gap])
    curves = []
    if others:
        curves.append(
            Curve(
                name="other units",
                steps=np.tile(moments, len(others)),
                values=long[:, others].T.ravel(),
                color="rgba(133, 133, 133, 0.65)",
                width=1.0,
                labels=[f"unit {number}" for number in others for _ in moments],
            )
        )
    return [*curves, Curve(name=f"unit {unit}", steps=moments[:-1], values=shown[:, unit], color=UNIT, width=2.5)]


def plot_story(info: StoryInfo) -> go.Figure:
    """All rows over one logarithmic axis of optimizer steps."""
    rows = [row for row in info.rows if any(np.isfinite(curve.values).any() for curve in row.curves)]
    if not len(info.steps) or not rows:
        return empty_figure("Through training", "no snapshot was kept")
    height = len(rows) * (ROW + GAP) + 60
    inner = len(rows) * (ROW + GAP)
    figure = go.Figure()
    changes: dict[str, object] = {}
    last = int(max(info.steps[-1], *(np.nanmax(curve.steps, initial=0.0) for row in rows for curve in row.curves)))
    tick_values, tick_texts = step_ticks(last)
    lowest = np.log10(START) - 0.08
    highest = np.log10(max(last, 2)) + 0.04
    for number, row in enumerate(rows, start=1):
        ending = "" if number == 1 else str(number)
        top = 1 - ((number - 1) * (ROW + GAP) + GAP) / inner
        bottom = max(0.0, top - ROW / inner)
        axis: dict[str, object] = {
            "domain": [bottom, top],
            "title": {"text": row.title},
            "anchor": "x",
            "type": "log" if row.log else "linear",
        }
        if row.log:
            axis |= {"minor": {"showgrid": False}} | _log_ticks(row)
        if row.share:
            axis |= {"range": [-0.04, 1.04], "tickformat": ".0%", "tickvals": [0, 0.5, 1]}
        changes[f"yaxis{ending}"] = axis
        changes[f"legend{ending}"] = {"orientation": "h", "x": 0, "xanchor": "left", "y": top, "yanchor": "bottom", "title": None}
        for curve in row.curves:
            _add(figure, curve, ending, log=row.log)
        if row.level is not None:
            figure.add_scatter(
                x=[START, max(last, 2)], y=[row.level, row.level], mode="lines", name=as_text(row.level_label), yaxis=f"y{ending}",
                legend=f"legend{ending}", line={"color": TRUTH, "dash": "dash", "width": 1.5}, hoverinfo="skip",
            )  # fmt: skip
    arrange(figure, height, **changes)
    figure.update_xaxes(
        type="log", range=[lowest, highest], tickvals=tick_values, ticktext=tick_texts, title_text="optimizer step",
        anchor=f"y{len(rows)}" if len(rows) > 1 else "y",
    )  # fmt: skip
    _mark(figure, info.current, UNIT, "solid")
    if info.kept is not None and info.kept != info.current:
        _mark(figure, info.kept, TRUTH, "dot")
    for step in tick_values:
        figure.add_shape(type="line", xref="x", yref="paper", x0=step, x1=step, y0=0, y1=1, line={"color": GRID, "width": 1}, layer="below")
    figure.update_xaxes(showgrid=False)
    return figure


def _log_ticks(row: StoryRow) -> dict[str, object]:
    """Whole powers of ten, every so many that about four fit; 1, 2 and 5 of each where the row spans fewer than two."""
    values = np.concatenate([curve.values for curve in row.curves])
    good = values[np.isfinite(values) & (values > 0)]
    if row.level:
        good = np.append(good, row.level)
    low, high = (float(good.min()), float(good.max())) if len(good) else (1.0, 10.0)
    decades = np.log10(high / low)
    if decades >= 2:
        return {"dtick": float(max(1.0, np.ceil(decades / 4))), "exponentformat": "power"}
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
    return {"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def _add(figure: go.Figure, curve: Curve, ending: str, *, log: bool) -> None:
    values = np.where(np.isfinite(curve.values) & ((curve.values > 0) | (not log)), curve.values, np.nan)
    names = list(curve.labels) or [curve.name] * len(values)
    steps = np.nan_to_num(curve.steps)
    lone = _lone(values)
    figure.add_scatter(
        x=log_positions(curve.steps),
        y=values,
        mode="lines+markers" if lone.any() else "lines",
        marker={"size": np.where(lone, 6, 0)},
        name=as_text(curve.name),
        yaxis=f"y{ending}",
        legend=f"legend{ending}",
        showlegend=bool(curve.name),
        line={"color": curve.color, "dash": curve.dash, "width": curve.width},
        customdata=np.array([[as_text(name), f"{int(step):,}"] for name, step in zip(names, steps, strict=True)], dtype=object),
        hovertemplate="%{customdata[0]}<br>step %{customdata[1]}: %{y:.4g}<extra></extra>",
    )


def _lone(values: Doubles) -> npt.NDArray[np.bool_]:
    """Points that need a dot of their own: stretches of one or two points between gaps hardly show as a line, or not at all."""
    seen = np.isfinite(values)
    edges = np.flatnonzero(np.diff(seen, prepend=False, append=False))
    lone = np.zeros(len(values), dtype=np.bool_)
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        lone[first:end] = end - first < 3
    return lone


def _mark(figure: go.Figure, step: int, color: str, dash: str) -> None:
    place = float(log_positions(step))
    figure.add_shape(type="line", xref="x", yref="paper", x0=place, x1=place, y0=0, y1=1, line={"color": color, "dash": dash, "width": 1.5})
