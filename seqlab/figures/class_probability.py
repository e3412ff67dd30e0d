"""When did it make up its mind? The probability of every class, step by step, as a sequence is read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH, UNIT

__all__ = ["MindInfo", "mind_info", "plot_class_probability"]

MOST_CLASSES = 6
FEW = 40
COLORS = (MODEL, *BASELINE_COLORS)
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


@dataclass(frozen=True, slots=True, kw_only=True)
class MindInfo:
    """The numbers of the picture.

    Args:
        names: (line,) the classes with a line of their own, the final one first.
        lines: (line, step) their probabilities.
        rest: (step,) what all other classes have together; empty if there are none.
        others: how many classes ``rest`` stands for.
        final: name of the class with the largest probability at the end.
        settled: first step, from 0, from which on the final class leads without a break.
    """

    names: tuple[str, ...]
    lines: npt.NDArray[np.float64]
    rest: npt.NDArray[np.float64]
    others: int
    final: str
    settled: int


def mind_info(probability: npt.NDArray[np.floating], classes: Sequence[str], *, true: str = "", most: int = MOST_CLASSES) -> MindInfo:
    """Chooses the classes to draw and finds the step at which the model had made up its mind.

    Args:
        probability: (step, class) after each step, what the model says of the sequence so far.
        classes: names.
        true: the right class, which always has a line of its own; empty if unknown.
        most: classes that get a line.

    Example:
        >>> info = mind_info(np.array([[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]]), ["sad", "glad"])
        >>> info.final, info.settled
        ('glad', 1)
    """
    values = np.asarray(probability, dtype=np.float64)
    last = int(values[-1].argmax())
    elsewhere = np.flatnonzero(values.argmax(axis=1) != last)
    settled = int(elsewhere[-1]) + 1 if len(elsewhere) else 0
    fixed = [last, *([classes.index(true)] if true in classes and classes.index(true) != last else [])]
    # Of the others those that were ever likely: a class that led early on is part of the story.
    order = [number for number in np.argsort(-values.max(axis=0), kind="stable").tolist() if number not in fixed]
    room = len(classes) if len(classes) <= most else most - 1
    shown = [*fixed, *order][: max(room, len(fixed))]
    left = [number for number in range(len(classes)) if number not in shown]
    return MindInfo(
        names=tuple(classes[number] for number in shown),
        lines=values[:, shown].T,
        rest=values[:, left].sum(axis=1) if left else np.empty(0),
        others=len(left),
        final=classes[last],
        settled=settled,
    )


def plot_class_probability(
    probability: npt.NDArray[np.floating],
    classes: Sequence[str],
    *,
    labels: Sequence[str] = (),
    true: str = "",
    unit: str = "step",
    height: int = 340,
) -> go.Figure:
    """One line per likely class over the steps of the sequence; a mark where the final answer took the lead for good.

    Args:
        probability: (step, class) after each step.
        classes: names.
        labels: (step,) the words or characters that were read; empty for numbered steps.
        true: the right class; empty if unknown.
        unit: what a step is called.
        height: pixels.
    """
    if not len(probability) or not len(classes):
        return empty_figure("Probability of each class as the sequence is read", "the sequence has no step", height)
    info = mind_info(probability, list(classes), true=true)
    # Categories, not numbers: the browser then leaves out labels that do not fit, as many as its width asks for.
    steps = [str(step) for step in range(1, len(probability) + 1)]
    figure = go.Figure()
    for number, (name, line) in enumerate(zip(info.names, info.lines, strict=True)):
        shown = as_text(name, 24)
        figure.add_scatter(
            x=steps,
            y=line.astype(np.float32),
            mode="lines+markers" if len(steps) <= FEW else "lines",
            name=f"<b>{shown}</b> (true)" if name == true and true else shown,
            line={"color": COLORS[number % len(COLORS)], "dash": _DASHES[number % len(_DASHES)], "width": 2.5 if number == 0 else 1.8},
            marker={"size": 5},
            hovertemplate="%{y:.1%}",
        )
    if info.others:
        figure.add_scatter(
            x=steps,
            y=info.rest.astype(np.float32),
            mode="lines",
            name=f"{info.others} other class{'' if info.others == 1 else 'es'}",
            line={"color": TRUTH, "dash": "dot", "width": 1.5},
            hovertemplate="%{y:.1%}",
        )
    _mark(figure, info, len(steps))
    arrange(figure, height, hovermode="x unified")
    figure.update_yaxes(title_text="probability so far", range=[-0.03, 1.1], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_xaxes(type="category", range=[-0.6, len(steps) - 0.4], showgrid=False, title_text=f"{unit}s read")
    if len(labels) == len(steps):
        figure.update_xaxes(labelalias={step: as_text(label, 12) or "␣" for step, label in zip(steps, labels, strict=True)}, title_text="")
    return figure


def _mark(figure: go.Figure, info: MindInfo, steps: int) -> None:
    """A line at the step from which on the final answer leads; its text on the side that has more room."""
    place = info.settled
    late = place > steps / 2
    figure.add_vline(x=place, line={"color": UNIT, "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        x=place,
        y=1.1,
        text=f"settled on {as_text(info.final, 18)}",
        showarrow=False,
        xanchor="right" if late else "left",
        yanchor="top",
        xshift=-5 if late else 5,
        font={"color": UNIT, "size": 12},
    )
