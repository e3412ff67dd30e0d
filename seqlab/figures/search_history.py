"""How a search went on: the loss of every trial, and the best so far."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BELOW, MODEL, UNIT
from seqlab.figures.run_style import scale_of

__all__ = ["TrialPoint", "plot_search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPoint:
    """One trial: its number from 1, its loss (NaN if it has none), whether it is over, and what the tooltip says."""

    number: int
    loss: float
    over: bool
    text: str


def _search_info(trials: Sequence[TrialPoint]) -> npt.NDArray[np.float64]:
    """(trial,) the smallest loss up to each trial; NaN before the first."""
    losses = np.array([trial.loss for trial in trials], dtype=np.float64)
    best = np.minimum.accumulate(np.where(np.isfinite(losses), losses, np.inf))
    return np.where(np.isfinite(best), best, np.nan)


def plot_search(trials: Sequence[TrialPoint], *, planned: int, log: bool = True, height: int = 300) -> go.Figure:
    """One dot per trial, a step line for the best so far, and crosses at the top for trials without a loss.

    Args:
        trials: in order.
        planned: how many there will be, for the width of the axis.
        log: whether equal factors of the loss are equal distances; ignored where a loss is not above zero.
        height: pixels.
    """
    judged = [trial for trial in trials if np.isfinite(trial.loss)]
    if not judged:
        return empty_figure("Loss of every trial", "no trial has a loss yet", height)
    figure = go.Figure()
    figure.add_scatter(
        x=[trial.number for trial in trials],
        y=_search_info(trials),
        mode="lines",
        line={"color": UNIT, "width": 2, "shape": "hv"},
        name="best so far",
        hovertemplate="best up to trial %{x}: %{y:.4g}<extra></extra>",
    )
    figure.add_scatter(
        x=[trial.number for trial in judged],
        y=[trial.loss for trial in judged],
        mode="markers",
        name="a trial",
        marker={"color": MODEL, "size": 8},
        customdata=[as_text(trial.text, 160) for trial in judged],
        hovertemplate="trial %{x}: %{y:.4g}<br>%{customdata}<extra></extra>",
    )
    lost = [trial for trial in trials if trial.over and not np.isfinite(trial.loss)]
    if lost:
        highest = max(trial.loss for trial in judged)
        figure.add_scatter(
            x=[trial.number for trial in lost],
            y=[highest] * len(lost),
            mode="markers",
            name="no loss",
            marker={"color": BELOW, "size": 9, "symbol": "x-thin-open", "line": {"width": 2, "color": BELOW}},
            customdata=[as_text(trial.text, 160) for trial in lost],
            hovertemplate="trial %{x} has no loss<br>%{customdata}<extra></extra>",
        )
    figure.update_xaxes(title_text="trial", range=[0.4, max(planned, len(trials)) + 0.6], tickformat="d")
    if max(planned, len(trials)) <= 12:
        figure.update_xaxes(dtick=1)
    figure.update_yaxes(title_text="best validation loss (scaled values)", **scale_of((trial.loss for trial in judged), log=log))
    return arrange(figure, height)
