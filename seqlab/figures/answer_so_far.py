"""Numbers that a network says of a sequence, beside the right ones: of every step, or of every beginning."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure, panel_title
from seqlab.figures.palette import MODEL, TRUTH, UNIT

__all__ = ["NumberLines", "plot_numbers"]

PANEL, GAP, AXIS, TITLE = 130, 26, 40, 26  # pixels
MOST_PANELS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLines:
    """One number through a sequence.

    Args:
        name: what it is.
        said: (step,) what the network says.
        right: (step,) what is right; NaN where nobody knows.
        changed: (step,) what the network says with something changed in it; empty if nothing is.
    """

    name: str
    said: npt.NDArray[np.floating]
    right: npt.NDArray[np.floating]
    changed: npt.NDArray[np.floating] = field(default_factory=lambda: np.empty(0))


def plot_numbers(targets: Sequence[NumberLines], *, step: int | None = None) -> go.Figure:
    """A panel per number on one axis of steps.

    Args:
        targets: what is said; more than six are left out.
        step: where the cursor stands, from 0.
    """
    if not targets or not len(targets[0].said):
        return empty_figure("What the network says", "the sequence has no step")
    drawn = targets[:MOST_PANELS]
    figure = make_subplots(rows=len(drawn), cols=1, shared_xaxes=True)
    whole = len(drawn) * PANEL + (len(drawn) - 1) * GAP
    top = whole
    few = len(drawn[0].said) <= 40
    for row, target in enumerate(drawn, start=1):
        figure.update_yaxes(domain=[max(0.0, (top - PANEL) / whole), top / whole], row=row, col=1)
        top -= PANEL + GAP
        x = np.arange(1, len(target.said) + 1)
        lines = [("right", target.right, {"color": TRUTH, "width": 1.5}), ("said", target.said, {"color": MODEL, "width": 2})]
        if len(target.changed):
            lines.append(("said with the change", target.changed, {"color": UNIT, "width": 2, "dash": "dash"}))
        for name, values, line in lines:
            figure.add_scatter(
                x=x, y=np.asarray(values, dtype=np.float64), mode="lines+markers" if few else "lines", line=line, marker={"size": 4},
                name=name, showlegend=row == 1, hovertemplate=f"step %{{x}}<br>{name} %{{y:.6g}}<extra></extra>", row=row, col=1,
            )  # fmt: skip
        panel_title(figure, row, as_text(target.name, 60))
    if step is not None:
        figure.add_vline(x=step + 1, line={"color": TRUTH, "width": 1, "dash": "dot"})
    figure.update_xaxes(tickformat="d", range=[0.5, len(drawn[0].said) + 0.5])
    figure.update_xaxes(title_text="step", row=len(drawn), col=1)
    arrange(figure, whole + 2 * TITLE + AXIS, margin={"l": 8, "r": 8, "t": 2 * TITLE, "b": 8})
    figure.update_layout(legend={"y": 1 + TITLE / whole})  # above the first panel's title
    return figure
