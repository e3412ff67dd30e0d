"""Every value of a small cell over time: input, gates, candidate and output, states, each in a panel of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH

__all__ = ["HandLine", "HandPanel", "plot_hand"]

Floats = npt.NDArray[np.floating]

PANEL = 108  # pixels
_COLORS = (MODEL, *BASELINE_COLORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandLine:
    """One value over time.

    Args:
        name: its letter.
        values: (time, units); of an input (time, 1).
    """

    name: str
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPanel:
    """A few values that share a scale.

    Args:
        title: what they are.
        lines: the values.
        low, high: limits of the scale; ``None`` fits the values.
        first: step of the first value: 0 for a state, which is also drawn before the first step.
    """

    title: str
    lines: tuple[HandLine, ...]
    low: float | None = None
    high: float | None = None
    first: int = 1


def plot_hand(panels: Sequence[HandPanel], *, unit: int, step: int) -> go.Figure:
    """The values of all units over time, one of them strong, the others faint and dotted.

    Args:
        panels: from top to bottom.
        unit: the unit that is drawn strong.
        step: where the cursor stands, from 0.
    """
    drawn = [panel for panel in panels if panel.lines]
    if not drawn or not all(np.isfinite(line.values).all() for panel in drawn for line in panel.lines):
        return empty_figure("Values over time", "a value is not a finite number")
    figure = make_subplots(rows=len(drawn), cols=1, shared_xaxes=True, vertical_spacing=0.36 / max(1, len(drawn) + 1))
    last = 1
    color = iter(_COLORS * 3)
    for row, panel in enumerate(drawn, start=1):
        names = []
        for place, line in enumerate(panel.lines):
            its = next(color) if row > 1 else TRUTH
            x = np.arange(panel.first, panel.first + len(line.values))
            last = max(last, int(x[-1]))
            _add_line(figure, row, line, x, unit, its, width=2.0 + 1.1 * (len(panel.lines) - 1 - place))
            names.append(f'<span style="color:{its}"><b>{as_text(line.name)}</b></span>')
        margin = 0.06 * ((panel.high or 0) - (panel.low or 0))
        if panel.low is not None and panel.high is not None:
            figure.update_yaxes(range=[panel.low - margin, panel.high + margin], row=row, col=1)
        top = figure.get_subplot(row, 1).yaxis.domain[1]
        figure.add_annotation(
            text=f"{as_text(panel.title)} {' '.join(names)}", x=0, xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom",
            showarrow=False,
        )  # fmt: skip
    figure.add_vline(x=step + 1, line={"color": TRUTH, "width": 1, "dash": "dot"})
    arrange(figure, PANEL * len(drawn) + 90, showlegend=False, margin={"l": 8, "r": 12, "t": 26, "b": 8})
    figure.update_xaxes(range=[-0.15, last + 0.3], dtick=max(1, -(-last // 15)))
    figure.update_yaxes(nticks=5)
    figure.update_xaxes(title_text="step (0 is the start)", row=len(drawn), col=1)
    return figure


def _add_line(figure: go.Figure, row: int, line: HandLine, x: npt.NDArray[np.int64], unit: int, color: str, *, width: float) -> None:
    """The line of every unit; the first of a panel is the widest, so that equal lines can still be told apart."""
    units = line.values.shape[1]
    chosen = min(unit, units - 1)
    for number in sorted(range(units), key=lambda each: each == chosen):
        strong = number == chosen
        of_unit = f", unit {number}" if units > 1 else ""
        figure.add_scatter(
            x=x, y=line.values[:, number], mode="lines+markers" if strong else "lines", opacity=1.0 if strong else 0.45,
            line={"color": color, "width": width if strong else 1.3, "dash": "solid" if strong else "dot"},
            marker={"size": 3 + width},
            hovertemplate=f"step %{{x}}: {as_text(line.name)} = %{{y:.6g}}{of_unit}<extra></extra>",
            row=row, col=1,
        )  # fmt: skip
