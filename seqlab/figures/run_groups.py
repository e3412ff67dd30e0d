"""Runs grouped by a setting: every run a dot, with the mean and the spread of its group."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import MODEL, TRUTH

__all__ = ["RunGroup", "plot_groups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunGroup:
    """One group: its value in words, the runs' names, (run,) their errors, mean and standard deviation (NaN for one run)."""

    value: str
    names: tuple[str, ...]
    errors: npt.NDArray[np.float64]
    mean: float
    deviation: float


def plot_groups(groups: Sequence[RunGroup], *, setting: str, error: str, height: int = 320) -> go.Figure:
    """The groups side by side, in the order given.

    Args:
        groups: with at least one run each, else they are left out.
        setting: title of the horizontal axis.
        error: title of the vertical axis.
        height: pixels.
    """
    shown = [group for group in groups if len(group.errors)]
    if not shown:
        return empty_figure("Runs by group", "no run has this number yet", height)
    figure = go.Figure()
    values = [as_text(group.value, 24) for group in shown]
    figure.add_scatter(
        x=[value for value, group in zip(values, shown, strict=True) for _ in group.errors],
        y=np.concatenate([group.errors for group in shown]),
        mode="markers",
        name="a run",
        marker={"color": MODEL, "size": 8, "opacity": 0.7},
        customdata=[as_text(name) for group in shown for name in group.names],
        hovertemplate="%{customdata}<br>%{y:.4g}<extra></extra>",
    )
    figure.add_scatter(
        x=values,
        y=[group.mean for group in shown],
        mode="markers",
        name="mean ± standard deviation",
        marker={"color": TRUTH, "size": 22, "symbol": "line-ew-open", "line": {"width": 3, "color": TRUTH}},
        error_y={"type": "data", "array": [group.deviation for group in shown], "color": TRUTH, "thickness": 1.5, "width": 6},
        hovertemplate="mean %{y:.4g}<extra></extra>",
    )
    figure.update_xaxes(title_text=as_text(setting), type="category", categoryorder="array", categoryarray=values)
    figure.update_yaxes(title_text=as_text(error))
    return arrange(figure, height)
