"""Gradient flow: norms over the steps of a window, itemised by the step of the forecast, and the stretch of Jacobian products by lag."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.axis import name_ticks
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, GATE_SCALE, MISSING, MODEL, TRUTH, faint

__all__ = [
    "FLOOR",
    "FlowLine",
    "TermMap",
    "cell_color",
    "flow_line",
    "plot_gradient_flow",
    "plot_gradient_terms",
    "plot_jacobian_products",
    "term_map",
]

Floats = npt.NDArray[np.floating]

FLOOR = 1e-12
"""What falls below this share of a picture's largest value leaves the picture."""

DECADES = 4
"""Powers of ten that the colours of the itemised map span, from its largest value down; the same for every model."""

MAX_COLUMNS = 600
"""Columns of the itemised map at most; of longer windows only every few steps are drawn."""

_COLORS = {"lstm": MODEL, "gru": BASELINE_COLORS[1], "rnn": BASELINE_COLORS[0]}


def cell_color(cell: str) -> str:
    """The colour of a kind of cell, the same in every picture."""
    others = BASELINE_COLORS[2:]
    return _COLORS.get(cell, others[sum(cell.encode()) % len(others)])


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLine:
    """One line of the picture; NaN where there is nothing to show.

    Args:
        name: on the legend.
        middle: (time,) median over the windows.
        low, high: (time,) 10th and 90th percentile over the windows.
        window: (time,) the window on the screen.
        windows: how many there are.
        color, dash: of the line.
        band: whether band and window are drawn beside the median.
    """

    name: str
    middle: Floats
    low: Floats
    high: Floats
    window: Floats
    windows: int
    color: str
    dash: str = "solid"
    band: bool = True


def flow_line(
    name: str,
    norms: Floats,
    *,
    last: int,
    share: bool,
    color: str,
    dash: str = "solid",
    band: bool = True,
    of: Floats | None = None,
    unequal: bool = False,
) -> FlowLine:
    """The numbers of one line.

    Args:
        name: on the legend.
        norms: (batch, time), the window on the screen first; NaN where a window has no loss.
        last: the step that is read last.
        share: divide every window by its value at the last step.
        color, dash, band: see :class:`FlowLine`.
        of: (batch, time) whose last step is the whole; ``None`` takes ``norms``.
        unequal: whether sequences may be NaN where they have no step, as shorter ones are before they begin.

    Example:
        >>> flow_line("h", np.array([[0.5, 2.0]]), last=1, share=True, color="red").middle.tolist()
        [0.25, 1.0]
    """
    values = np.asarray(norms, dtype=np.float64)
    if share:
        whole = (values if of is None else np.asarray(of, dtype=np.float64))[:, last : last + 1]
        values = np.divide(values, whole, out=np.full(values.shape, np.nan), where=whole > 0)
    finite = np.isfinite(values)
    good = values[finite.any(axis=1) if unequal else finite.all(axis=1)]
    spread = np.full((3, values.shape[1]), np.nan)
    some = np.isfinite(good).any(axis=0)
    if some.any():
        of_many = np.nanquantile if unequal else np.quantile
        spread[:, some] = of_many(good[:, some], (0.1, 0.5, 0.9), axis=0)
    return FlowLine(
        name=name,
        middle=spread[1],
        low=spread[0],
        high=spread[2],
        window=values[0],
        windows=len(good),
        color=color,
        dash=dash,
        band=band and len(good) > 1,
    )


def plot_gradient_flow(
    lines: Sequence[FlowLine],
    *,
    last: int,
    share: bool,
    step: int | None = None,
    segment_length: int = 1,
    height: int = 360,
    noun: str = "window",
    words: Sequence[str] = (),
) -> go.Figure:
    """Norms over the steps of the window, on a logarithmic axis.

    Args:
        lines: what to draw, all of the same length; values of 0 and NaN are gaps.
        last: the step that is read last: the others' lag counts from it.
        share: whether the values are shares of the last step's.
        step: where the cursor stands.
        segment_length: input steps per step.
        height: pixels.
        noun: what is read: a window, a sequence or a text.
        words: (step,) what was read at each step, to stand on the axis; empty for numbers.
    """
    drawn = [line for line in lines if np.isfinite(line.middle).any() and (line.middle > 0).any()]
    if not drawn:
        return empty_figure("Gradient over time", f"this {noun} has no loss: no target was observed, or the gradient is zero", height)
    time = len(drawn[0].middle)
    x = np.arange(1, time + 1)
    lags = np.abs(np.arange(time) - last)
    seen = np.concatenate([values for line in drawn for values in ((line.low, line.high, line.window) if line.band else (line.middle,))])
    seen = seen[np.isfinite(seen) & (seen > 0)]
    top = float(seen.max())
    floor = top * FLOOR
    figure = go.Figure()
    mode = "lines+markers" if time < 12 else "lines"
    for line in drawn:
        if line.band:
            low, high = (np.where(values > floor, values, floor) for values in (line.low, line.high))
            figure.add_scatter(
                x=np.concatenate([x, x[::-1]]), y=np.concatenate([high, low[::-1]]), mode="lines", fill="toself",
                fillcolor=faint(line.color), line_width=0, hoverinfo="skip", showlegend=False,
            )  # fmt: skip
            figure.add_scatter(
                x=x, y=_positive(line.window), mode=mode, line={"color": line.color, "width": 1, "dash": "dot"}, opacity=0.8,
                showlegend=False, customdata=lags, marker={"size": 4},
                hovertemplate=f"{as_text(line.name)}, this {noun}<br>{_hover(share=share)}<extra></extra>",
            )  # fmt: skip
        figure.add_scatter(
            x=x, y=_positive(line.middle), mode=mode, name=as_text(line.name), customdata=lags, marker={"size": 5},
            line={"color": line.color, "width": 2, "dash": line.dash},
            hovertemplate=f"{as_text(line.name)}<br>{_hover(share=share)}<extra></extra>",
        )  # fmt: skip
    bottom = max(float(seen.min()), floor)
    figure.update_yaxes(
        type="log",
        range=[math.log10(bottom) - 0.15, math.log10(top) + 0.15],
        title_text="share of the last step's" if share else "norm of the gradient",
        exponentformat="power",
        **_log_ticks(math.log10(bottom) - 0.15, math.log10(top) + 0.15),
    )
    _time_axis(figure, time, segment_length, step, noun, words)
    return arrange(figure, height)


def _log_ticks(low: float, high: float) -> dict[str, Any]:
    """Ticks of a logarithmic axis between two powers of ten: some in between where there are few powers, else powers alone.

    Example:
        >>> _log_ticks(-1.1, 0.1)["ticktext"], _log_ticks(-16.0, 0.0)
        (['0.1', '0.2', '0.5', '1'], {'dtick': 2})
    """
    if high - low >= 2:
        return {"dtick": max(1, math.ceil((high - low) / 8))}
    powers = range(math.floor(low), math.ceil(high) + 1)
    every = [factor * 10.0**power for power in powers for factor in range(1, 10) if low <= power + math.log10(factor) <= high]
    ticks = [tick for tick in every if f"{tick:e}"[0] in "125"] if high - low > 0.8 else every
    return {"tickvals": ticks, "ticktext": [f"{tick:.3g}".replace("-", "−") for tick in ticks]}


def _hover(*, share: bool) -> str:
    value = "%{y:.3~g} of the last step's" if share else "%{y:.3~g}"
    return f"step %{{x}}, %{{customdata}} before the last: {value}"


def _positive(values: Floats) -> Floats:
    """A logarithm has no place for zero: a gap."""
    return np.where(values > 0, values, np.nan)


def _time_axis(
    figure: go.Figure, time: int, segment_length: int, step: int | None, noun: str = "window", words: Sequence[str] = ()
) -> None:
    unit = f" ({segment_length} steps of the data each)" if segment_length > 1 else ""
    figure.update_xaxes(title_text=f"step of the {noun}{unit}", range=[0.5, time + 0.5])
    if words:
        name_ticks(figure, np.arange(1, len(words) + 1), words)
        figure.update_xaxes(title_text="")
    elif time <= 12:
        figure.update_xaxes(dtick=1)
    if step is not None:
        figure.add_vline(x=step + 1, line={"color": TRUTH, "width": 1, "dash": "dot"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMap:
    """The numbers of the itemised map.

    Args:
        log10: (horizon, column) log10 of each norm as a share of the largest one; NaN where a target was not observed,
            and -inf where the gradient is zero.
        norms: (horizon, column)
        columns: (column,) steps of the window, from 0.
    """

    log10: Floats
    norms: Floats
    columns: npt.NDArray[np.int64]


def term_map(norms: Floats, *, max_columns: int = MAX_COLUMNS) -> TermMap:
    """The numbers of the itemised map.

    Args:
        norms: (horizon, time) ‖∂L_k/∂h_t‖ of one window; NaN where a target was not observed.
        max_columns: columns at most.
    """
    every = -(-norms.shape[1] // max_columns)
    columns = np.arange(norms.shape[1] - 1, -1, -every, dtype=np.int64)[::-1]
    values = np.asarray(norms, dtype=np.float64)[:, columns]
    finite = values[np.isfinite(values)]
    top = float(finite.max()) if finite.size else 0.0
    if top <= 0:
        return TermMap(log10=np.full(values.shape, np.nan), norms=values, columns=columns)
    with np.errstate(divide="ignore"):
        return TermMap(log10=np.log10(values / top), norms=values, columns=columns)


def plot_gradient_terms(
    norms: Floats,
    *,
    last: int,
    step: int | None = None,
    segment_length: int = 1,
    name: str = "h",
    height: int = 320,
    noun: str = "window",
    answer: str = "forecast",
    words: Sequence[str] = (),
    written: Sequence[str] = (),
) -> go.Figure:
    """A row per step of the forecast, a column per step of the window: where the loss of that step sends its gradient.

    Args:
        norms: (horizon, time) ‖∂L_k/∂s_t‖; NaN where a target was not observed.
        last: the step that is read last.
        step: where the cursor stands.
        segment_length: input steps per step.
        name: letter of the state.
        height: pixels.
        noun, words: as for :func:`plot_gradient_flow`.
        answer: what the rows are steps of.
        written: (horizon,) what each row is, instead of its number; empty for numbers.
    """
    info = term_map(norms)
    if not np.isfinite(info.log10).any():
        return empty_figure(f"Gradient by step of the {answer}", f"this {noun} has no loss: no target was observed", height)
    lags = np.abs(info.columns - last)
    figure = go.Figure()
    figure.add_heatmap(
        x=info.columns + 1,
        y=np.arange(1, len(norms) + 1),
        z=np.maximum(info.log10, -DECADES).astype(np.float32),
        zmin=-DECADES,
        zmax=0,
        colorscale=GATE_SCALE,
        customdata=np.stack([info.norms, np.broadcast_to(lags, info.norms.shape)], axis=-1).astype(np.float32),
        hovertemplate=(
            f"step %{{y}} {'ahead' if answer == 'forecast' else f'of the {answer}'}<br>step %{{x}} of the {noun}, "
            "%{customdata[1]} before the last<br>"
            f"|∂L/∂{as_text(name)}| = %{{customdata[0]:.3~g}}<extra></extra>"
        ),
        colorbar={
            "title": {"text": "share of<br>the largest", "side": "top"},
            "tickvals": [0, -1, -2, -3, -4],
            "ticktext": ["1", "0.1", "0.01", "0.001", "≤0.0001"],
            "thickness": 12,
            "outlinewidth": 0,
        },
    )
    if np.isnan(info.log10).any():
        figure.add_shape(
            type="rect", x0=0, x1=1, y0=0, y1=1, xref="x domain", yref="y domain", fillcolor=MISSING, line_width=0, layer="below"
        )
    _time_axis(figure, norms.shape[1], segment_length, step, noun, words)
    figure.update_yaxes(title_text=f"step of the {answer}", range=[0.5, len(norms) + 0.5], dtick=max(1, math.ceil(len(norms) / 12)))
    if written:
        every = math.ceil(len(written) / 24)
        names = [as_text(symbol, 12) or "␣" for symbol in written[::every]]
        figure.update_yaxes(tickvals=np.arange(1, len(written) + 1)[::every], ticktext=names)
    arrange(figure, height)
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(showgrid=False)
    return figure


def plot_jacobian_products(
    lines: Sequence[tuple[str, str, str, npt.NDArray[np.int64], npt.NDArray[np.float64]]], *, height: int = 320
) -> go.Figure:
    """Largest singular value of the product of Jacobians, by lag.

    Args:
        lines: name, colour, dash, (lag,) lags and (lag,) log10 of σ_max of each model.
        height: pixels.
    """
    if not any(len(lags) > 1 for *_, lags, _ in lines):
        return empty_figure("Stretch of the state by lag", "the window has one step only, so nothing is carried", height)
    figure = go.Figure()
    shown = []
    for name, color, dash, lags, log10 in lines:
        values = np.where(np.isfinite(log10), log10, np.nan)
        shown.append(values)
        figure.add_scatter(
            x=lags, y=values, mode="lines+markers" if len(lags) < 12 else "lines", name=as_text(name),
            line={"color": color, "width": 2, "dash": dash}, customdata=[_power(value) for value in values],
            hovertemplate=f"{as_text(name)}<br>over %{{x}} steps: σ = %{{customdata}}<extra></extra>",
        )  # fmt: skip
    every_value = np.concatenate([np.zeros(1), *shown])
    top = float(np.nanmax(every_value))
    bottom = max(float(np.nanmin(every_value)), top + math.log10(FLOOR) * 2)
    every = max(1, math.ceil((top - bottom) / 8))
    few = _log_ticks(bottom, top) if top - bottom < 2 else {}
    ticks = np.arange(math.floor(bottom / every) * every, top + every, every)
    figure.update_yaxes(
        title_text="largest stretch",
        range=[bottom - 0.05 * (top - bottom) - 0.1, top + 0.05 * (top - bottom) + 0.1],
        tickvals=[math.log10(tick) for tick in few["tickvals"]] if few else ticks,
        ticktext=few["ticktext"] if few else ["1" if tick == 0 else f"10<sup>{str(int(tick)).replace('-', '−')}</sup>" for tick in ticks],
    )
    figure.add_hline(y=0, line={"color": TRUTH, "width": 1, "dash": "dot"})
    figure.update_xaxes(title_text="steps between t and the last step", **({"dtick": 1} if max(map(len, shown), default=0) <= 12 else {}))
    return arrange(figure, height)


def _power(log10: float) -> str:
    """A number by its logarithm, which may be too small or large for a float.

    Example:
        >>> _power(-1.0), _power(-400.3)
        ('0.1', '5.0e-401')
    """
    if not math.isfinite(log10):
        return "–"
    if abs(log10) < 4:
        return f"{10**log10:.3g}"
    power = math.floor(log10)
    return f"{10 ** (log10 - power):.1f}e{power}"
