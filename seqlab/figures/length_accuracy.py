"""How far what was learned carries: the share of right answers against the length of the sequence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import PARTS, TRUTH, faint, model_style
from seqlab.figures.share_bounds import share_bounds

__all__ = ["LengthCurve", "plot_length_accuracy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthCurve:
    """What one model got right at every length.

    Args:
        name: the model.
        length: (length,) steps of the sequences.
        right: (length,) sequences with a right answer.
        count: (length,) sequences.
    """

    name: str
    length: npt.NDArray[np.integer]
    right: npt.NDArray[np.integer]
    count: npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthInfo:
    """What is drawn of one model, sorted by length: the share right and the bounds that hold the true share with 95 %."""

    name: str
    length: npt.NDArray[np.int64]
    share: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    count: npt.NDArray[np.int64]


def _length_info(curves: Sequence[LengthCurve]) -> tuple[LengthInfo, ...]:
    drawn = []
    for curve in curves:
        order = np.argsort(curve.length, kind="stable")
        order = order[np.asarray(curve.count)[order] > 0]
        if not len(order):
            continue
        count = np.asarray(curve.count, dtype=np.int64)[order]
        share = np.asarray(curve.right, dtype=np.float64)[order] / count
        low, high = share_bounds(share, count)
        drawn.append(
            LengthInfo(
                name=curve.name,
                length=np.asarray(curve.length, dtype=np.int64)[order],
                share=share,
                low=low,
                high=high,
                count=count,
            )
        )
    return tuple(drawn)


def plot_length_accuracy(
    curves: Sequence[LengthCurve], *, trained: int = 0, chance: float = float("nan"), unit: str = "steps", height: int = 320
) -> go.Figure:
    """One line per model over the length of the sequence; the lengths it was trained on are shaded.

    The band around a line holds the true share with 95 %; there is none where each length has one sequence only.

    Args:
        curves: the first is drawn as the network.
        trained: the longest sequence of the training part; 0 if it should not be marked.
        chance: share that a guess gets right; NaN for no line.
        unit: what a length counts; empty where the task counts in its own way.
        height: pixels.
    """
    drawn = _length_info(curves)
    if not drawn:
        return empty_figure("Right answers by length", "no sequence has an answer yet", height)
    figure = go.Figure()
    if trained:
        first = min(int(info.length[0]) for info in drawn)
        figure.add_vrect(x0=min(first, trained), x1=trained, fillcolor=PARTS["train"], line_width=0, layer="below")
        figure.add_vline(x=trained, line={"color": TRUTH, "width": 1.5, "dash": "dash"})
        last = max(int(info.length[-1]) for info in drawn)
        late = trained > (first + last) / 2
        figure.add_annotation(
            x=trained, y=1.1, text="longest in training", showarrow=False, yanchor="top", xanchor="right" if late else "left",
            xshift=-5 if late else 5, font={"size": 12, "color": TRUTH},
        )  # fmt: skip
    if np.isfinite(chance):
        figure.add_hline(y=chance, line={"color": TRUTH, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=1, xref="paper", y=chance, text=f"guessing: {100 * chance:.0f} %", showarrow=False, xanchor="right", yanchor="bottom",
            font={"size": 12, "color": TRUTH},
        )  # fmt: skip
    for number, info in enumerate(drawn):
        style, name = model_style(number), as_text(info.name, 28)
        if len(info.length) > 1 and info.count.max() > 1:  # one sequence per length says nothing of others
            figure.add_scatter(
                x=np.concatenate([info.length, info.length[::-1]]),
                y=np.concatenate([info.high, info.low[::-1]]),
                mode="lines",
                fill="toself",
                fillcolor=faint(str(style["color"])),
                line_width=0,
                hoverinfo="skip",
                showlegend=False,
                legendgroup=str(number),
            )
        figure.add_scatter(
            x=info.length,
            y=info.share,
            mode="lines+markers" if len(info.length) <= 40 else "lines",
            name=name,
            legendgroup=str(number),
            line=style,
            marker={"size": 6},
            customdata=info.count,
            hovertemplate=f"{name}<br>%{{x:,}} {as_text(unit) or 'long'}: %{{y:.1%}} of %{{customdata:,}}<extra></extra>",
        )
    arrange(figure, height)
    figure.update_xaxes(title_text=f"length ({as_text(unit)})" if unit else "length", tickformat=",d")
    figure.update_yaxes(title_text="share right", range=[-0.03, 1.1], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    return figure
