"""Can the probabilities be believed? How often an answer was right, against the probability it was given with."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import TRUTH, model_style
from seqlab.figures.share_bounds import share_bounds

__all__ = ["Reliability", "plot_calibration"]

HEIGHT = 430


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Answers of one model, sorted into bins by their probability.

    Args:
        name: the model.
        probability: (bin,) mean probability of the answers in the bin; NaN in an empty one.
        right: (bin,) share of them that was right; NaN in an empty one.
        count: (bin,) how many.
        error: expected calibration error; NaN where it is not computable.
    """

    name: str
    probability: npt.NDArray[np.floating]
    right: npt.NDArray[np.floating]
    count: npt.NDArray[np.integer]
    error: float = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationInfo:
    """What is drawn of one model: bins that hold something; ``low`` and ``high`` (bin,) hold the true share with 95 %."""

    name: str
    probability: npt.NDArray[np.float64]
    right: npt.NDArray[np.float64]
    count: npt.NDArray[np.int64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    error: float


def _calibration_info(models: Sequence[Reliability]) -> tuple[CalibrationInfo, ...]:
    """Leaves empty bins out, and bounds every share."""
    drawn = []
    for model in models:
        some = np.asarray(model.count) > 0
        if not some.any():
            continue
        count = np.asarray(model.count)[some].astype(np.int64)
        right = np.asarray(model.right, dtype=np.float64)[some]
        low, high = share_bounds(right, count)
        drawn.append(
            CalibrationInfo(
                name=model.name,
                probability=np.asarray(model.probability, dtype=np.float64)[some],
                right=right,
                count=count,
                low=low,
                high=high,
                error=model.error,
            )
        )
    return tuple(drawn)


def plot_calibration(models: Sequence[Reliability], *, height: int = HEIGHT) -> go.Figure:
    """Reliability diagram, and how many answers lie in every bin below it.

    On the diagonal an answer given with 80 % is right in 80 of 100 cases; below it the model is too sure.

    Args:
        models: the first is drawn as the network.
        height: pixels.
    """
    drawn = _calibration_info(models)
    if not drawn:
        return empty_figure("Calibration", "the model has no probabilities", height)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.76, 0.24], vertical_spacing=0.04)
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="believable", line={"color": TRUTH, "width": 1.5, "dash": "dot"}, hoverinfo="skip",
        row=1, col=1,
    )  # fmt: skip
    for number, info in enumerate(drawn):
        style, name = model_style(number), as_text(info.name, 28)
        figure.add_scatter(
            x=info.probability,
            y=info.right,
            error_y={
                "array": info.high - info.right, "arrayminus": info.right - info.low, "thickness": 1, "width": 3, "color": style["color"],
            },
            mode="lines+markers",
            name=f"{name} (off by {100 * info.error:.1f} %)" if np.isfinite(info.error) else name,
            legendgroup=str(number),
            line=style,
            marker={"size": 7},
            customdata=np.stack([info.count, info.low, info.high], axis=1),
            hovertemplate=f"{name}<br>probability %{{x:.1%}}: right in %{{y:.1%}} of %{{customdata[0]:,}}"
            "<br>true share %{customdata[1]:.0%} to %{customdata[2]:.0%}<extra></extra>",
            row=1,
            col=1,
        )  # fmt: skip
        figure.add_bar(
            x=info.probability,
            y=info.count,
            width=0.08 / len(drawn),
            offset=(number - len(drawn) / 2) * 0.08 / len(drawn),
            marker={"color": style["color"], "opacity": 0.75},
            showlegend=False,
            legendgroup=str(number),
            hovertemplate=f"{name}<br>%{{y:,}} answers<extra></extra>",
            row=2,
            col=1,
        )
    arrange(figure, height + 19 * max(0, len(drawn) - 2))
    ticks = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}
    lowest = min(float(info.probability.min()) for info in drawn)
    figure.update_xaxes(range=[-0.03 if lowest < 0.45 else 0.45, 1.03], **ticks)
    figure.update_xaxes(title_text="probability of the answer", row=2, col=1)
    figure.update_yaxes(title_text="share right", range=[-0.03, 1.03], **ticks, row=1, col=1)
    figure.update_yaxes(title_text="answers", nticks=3, exponentformat="none", rangemode="tozero", row=2, col=1)
    return figure
