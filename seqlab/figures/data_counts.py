"""How much of what a data set holds in each part: lengths or other numbers as a histogram, classes as bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH

__all__ = ["ClassBars", "class_bars", "histogram_bins", "plot_class_counts", "plot_histogram"]

COLORS = {"train": TRUTH, "validation": BASELINE_COLORS[0], "test": MODEL}
MOST_BINS = 60
MOST_CLASSES = 26
HEIGHT = 260  # pixels
ROW = 19

Floats = npt.NDArray[np.floating]


def histogram_bins(values: Sequence[float] | Floats, *, whole: bool) -> Floats:
    """Edges of at most 60 bins; of whole numbers each bin holds equally many numbers.

    Example:
        >>> histogram_bins([2, 3, 5], whole=True).tolist()
        [1.5, 2.5, 3.5, 4.5, 5.5]
    """
    low, high = float(np.min(values)), float(np.max(values))
    if not whole:
        return np.linspace(low, high if high > low else low + 1.0, 31)
    width = max(1, -(-int(high - low + 1) // MOST_BINS))
    return np.arange(low - 0.5, high + width, width, dtype=np.float64)


def plot_histogram(parts: Mapping[str, Sequence[float] | Floats], *, label: str, whole: bool = True) -> go.Figure:
    """Numbers of the sequences, such as their lengths, stacked by part.

    Args:
        parts: ``train``, ``validation`` and ``test`` → a number per sequence.
        label: what the number is.
        whole: whether the numbers are whole.
    """
    held = {part: np.asarray(values, dtype=np.float64) for part, values in parts.items() if len(values)}
    if not held:
        return empty_figure(label, "there is no sequence")
    edges = histogram_bins(np.concatenate(list(held.values())), whole=whole)
    wide = edges[1] - edges[0]
    figure = go.Figure()
    for part, values in held.items():
        count, _ = np.histogram(values, edges)
        first = np.ceil(edges[:-1]).astype(int)
        span = [f"{low}" if wide == 1 else f"{low} to {low + int(wide) - 1}" for low in first] if whole else [
            f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges)
        ]  # fmt: skip
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=count,
            width=0.92 * wide,
            name=part,
            marker={"color": COLORS[part]},
            customdata=span,
            hovertemplate=f"{as_text(label)}: %{{customdata}}<br>{part}: %{{y:,}}<extra></extra>",
        )
    arrange(figure, HEIGHT, barmode="stack", bargap=0, legend_traceorder="normal")
    figure.update_xaxes(title_text=as_text(label))
    figure.update_yaxes(title_text="sequences")
    return figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBars:
    """The classes that are drawn, most frequent first.

    Args:
        names: (class,)
        counts: part → (class,) how many.
        left_out: how many rarer classes are not drawn.
    """

    names: tuple[str, ...]
    counts: Mapping[str, npt.NDArray[np.int64]]
    left_out: int


def class_bars(classes: Sequence[str], counts: Mapping[str, Sequence[int]]) -> ClassBars:
    """Sorts classes by how frequent they are in all parts together.

    Example:
        >>> class_bars(["a", "b"], {"train": [1, 5], "test": [1, 0]}).names
        ('b', 'a')
    """
    table = {part: np.asarray(values, dtype=np.int64) for part, values in counts.items()}
    total = sum(table.values(), np.zeros(len(classes), dtype=np.int64))
    order = np.argsort(-total, kind="stable")[:MOST_CLASSES]
    return ClassBars(
        names=tuple(classes[place] for place in order),
        counts={part: values[order] for part, values in table.items()},
        left_out=len(classes) - len(order),
    )


def plot_class_counts(classes: Sequence[str], counts: Mapping[str, Sequence[int]], *, what: str = "sequences") -> go.Figure:
    """One bar per class, stacked by part; the most frequent of many.

    Args:
        classes: names.
        counts: ``train``, ``validation`` and ``test`` → (class,) how many.
        what: what is counted.
    """
    bars = class_bars(classes, counts)
    if not bars.names:
        return empty_figure("Classes", "there is no class")
    figure = go.Figure()
    for part, values in bars.counts.items():
        figure.add_bar(
            y=list(range(len(bars.names))),
            x=values,
            name=part,
            orientation="h",
            marker={"color": COLORS[part]},
            customdata=[as_text(name) for name in bars.names],
            hovertemplate=f"%{{customdata}}<br>{part}: %{{x:,}}<extra></extra>",
        )
    arrange(figure, max(150, ROW * len(bars.names) + 90), barmode="stack", bargap=0.25, legend_traceorder="normal")
    figure.update_xaxes(title_text=f"{as_text(what)}" + (f"; {bars.left_out} rarer ones are not drawn" if bars.left_out else ""))
    figure.update_yaxes(
        tickvals=list(range(len(bars.names))), ticktext=[as_text(name, 20) for name in bars.names], autorange="reversed", showgrid=False
    )
    return figure
