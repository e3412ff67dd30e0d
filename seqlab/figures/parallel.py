"""Many runs at once: one vertical axis per setting, one line per run, coloured by its loss."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import TRUTH

__all__ = ["ParallelAxis", "plot_parallel"]

_TICKS = 5
_LONGEST = 12  # letters of a word at a tick
_LETTER = 7  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelAxis:
    """One axis.

    Args:
        label: its name, with the unit.
        values: (run,) numbers, or words (then every word has its own place).
        log: whether equal factors are equal distances; ignored for words and where a number is not above zero.
    """

    label: str
    values: Sequence[float] | Sequence[str]
    log: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisInfo:
    """The numbers of one axis: (run,) places, and where its ticks are."""

    label: str
    places: npt.NDArray[np.float64]
    ticks: tuple[float, ...]
    texts: tuple[str, ...]


def _axis_info(axis: ParallelAxis) -> AxisInfo:
    if any(isinstance(value, str) for value in axis.values):
        words = list(dict.fromkeys(str(value) for value in axis.values))
        places = np.array([words.index(str(value)) for value in axis.values], dtype=np.float64)
        return AxisInfo(label=axis.label, places=places, ticks=tuple(map(float, range(len(words)))), texts=tuple(words))
    values = np.array(axis.values, dtype=np.float64)
    log = axis.log and bool((values > 0).all())
    distinct = np.unique(values)
    if len(distinct) <= _TICKS:
        ticks = distinct
    else:
        low, high = float(distinct[0]), float(distinct[-1])
        ticks = np.geomspace(low, high, _TICKS) if log else np.linspace(low, high, _TICKS)
        if (values == np.round(values)).all():
            ticks = np.unique(np.round(ticks))
    places, at = (np.log10(values), np.log10(ticks)) if log else (values, ticks)
    return AxisInfo(label=axis.label, places=places, ticks=tuple(at.tolist()), texts=tuple(f"{tick:.3g}" for tick in ticks.tolist()))


def plot_parallel(axes: Sequence[ParallelAxis], loss: Sequence[float], *, title: str, log: bool = True, height: int = 380) -> go.Figure:
    """Parallel coordinates; dragging along an axis shows only the runs that pass there.

    Args:
        axes: the settings, from left to right; the loss is added as the last axis.
        loss: (run,); runs without a finite loss are left out.
        title: what the loss is.
        log: whether the loss axis and its colours are logarithmic.
        height: pixels.
    """
    losses = np.asarray(loss, dtype=np.float64)
    kept = [place for place, value in enumerate(losses.tolist()) if math.isfinite(value)]
    if len(kept) < 2 or not axes:
        return empty_figure("Runs as lines across their settings", "it takes two runs with a loss that differ in a setting", height)
    infos = [_axis_info(_only(axis, kept)) for axis in axes]
    infos.append(_axis_info(ParallelAxis(label=title, values=losses[kept].tolist(), log=log)))
    last = infos[-1]
    figure = go.Figure(
        go.Parcoords(
            dimensions=[_dimension(info) for info in infos],
            # Reversed: bright is the smallest loss. The dark end of the scale would vanish on a dark page.
            line={
                "color": last.places,
                "colorscale": [[share, colour] for share, colour in _scale()],
                "cmin": float(last.places.min()),
                "cmax": float(last.places.max()) if np.ptp(last.places) > 0 else float(last.places.min()) + 1.0,
            },
            labelangle=-25,
            labelfont={"size": 12},
            tickfont={"size": 11},
            rangefont={"size": 1, "color": "rgba(0,0,0,0)"},  # the ends of the axes are ticks already
            unselected={"line": {"color": "#858585", "opacity": 0.15}},
        )
    )
    left = 16 + _LETTER * min(_LONGEST, max(len(text) for text in infos[0].texts))
    for place in range(len(infos)):
        # Plotly's own axes are nearly black on any page.
        across = place / (len(infos) - 1)
        figure.add_shape(type="line", xref="paper", yref="paper", x0=across, x1=across, y0=0, y1=1, line={"color": TRUTH, "width": 1})
    return arrange(figure, height, margin={"l": max(50, left), "r": 60, "t": 80, "b": 20})


def _only(axis: ParallelAxis, places: Sequence[int]) -> ParallelAxis:
    values: Any = [axis.values[place] for place in places]
    return ParallelAxis(label=axis.label, values=values, log=axis.log)


def _dimension(info: AxisInfo) -> dict[str, Any]:
    low, high = float(min(info.places.min(), min(info.ticks))), float(max(info.places.max(), max(info.ticks)))
    room = 0.5 if math.isclose(low, high) else 0.0
    return {
        "label": as_text(info.label, 20),
        "values": info.places,
        "range": [low - room, high + room],
        "tickvals": list(info.ticks),
        "ticktext": [as_text(text, _LONGEST) for text in info.texts],
    }


def _scale() -> list[tuple[float, str]]:
    """From the smallest loss to the largest: orange, through purple, to blue; none of them close to white or black."""
    return [(0.0, "#E69F00"), (0.5, "#B0639B"), (1.0, "#4A7FB5")]
