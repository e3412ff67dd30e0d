"""A state transplant in pictures: how far the forecast moves, step by step, and the three forecasts themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.axis import Positions, edge, name_ticks
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH, UNIT

__all__ = ["FlipInfo", "flip_range", "plot_flip", "plot_transplant"]

DONOR = BASELINE_COLORS[1]
BAND = "rgba(133, 133, 133, 0.25)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipInfo:
    """The numbers of the curve.

    Args:
        places: (step,) where the steps lie on a time axis.
        scores: (step,) flip score of the chosen donor over the whole forecast.
        others: (donor, step) those of other donors; may be empty.
        by_horizon: (step, horizon) of the chosen donor, one column per step ahead.
        cursor: the place of the step whose forecast is drawn.
        answer: what is scored: a forecast or an answer.
        words: (step,) what was read at each step, to stand on the axis; empty for dates or numbers.
    """

    places: Positions
    scores: npt.NDArray[np.floating]
    others: npt.NDArray[np.floating]
    by_horizon: npt.NDArray[np.floating]
    cursor: object
    answer: str = "forecast"
    words: Sequence[str] = ()


def flip_range(scores: npt.NDArray[np.floating]) -> tuple[float, float]:
    """Limits of the score's axis: 0 and 1 with room around them, and what lies beyond as far as -1 and 2.

    Example:
        >>> flip_range(np.array([0.0, 1.3, 90.0, np.nan]))
        (-0.1, 2.05)
    """
    finite = scores[np.isfinite(scores)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return max(-1.0, min(0.0, low)) - (0.1 if low >= -1 else 0.05), min(2.0, max(1.0, high)) + (0.1 if high <= 2 else 0.05)


def plot_flip(info: FlipInfo, *, height: int = 320) -> go.Figure:
    """The flip score after every step: 0 is A's forecast, 1 is B's."""
    if not np.isfinite(info.scores).any():
        return empty_figure("Flip score", f"A and B have the same {info.answer}, so there is nothing to move", height)
    figure = go.Figure()
    reached = np.isfinite(info.others).any(axis=0) if len(info.others) else np.zeros(0, dtype=np.bool_)
    if reached.any() and (reached.all() or info.answer != "forecast"):  # shorter sequences do not reach all steps
        low, high = np.nanquantile(info.others[:, reached], (0.1, 0.9), axis=0)
        places = info.places[reached]
        figure.add_scatter(
            x=np.concatenate([places, places[::-1]]),
            y=np.concatenate([low, high[::-1]]).astype(np.float32),
            mode="lines",
            fill="toself",
            fillcolor=BAND,
            line_width=0,
            hoverinfo="skip",
            name=f"middle 80 % of {len(info.others)} other donors",
        )
    mode = "lines+markers" if len(info.places) < 60 else "lines"
    horizon = info.by_horizon.shape[1]
    for ahead, color in ((0, MODEL), (horizon - 1, BASELINE_COLORS[3])) if horizon > 1 else ():
        figure.add_scatter(
            x=info.places,
            y=info.by_horizon[:, ahead].astype(np.float32),
            mode="lines",
            name=f"{ahead + 1} step{'' if ahead == 0 else 's'} ahead",
            visible="legendonly",  # a single step's two forecasts may nearly agree, and the score then jumps
            line={"color": color, "width": 1.2, "dash": "dot"},
            hovertemplate=f"%{{x}}<br>{ahead + 1} ahead: %{{y:.3f}}<extra></extra>",
        )
    figure.add_scatter(
        x=info.places,
        y=info.scores.astype(np.float32),
        mode=mode,
        name=f"whole {info.answer}",
        line={"color": UNIT, "width": 2.5},
        marker={"size": 5},
        hovertemplate="%{x}<br>flip score %{y:.3f}<extra></extra>",
    )
    for level in (0.0, 1.0):
        figure.add_hline(y=level, line={"color": TRUTH, "width": 1, "dash": "dash"})
    figure.add_vline(x=edge(info.cursor), line={"color": TRUTH, "width": 1, "dash": "dot"})
    arrange(figure, height)
    low, high = flip_range(np.concatenate([info.scores, info.others.ravel()]))
    figure.update_yaxes(
        title_text="flip score", range=[low, high], tickvals=[-1, -0.5, 0, 0.5, 1, 1.5, 2],
        ticktext=["−1", "−0.5", "0: A", "0.5", "1: B", "1.5", "2"],
    )  # fmt: skip
    figure.update_xaxes(title_text="state replaced after this step")
    if info.words:
        name_ticks(figure, info.places, info.words)
    return figure


def plot_transplant(
    receiver: npt.NDArray[np.floating],
    donor: npt.NDArray[np.floating],
    mixed: npt.NDArray[np.floating],
    truth: npt.NDArray[np.floating],
    *,
    unit: str,
    labels: Sequence[str],
    donor_name: str,
    height: int = 320,
) -> go.Figure:
    """The forecasts of A, of B, and of A with B's state.

    Args:
        receiver, donor, mixed: (horizon,) in the data's own units.
        truth: (horizon,) what came after A; NaN where nothing was observed.
        unit: name of the values.
        labels: (horizon,) what A's steps ahead are, such as their dates.
        donor_name: what the donor's line shows.
        height: pixels.
    """
    if not len(receiver):
        return empty_figure("Forecasts of A, B and A with B's state", "the model forecasts no step", height)
    ahead = np.arange(1, len(receiver) + 1)
    text = [as_text(label) for label in labels]
    figure = go.Figure()
    for name, values, line in (
        ("truth after A", truth, {"color": TRUTH, "width": 1.5}),
        ("A", receiver, {"color": MODEL, "width": 2.5}),
        (donor_name, donor, {"color": DONOR, "width": 2, "dash": "dash"}),
        ("A with B's state", mixed, {"color": UNIT, "width": 2.5, "dash": "dot"}),
    ):
        figure.add_scatter(
            x=ahead,
            y=np.asarray(values, dtype=np.float64),
            mode="lines+markers" if len(ahead) <= 24 else "lines",
            name=as_text(name),
            line=line,
            marker={"size": 5},
            customdata=text,
            hovertemplate=f"%{{customdata}}, %{{x}} ahead<br>{as_text(name)}: %{{y:.6g}}<extra></extra>",
        )
    arrange(figure, height)
    figure.update_xaxes(title_text="steps ahead", tickformat="d", **({"dtick": 1} if len(ahead) <= 12 else {}))
    figure.update_yaxes(title_text=as_text(unit, 24))
    return figure
