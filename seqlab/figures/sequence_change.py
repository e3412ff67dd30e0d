"""What a change inside a model does to a sequence: the probability of each class before and after, and how far every output moves."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.axis import name_ticks
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import MODEL, PARTS, TRUTH, UNIT

__all__ = ["largest_classes", "plot_class_bars", "plot_class_change", "plot_moved"]

MOST_CLASSES = 8

Floats = npt.NDArray[np.floating]


def largest_classes(before: Floats, after: Floats, right: int, most: int = MOST_CLASSES) -> list[int]:
    """Numbers of the classes that are likely before or after, the likeliest first; the right one is among them.

    Args:
        before, after: (class,) probabilities.
        right: number of the right class; below 0 if nobody knows.
        most: so many at most.

    Example:
        >>> largest_classes(np.array([0.1, 0.7, 0.2]), np.array([0.8, 0.1, 0.1]), right=2, most=2)
        [0, 2]
    """
    order = [int(number) for number in np.argsort(-np.maximum(before, after), kind="stable")]
    kept = order[:most]
    return kept if right < 0 or right in kept else [*kept[: most - 1], right]


def plot_class_change(
    before: Floats,
    after: Floats,
    classes: Sequence[str],
    *,
    right: int = -1,
    of: tuple[str, str] = ("without the change", "with the change"),
) -> go.Figure:
    """Bars of each likely class without and with the change.

    Args:
        before, after: (class,) probabilities.
        classes: names.
        right: number of the right class; below 0 if nobody knows.
        of: what the two are.
    """
    return plot_class_bars([(of[0], before, MODEL), (of[1], after, UNIT)], classes, right=right)


def plot_class_bars(bars: Sequence[tuple[str, Floats, str]], classes: Sequence[str], *, right: int = -1) -> go.Figure:
    """Bars of each class that any of several models or states holds likely.

    Args:
        bars: name, (class,) probabilities and colour of each.
        classes: names.
        right: number of the right class; below 0 if nobody knows.
    """
    if not bars or not len(classes) or not all(np.isfinite(values).all() for _, values, _ in bars):
        return empty_figure("Probability of each class", "the network gives no probabilities")
    highest = np.max([values for _, values, _ in bars], axis=0)
    chosen = largest_classes(highest, highest, right)
    names = [f"<b>{as_text(classes[number], 24)}</b> (right)" if number == right else as_text(classes[number], 24) for number in chosen]
    figure = go.Figure()
    for name, values, color in bars:
        figure.add_bar(
            y=names, x=np.asarray(values, dtype=np.float64)[chosen], name=as_text(name), orientation="h",
            marker={"color": color, "line_width": 0}, hovertemplate=f"%{{y}}<br>{as_text(name)}: %{{x:.2%}}<extra></extra>",
        )  # fmt: skip
    arrange(figure, 90 + (16 + 15 * len(bars)) * len(chosen), barmode="group", bargap=0.25)
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text="probability")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def plot_moved(
    moved: Floats, usual: Floats | None, *, bands: Sequence[tuple[int, int]] = (), labels: Sequence[str] = (), output: str = "h", noun: str
) -> go.Figure:
    """How far the output of every step moves, with the steps that are changed shaded.

    Args:
        moved: (step,) ‖Δh‖ of the sequence on the screen.
        usual: (step,) its mean over several; NaN where none reaches; ``None`` if there is one only.
        bands: (first, last) steps that are changed, from 0.
        labels: (step,) words at the steps; empty if there are none.
        output: letter of the output.
        noun: what is read: a sequence or a text.
    """
    x = np.arange(1, len(moved) + 1)
    figure = go.Figure()
    if usual is not None:
        figure.add_scatter(
            x=x, y=usual, mode="lines", name=f"mean of all {noun}s", line={"color": TRUTH, "width": 1.5},
            hovertemplate=f"step %{{x}}<br>mean ‖Δ{output}‖ %{{y:.3g}}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=x, y=moved, mode="lines+markers" if len(x) < 60 else "lines", name=f"this {noun}", line={"color": UNIT, "width": 1.8},
        marker={"size": 4}, hovertemplate=f"step %{{x}}<br>‖Δ{output}‖ %{{y:.3g}}<extra></extra>",
    )  # fmt: skip
    for first, last in bands:
        figure.add_vrect(x0=first + 0.5, x1=last + 1.5, fillcolor=PARTS["validation"], line_width=0, layer="below")
    arrange(figure, 230)
    figure.update_xaxes(range=[0.5, len(x) + 0.5], tickformat="d")
    if labels:
        name_ticks(figure, x, labels)
    else:
        figure.update_xaxes(title_text="step")
    figure.update_yaxes(title_text=f"‖Δ{output}‖", **({"rangemode": "tozero"} if np.nan_to_num(moved).any() else {"range": [-0.05, 1]}))
    return figure
