"""Which classes are taken for which: one cell per true class and class said, to be clicked."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import GRID, TRUTH
from seqlab.records import ClassPrediction

__all__ = ["ConfusionInfo", "confusion_info", "plot_confusion"]

NO_ANSWER = "no answer"
MOST_TEXTS = 12
"""Classes up to which every cell has its number written into it; beyond that the colours and the pointer say it."""

# Right answers blue, wrong ones orange. With a number in every cell they go from grey to full colour, all dark enough for
# white letters and far enough from a white and a near-black page. Without numbers they go from transparent to full
# colour; a wrong cell of a few per cent must be seen beside a diagonal near 100 %, so they rise quickly from 0.
_GREY, _RIGHT, _WRONG = (118, 122, 128), (38, 107, 170), (190, 84, 0)
_SHADES = ((0.004, 0.18), (0.05, 0.34), (0.2, 0.52), (0.5, 0.7), (1.0, 0.9))
LETTERS = "#FFFFFF"


def _scale(*, texts: bool) -> list[list[float | str]]:
    """Colours from −1 (every sequence of the class was taken for this other one) over 0 (none) to 1 (all are right)."""

    def color(full: tuple[int, int, int], shade: float) -> str:
        if not texts:
            return f"rgba({', '.join(map(str, full))}, {shade})"
        return "rgb({}, {}, {})".format(*(round(grey + (part - grey) * shade) for grey, part in zip(_GREY, full, strict=True)))

    below: list[list[float | str]] = [[(1 - share) / 2, color(_WRONG, shade)] for share, shade in reversed(_SHADES)]
    above: list[list[float | str]] = [[(1 + share) / 2, color(_RIGHT, shade)] for share, shade in _SHADES]
    return [*below, *above]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionInfo:
    """The numbers of the matrix.

    Args:
        classes: (true,) names of the rows: classes that occur or were said.
        said: (said,) names of the columns: the same, and one for sequences without an answer where there are any.
        numbers: (true,) the classes' numbers in the prediction; a missing answer is -1.
        count: (true, said) how many.
        share: (true, said) of its row; NaN in a row of a class that never occurs.
    """

    classes: tuple[str, ...]
    said: tuple[str, ...]
    numbers: tuple[int, ...]
    count: npt.NDArray[np.int64]
    share: npt.NDArray[np.float64]


def confusion_info(prediction: ClassPrediction) -> ConfusionInfo:
    """Counts every pair of true class and class said; steps without a true class are left out.

    Args:
        prediction: what one model said.

    Example:
        >>> answers = ClassPrediction(
        ...     model="m", classes=("a", "b"), samples=np.arange(3),
        ...     y_true=np.array([[0], [0], [1]]), y_pred=np.array([[0], [1], [1]]),
        ... )
        >>> confusion_info(answers).count.tolist()
        [[1, 1], [0, 1]]
    """
    asked = prediction.y_true >= 0
    true, said = prediction.y_true[asked], prediction.y_pred[asked]
    size = len(prediction.classes)
    every = np.zeros((size, size + 1), dtype=np.int64)
    np.add.at(every, (true, np.where(said < 0, size, said)), 1)
    present = np.flatnonzero(every.sum(axis=1) + every[:, :size].sum(axis=0))
    silent = bool(every[:, size].any())
    count = every[np.ix_(present, np.append(present, size) if silent else present)]
    total = count.sum(axis=1, keepdims=True)
    share = np.divide(count, total, out=np.full(count.shape, np.nan), where=total > 0)
    names = tuple(prediction.classes[number] for number in present)
    return ConfusionInfo(
        classes=names,
        said=(*names, *((NO_ANSWER,) if silent else ())),
        numbers=tuple(int(number) for number in present),
        count=count,
        share=share,
    )


def plot_confusion(prediction: ClassPrediction, *, show: Literal["count", "share"] = "count") -> go.Figure:
    """True classes down, classes said across; the diagonal is right.

    Every cell carries the numbers of its two classes as ``customdata`` (-1: no answer), so that a page can ask what was clicked.

    Args:
        prediction: what one model said.
        show: what is written into the cells: how many, or which share of the true class.
    """
    info = confusion_info(prediction)
    if not info.classes:
        return empty_figure("Confusion matrix", "no sequence has both an answer and a right class")
    rows, columns = info.count.shape
    side = 46 if rows <= 5 else 34 if rows <= MOST_TEXTS else 20
    right = np.eye(rows, columns, dtype=bool)
    figure = go.Figure()
    figure.add_heatmap(
        z=np.where(info.count > 0, np.where(right, 1.0, -1.0) * info.share, np.nan),
        zmin=-1,
        zmax=1,
        colorscale=_scale(texts=rows <= MOST_TEXTS),
        showscale=False,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
        hoverongaps=False,
    )
    figure.add_trace(_cells(info, show, side))
    for name, color in (("right", _RIGHT), ("wrong", _WRONG)):
        figure.add_scatter(x=[None], y=[None], mode="markers", marker={"symbol": "square", "size": 11, "color": f"rgb{color}"}, name=name)
    longest = max(len(name) for name in info.said)
    letters = 18 if rows <= MOST_TEXTS else 14
    upright = longest * columns > 40
    height = rows * side + 70 + (7 * min(letters, longest) if upright else 24)
    arrange(figure, height, dragmode=False, hoverdistance=-1, legend={"itemclick": False, "itemdoubleclick": False, "y": 1.0 + 6 / height})
    small = {"size": 10} if rows > MOST_TEXTS else {}
    figure.update_xaxes(
        title_text="said", tickvals=list(range(columns)), ticktext=[as_text(name, letters) for name in info.said],
        tickangle=-90 if upright else 0, range=[-0.5, columns - 0.5], showgrid=False, tickfont=small, linecolor=GRID, mirror=True,
    )  # fmt: skip
    figure.update_yaxes(
        title_text="true", tickvals=list(range(rows)), ticktext=[as_text(name, letters) for name in info.classes],
        range=[rows - 0.5, -0.5], showgrid=False, tickfont=small, linecolor=GRID, mirror=True,
    )  # fmt: skip
    return figure


def _cells(info: ConfusionInfo, show: str, side: int) -> go.Scatter:
    """One invisible marker per cell: it bears the text, answers the pointer, and is framed when it was clicked.

    A heat map alone tells nobody what was clicked.
    """
    rows, columns = info.count.shape
    numbers = (*info.numbers, *((-1,) if columns > rows else ()))
    places = [(row, column) for row in range(rows) for column in range(columns)]
    text, hover = [], []
    for row, column in places:
        count, share = int(info.count[row, column]), float(info.share[row, column])
        filled = count > 0 and rows <= MOST_TEXTS
        text.append((f"{count:,}" if show == "count" else f"{100 * share:.0f} %" if share >= 0.005 else "< 1 %") if filled else "")
        percentage = f", {100 * share:.1f} % of this class" if np.isfinite(share) else ""
        hover.append(f"true: {as_text(info.classes[row])}<br>said: {as_text(info.said[column])}<br>{count:,}{percentage}")
    return go.Scatter(
        x=[column for _, column in places],
        y=[row for row, _ in places],
        mode="markers+text",
        text=text,
        textfont={"size": 12, "color": LETTERS},
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=[[info.numbers[row], numbers[column]] for row, column in places],
        marker={
            "symbol": "square-open",
            "size": side - 5,
            "opacity": 0,
            "color": LETTERS if rows <= MOST_TEXTS else TRUTH,
            "line": {"width": 3},
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0}, "textfont": {"color": LETTERS}},
        showlegend=False,
    )
