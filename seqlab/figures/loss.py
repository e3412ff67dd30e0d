"""The loss curve of a finished or halted run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH
from seqlab.records import EpochRecord

__all__ = ["LossInfo", "plot_loss"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossInfo:
    """The numbers of the picture: (epoch,) each; ``best_epoch`` is None while none counts as best."""

    epoch: npt.NDArray[np.int64]
    train: npt.NDArray[np.float64]
    validation: npt.NDArray[np.float64]
    best_epoch: int | None
    best_loss: float


def _loss_info(history: Sequence[EpochRecord]) -> LossInfo:
    best = [record for record in history if record.best]
    return LossInfo(
        epoch=np.array([record.epoch for record in history], dtype=np.int64),
        train=np.array([record.train_loss for record in history], dtype=np.float64),
        validation=np.array([record.validation_loss for record in history], dtype=np.float64),
        best_epoch=best[-1].epoch if best else None,
        best_loss=best[-1].validation_loss if best else float("nan"),
    )


def plot_loss(history: Sequence[EpochRecord], *, levels: Sequence[tuple[float, str]] = (), height: int = 280) -> go.Figure:
    """Training and validation loss per epoch, on a logarithmic axis, with the epoch whose weights were kept.

    Args:
        history: the epochs.
        levels: (loss, label) of losses worth knowing, such as that of the trivial predictor; drawn as horizontal lines.
        height: pixels.
    """
    if not history:
        return empty_figure("Loss per epoch", "no epoch is finished yet", height)
    info = _loss_info(history)
    mode = "lines+markers" if len(history) < 30 else "lines"
    figure = go.Figure()
    for name, values, color, dash in (
        ("training", info.train, MODEL, "solid"),
        ("validation", info.validation, BASELINE_COLORS[0], "dash"),
    ):
        figure.add_scatter(
            x=info.epoch,
            y=values,
            mode=mode,
            name=name,
            line={"color": color, "dash": dash, "width": 2},
            hovertemplate=f"epoch %{{x}}<br>{name} loss %{{y:.4g}}<extra></extra>",
        )
    if info.best_epoch is not None:
        figure.add_scatter(
            x=[info.best_epoch],
            y=[info.best_loss],
            mode="markers",
            name="kept weights",
            marker={"color": TRUTH, "size": 11, "symbol": "circle-open", "line": {"width": 2, "color": TRUTH}},
            hovertemplate="kept: epoch %{x}<br>validation loss %{y:.4g}<extra></extra>",
        )
    for loss, label in levels:
        if np.isfinite(loss):
            # A line of points, not a shape: the axis then makes room for it.
            figure.add_scatter(
                x=[info.epoch[0], info.epoch[-1]],
                y=[loss, loss],
                mode="lines+text",
                text=["", as_text(label)],
                textposition="top left",
                line={"color": TRUTH, "dash": "longdash", "width": 1.2},
                showlegend=False,
                hovertemplate=f"{as_text(label)}: %{{y:.4g}}<extra></extra>",
            )
    losses = np.concatenate([info.train, info.validation, [loss for loss, _ in levels]])
    losses = losses[np.isfinite(losses)]
    figure.update_yaxes(
        type="log" if losses.size and losses.min() > 0 else "linear", title_text="loss (scaled values)", exponentformat="power"
    )
    figure.update_xaxes(title_text="epoch")
    return arrange(figure, height)
