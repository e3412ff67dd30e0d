"""ROC and precision–recall curves of several models or classes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import TRUTH, model_style

__all__ = ["RateCurve", "plot_precision_recall", "plot_roc"]

MAX_POINTS = 400
HEIGHT = 380


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCurve:
    """One curve: what is counted at every threshold, from the strictest to the most lenient.

    Args:
        name: the model or class.
        x: (threshold,) false positive rate of a ROC curve, recall of a precision–recall curve.
        y: (threshold,) true positive rate, or precision.
        threshold: (threshold,) probability from which on the answer is yes.
        area: area under the curve, or average precision; NaN where it is not computable.
        chance: y of a model that guesses, for a precision–recall curve the share of the class; not used for ROC.
    """

    name: str
    x: npt.NDArray[np.floating]
    y: npt.NDArray[np.floating]
    threshold: npt.NDArray[np.floating]
    area: float = float("nan")
    chance: float = float("nan")


def _curve_info(curves: Sequence[RateCurve], max_points: int = MAX_POINTS) -> tuple[RateCurve, ...]:
    """The curves that have points, thinned evenly along their length; both ends stay."""
    kept = []
    for curve in curves:
        seen = np.flatnonzero(np.isfinite(curve.x) & np.isfinite(curve.y))
        if not len(seen):
            continue
        if len(seen) > max_points:
            # Even steps along the way the curve goes, not along the thresholds: many of these lie in one corner.
            way = np.abs(np.diff(curve.x[seen])) + np.abs(np.diff(curve.y[seen]))
            gone = np.concatenate([[0.0], np.cumsum(way)])
            places = np.unique(np.searchsorted(gone, np.linspace(0, gone[-1], max_points)).clip(0, len(seen) - 1))
            seen = seen[np.union1d(places, [0, len(seen) - 1])]
        kept.append(
            RateCurve(
                name=curve.name, x=curve.x[seen], y=curve.y[seen], threshold=curve.threshold[seen], area=curve.area, chance=curve.chance
            )
        )
    return tuple(kept)


def plot_roc(curves: Sequence[RateCurve], *, height: int = HEIGHT) -> go.Figure:
    """True against false positives, from the strictest threshold (left) to the most lenient (right), with the line of a guess.

    Args:
        curves: the first is drawn as the network.
        height: pixels.
    """
    drawn = _curve_info(curves)
    if not drawn:
        return empty_figure("ROC curve", "it needs probabilities and sequences both of the class and of others", height)
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="guessing", line={"color": TRUTH, "width": 1.5, "dash": "dot"}, hoverinfo="skip"
    )
    for number, curve in enumerate(drawn):
        _draw(figure, curve, number, "false alarms %{x:.1%}, found %{y:.1%}", "area")
    figure.update_xaxes(title_text="false positive rate")
    figure.update_yaxes(title_text="true positive rate (recall)")
    return _square(figure, height)


def plot_precision_recall(curves: Sequence[RateCurve], *, height: int = HEIGHT) -> go.Figure:
    """Precision against recall, with the precision of a guess: the share of the class.

    Args:
        curves: the first is drawn as the network; where all share one ``chance``, one line is drawn for it.
        height: pixels.
    """
    drawn = _curve_info(curves)
    if not drawn:
        return empty_figure("Precision and recall", "it needs probabilities and sequences of the class", height)
    figure = go.Figure()
    levels = {round(curve.chance, 6) for curve in drawn if np.isfinite(curve.chance)}
    if len(levels) == 1:
        level = levels.pop()
        figure.add_scatter(
            x=[0, 1],
            y=[level, level],
            mode="lines",
            name=f"guessing: {level:.1%}",
            line={"color": TRUTH, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
        )
    for number, curve in enumerate(drawn):
        own = f"<br>guessing has {100 * curve.chance:.1f} %" if np.isfinite(curve.chance) else ""
        _draw(figure, curve, number, f"recall %{{x:.1%}}, precision %{{y:.1%}}{own}", "AP")
    figure.update_xaxes(title_text="recall")
    figure.update_yaxes(title_text="precision")
    return _square(figure, height)


def _name(curve: RateCurve) -> str:
    return as_text(curve.name, 28)


def _draw(figure: go.Figure, curve: RateCurve, number: int, hover: str, area: str) -> None:
    figure.add_scatter(
        x=curve.x.astype(np.float32),
        y=curve.y.astype(np.float32),
        mode="lines" if len(curve.x) > 12 else "lines+markers",
        name=f"{_name(curve)} ({area} {curve.area:.3f})" if np.isfinite(curve.area) else _name(curve),
        line={**model_style(number), "shape": "linear"},
        marker={"size": 5},
        customdata=[f"yes from {100 * value:.1f} % on" if np.isfinite(value) else "never yes" for value in curve.threshold],
        hovertemplate=f"{_name(curve)}<br>%{{customdata}}<br>{hover}<extra></extra>",
    )


def _square(figure: go.Figure, height: int) -> go.Figure:
    lines = len(figure.data)
    arrange(figure, height + 19 * max(0, lines - 3))
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(range=[-0.015, 1.015], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    return figure
