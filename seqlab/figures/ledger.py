"""The memory ledger in pictures: one unit over the whole window, one step taken apart, all units at one step, content by age."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.axis import name_ticks
from seqlab.figures.gate_numbers import MAX_COLUMNS, MAX_UNITS, round_limit
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import ABOVE, BELOW, MODEL, STATE_SCALE, TRUTH, UNIT

__all__ = [
    "LedgerInfo",
    "StepInfo",
    "add_up",
    "drawn_rows",
    "ledger_cells",
    "plot_content_by_age",
    "plot_step_content",
    "plot_step_units",
    "plot_unit_ledger",
]

Floats = npt.NDArray[np.floating]
BAND = "rgba(133, 133, 133, 0.25)"
EMPTY = "There is nothing in it yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerInfo:
    """One unit's ledger.

    Args:
        content: (row, column).
        rows: (row,) steps looked at, from 0.
        columns: (column, 2) first and last step a column stands for, from 0.
        labels: (step,) what each step of the window is, such as its date.
        state: letter of the state.
        unit: number of the unit.
        step: where the cursor stands.
        backward: whether time runs from the last step to the first.
        shown: first and last step that the axes show at first; a double click shows all. ``None`` for all.
        words: (step,) what was read at each step, to stand on the axis; empty for numbers.
    """

    content: Floats
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    labels: Sequence[str]
    state: str
    unit: int
    step: int
    backward: bool = False
    shown: tuple[int, int] | None = None
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInfo:
    """What the state at one step is made of.

    Args:
        content: (unit, step), units from top to bottom.
        units: (unit,) their numbers.
        unit: the unit that was picked.
        series: (step,) what was read of the column on the screen, in the data's own units; NaN where that is no number.
        series_name: its name.
        labels: (step,) what each step is, such as its date.
        state: letter of the state.
        step: the step looked at.
        shown, words: as in :class:`LedgerInfo`.
    """

    content: Floats
    units: npt.NDArray[np.intp]
    unit: int
    series: Floats
    series_name: str
    labels: Sequence[str]
    state: str
    step: int
    shown: tuple[int, int] | None = None
    words: Sequence[str] = ()


def ledger_cells(info: LedgerInfo) -> npt.NDArray[np.float32]:
    """(row, column) with NaN where nothing can have been written yet."""
    late = info.columns[:, 1] < info.rows[:, None] if info.backward else info.columns[:, 0] > info.rows[:, None]
    return np.where(late, np.nan, info.content).astype(np.float32)


def add_up(values: Floats, most: int = MAX_COLUMNS) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Sums over consecutive steps along the last axis, so that no more than ``most`` columns are left.

    Returns:
        (..., column) and (column, 2) first and last step of every column.

    Example:
        >>> sums, steps = add_up(np.arange(5.0), 3)
        >>> sums.tolist(), steps.tolist()
        ([1.0, 5.0, 4.0], [[0, 1], [2, 3], [4, 4]])
    """
    steps = values.shape[-1]
    pooled = -(-steps // most)
    firsts = np.arange(0, steps, pooled)
    lasts = np.minimum(firsts + pooled, steps) - 1
    return np.add.reduceat(values, firsts, axis=-1), np.stack([firsts, lasts], axis=1)


def plot_unit_ledger(info: LedgerInfo, *, height: int = 440) -> go.Figure:
    """Rows: the step looked at. Columns: the step at which it was written."""
    cells = ledger_cells(info)
    title = f"Ledger of unit {info.unit}"
    if not np.nan_to_num(cells).any():
        return empty_figure(title, EMPTY, height)
    x, y = info.columns.mean(axis=1) + 1, info.rows + 1.0
    limit = round_limit(np.nan_to_num(np.abs(cells)).max(axis=1))  # of what is largest at every step: most of a long ledger is 0
    figure = go.Figure(
        go.Heatmap(
            x=x,
            y=y,
            z=cells,
            zmin=-limit,
            zmax=limit,
            colorscale=STATE_SCALE,
            hoverongaps=False,
            colorbar=_bar(limit),
            customdata=np.array(_spans(info.labels, info.columns), dtype=object)[None, :].repeat(len(y), axis=0),
            hovertemplate=f"%{{z:.4f}} of {info.state} at step %{{y}}<br>was written at %{{customdata}}<extra></extra>",
        )
    )
    if len(y) > 1:
        half = (y[1] - y[0]) / 2
        at = y[np.argmin(np.abs(y - 1 - info.step))]
        figure.add_hrect(y0=at - half, y1=at + half, line={"color": UNIT, "width": 2}, fillcolor="rgba(0,0,0,0)")
    arrange(figure, height)
    figure.update_xaxes(title_text="written at step", tickformat="d", showgrid=False, **_range(info.shown))
    downward = {"autorange": "reversed"} if info.shown is None else {"range": _range(info.shown)["range"][::-1]}
    figure.update_yaxes(title_text=f"{info.state} looked at, step", tickformat="d", showgrid=False, **downward)
    _name(figure, info.words)
    return figure


def _name(figure: go.Figure, words: Sequence[str], row: int | None = None) -> None:
    """Words instead of numbers on the axis of steps, where there are some."""
    if words:
        name_ticks(figure, np.arange(1, len(words) + 1), words, row=row)


def plot_step_content(info: StepInfo, *, height: int = 440) -> go.Figure:
    """What the picked unit's state at the step is made of, below what was read; a bar per step."""
    places = np.flatnonzero(info.units == info.unit)
    title = f"{info.state} of unit {info.unit} at step {info.step + 1}"
    if not len(places) or not info.content[places[0]].any():
        return empty_figure(title, EMPTY, height)
    sums, steps = add_up(info.content[places[0]])
    seen = bool(np.isfinite(info.series).any())  # words are no line
    heights = [0.35, 0.65] if seen else [1.0]
    below = len(heights)
    figure = make_subplots(rows=below, cols=1, shared_xaxes=True, vertical_spacing=0.06, row_heights=heights)
    every = np.arange(1, len(info.series) + 1)
    if seen:
        figure.add_scatter(
            x=every,
            y=info.series,
            mode="lines+markers" if len(every) <= 60 else "lines",
            line={"color": TRUTH, "width": 1.5},
            marker={"size": 4},
            customdata=[as_text(label) for label in info.labels],
            hovertemplate="%{customdata}<br>%{y:.6g}<extra></extra>",
            row=1,
            col=1,
        )
        figure.update_yaxes(title_text=as_text(info.series_name, 18), row=1, col=1)
    figure.add_bar(
        x=steps.mean(axis=1) + 1,
        y=sums.astype(np.float32),
        marker={"color": [ABOVE if value >= 0 else BELOW for value in sums], "line_width": 0},
        customdata=_spans(info.labels, steps),
        hovertemplate="%{customdata}<br>%{y:.4f}<extra></extra>",
        row=below,
        col=1,
    )
    figure.add_vline(x=info.step + 1, line={"color": UNIT, "width": 1.5, "dash": "dot"})
    arrange(figure, height, showlegend=False, bargap=0.15)
    figure.update_xaxes(tickformat="d", **(_range(info.shown) or {"range": [0.4, len(every) + 0.6]}))
    figure.update_xaxes(title_text="written at step", row=below, col=1)
    figure.update_yaxes(title_text=f"part of {info.state}", zeroline=True, zerolinecolor=TRUTH, row=below, col=1)
    _name(figure, info.words, below)
    return figure


def drawn_rows(info: StepInfo, most: int = MAX_UNITS) -> npt.NDArray[np.intp]:
    """Rows of :func:`plot_step_units`: as many of the first as fit, and the picked unit's as the last if it lies below them."""
    rows = np.arange(min(most, len(info.units)))
    below = np.flatnonzero(info.units == info.unit)
    below = below[below >= most]
    return np.concatenate([rows[: most - len(below)], below])


def plot_step_units(info: StepInfo) -> go.Figure:
    """The units at the step: a row per unit of :func:`drawn_rows`, a column per step at which it was written."""
    height = int(np.clip(90 + 14 * len(info.units), 220, 520))
    if not info.content.any():
        return empty_figure(f"All units at step {info.step + 1}", EMPTY, height)
    rows = drawn_rows(info)
    units = info.units[rows]
    sums, steps = add_up(info.content[rows])
    limit = round_limit(np.abs(sums).max(axis=1))
    x = steps.mean(axis=1) + 1
    figure = go.Figure(
        go.Heatmap(
            x=x,
            y=[str(unit) for unit in units],
            z=sums.astype(np.float32),
            zmin=-limit,
            zmax=limit,
            colorscale=STATE_SCALE,
            colorbar=_bar(limit),
            customdata=np.array(_spans(info.labels, steps), dtype=object)[None, :].repeat(len(units), axis=0),
            hovertemplate=f"unit %{{y}}: %{{z:.4f}} of {info.state}<br>was written at %{{customdata}}<extra></extra>",
        )
    )
    for place in np.flatnonzero(units == info.unit):
        figure.add_hrect(y0=place - 0.5, y1=place + 0.5, line={"color": UNIT, "width": 2}, fillcolor="rgba(0,0,0,0)")
    arrange(figure, height)
    figure.update_xaxes(title_text="written at step", tickformat="d", showgrid=False, **_range(info.shown))
    figure.update_yaxes(title_text="unit", type="category", autorange="reversed", nticks=max(6, height // 26), showgrid=False)
    _name(figure, info.words)
    return figure


def plot_content_by_age(content: Floats, *, state: str, shown: int | None = None, height: int = 280, noun: str = "window") -> go.Figure:
    """How much of a unit's state is how old: this window, and all windows of the trace.

    Args:
        content: (window, age), the window on the screen first.
        state: letter of the state.
        shown: ages that the axis shows at first; ``None`` for all.
        height: pixels.
        noun: what is read: a window, a sequence or a text.
    """
    size = np.abs(content)
    if not size.any():
        return empty_figure(f"Content of {state} by age", EMPTY, height)
    ages = np.arange(size.shape[1])
    figure = go.Figure()
    if len(size) > 1:
        low, middle, high = np.quantile(size, (0.1, 0.5, 0.9), axis=0)
        figure.add_scatter(
            x=np.concatenate([ages, ages[::-1]]),
            y=np.concatenate([low, high[::-1]]).astype(np.float32),
            mode="lines",
            fill="toself",
            fillcolor=BAND,
            line_width=0,
            hoverinfo="skip",
            name=f"middle 80 % of {len(size)} {noun}s",
        )
        figure.add_scatter(
            x=ages,
            y=middle.astype(np.float32),
            mode="lines",
            name="their median",
            line={"color": MODEL, "width": 2},
            hovertemplate="%{x} steps ago: %{y:.4f}<extra></extra>",
        )
    figure.add_scatter(
        x=ages,
        y=size[0].astype(np.float32),
        mode="lines+markers" if len(ages) <= 60 else "lines",
        name=f"this {noun}",
        line={"color": UNIT, "width": 1.5},
        marker={"size": 4},
        hovertemplate="%{x} steps ago: %{y:.4f}<extra></extra>",
    )
    arrange(figure, height)
    last = shown or len(ages) - 1
    few = {"range": [-0.5, last + 0.5], "dtick": 1} if last < 8 else {"range": [-1, shown]} if shown else {}  # no ticks between steps
    figure.update_xaxes(title_text="written so many steps ago", tickformat="d", **few)
    figure.update_yaxes(title_text=f"|content| in {state}", rangemode="tozero")
    return figure


def _range(shown: tuple[int, int] | None) -> dict[str, list[float]]:
    """Limits of an axis of steps, which count from 1 on the screen; empty for all steps."""
    return {} if shown is None else {"range": [shown[0] + 0.5, shown[1] + 1.5]}


def _spans(labels: Sequence[str], columns: npt.NDArray[np.int64]) -> list[str]:
    """(column,) what a column stands for."""
    return [
        as_text(labels[first]) if first == last else f"{as_text(labels[first])} to {as_text(labels[last])}"
        for first, last in columns.tolist()
    ]


def _bar(limit: float) -> dict[str, object]:
    return {"thickness": 8, "outlinewidth": 0, "xpad": 4, "tickvals": [-limit, 0, limit], "tickformat": "~g"}
