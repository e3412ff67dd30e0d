"""The loss curves of several runs in one picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.decimate import decimate
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.run_style import run_style, scale_of
from seqlab.records import EpochRecord

__all__ = ["RunCurve", "plot_run_curves"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCurve:
    """The curve of one run.

    Args:
        name: on the screen.
        history: its epochs.
        position: decides its colour, the same in all pictures of a page.
    """

    name: str
    history: Sequence[EpochRecord]
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveInfo:
    """The numbers of one curve: (epoch,) each; the best epoch is None while there is none."""

    name: str
    position: int
    epoch: npt.NDArray[np.int64]
    train: npt.NDArray[np.float64]
    validation: npt.NDArray[np.float64]
    best_epoch: int | None
    best_loss: float


def _curves_info(curves: Sequence[RunCurve]) -> tuple[CurveInfo, ...]:
    made = []
    for curve in curves:
        best = [record for record in curve.history if record.best]
        if curve.history:
            made.append(
                CurveInfo(
                    name=curve.name,
                    position=curve.position,
                    epoch=np.array([record.epoch for record in curve.history], dtype=np.int64),
                    train=np.array([record.train_loss for record in curve.history], dtype=np.float64),
                    validation=np.array([record.validation_loss for record in curve.history], dtype=np.float64),
                    best_epoch=best[-1].epoch if best else None,
                    best_loss=best[-1].validation_loss if best else float("nan"),
                )
            )
    return tuple(made)


def plot_run_curves(curves: Sequence[RunCurve], *, train: bool = False, log: bool = True, height: int = 340) -> go.Figure:
    """Validation loss per epoch, one line per run, with a circle at the epoch whose weights are kept.

    Args:
        curves: the runs.
        train: whether the training loss is drawn too, thin and dotted.
        log: whether equal factors of the loss are equal distances; ignored where a loss is not above zero.
        height: pixels.
    """
    lines = _curves_info(curves)
    if not lines:
        return empty_figure("Loss per epoch", "no epoch is finished yet", height)
    figure = go.Figure()
    for line in lines:
        style, name = run_style(line.position), as_text(line.name)
        _add(figure, line.epoch, line.validation, name, "validation", style)
        if train:
            _add(figure, line.epoch, line.train, name, "training", {"color": style["color"], "dash": "dot", "width": 1})
        if line.best_epoch is not None:
            figure.add_scatter(
                x=[line.best_epoch],
                y=[line.best_loss],
                mode="markers",
                legendgroup=name,
                showlegend=False,
                marker={"color": style["color"], "size": 11, "symbol": "circle-open", "line": {"width": 2, "color": style["color"]}},
                hovertemplate=f"{name}<br>kept: epoch %{{x}}<br>validation loss %{{y:.4g}}<extra></extra>",
            )
    drawn = np.concatenate([line.validation for line in lines] + [line.train for line in lines if train])
    figure.update_yaxes(**scale_of(drawn.tolist(), log=log), title_text="loss (scaled values)", exponentformat="power")
    figure.update_xaxes(title_text="epoch")
    return arrange(figure, height)


def _add(
    figure: go.Figure, x: npt.NDArray[np.int64], y: npt.NDArray[np.float64], name: str, kind: str, style: dict[str, str | float]
) -> None:
    shown = decimate(y)
    figure.add_scatter(
        x=x[shown],
        y=y[shown],
        mode="lines" if len(x) > 1 else "markers",
        name=name,
        legendgroup=name,
        showlegend=kind == "validation",
        line=style,
        hovertemplate=f"{name}<br>epoch %{{x}}<br>{kind} loss %{{y:.4g}}<extra></extra>",
    )
