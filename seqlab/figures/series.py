"""A series over time with its train, validation and test parts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.axis import Positions, edge, positions
from seqlab.figures.decimate import MAX_POINTS, decimate
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import MODEL, PARTS
from seqlab.records import SeriesPicture

__all__ = ["SeriesInfo", "plot_series"]

PANEL = 260
SMALL_PANEL = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesInfo:
    """The numbers of one line.

    Args:
        x: (point,) dates or row numbers.
        y: (point,) values, NaN where missing.
        decimated: whether rows were left out for the screen.
        parts: name, first and last position and number of rows of every part.
    """

    x: Positions
    y: npt.NDArray[np.float32]
    decimated: bool
    parts: tuple[tuple[str, object, object, int], ...]


def _series_info(picture: SeriesPicture, max_points: int = MAX_POINTS) -> SeriesInfo:
    values = np.asarray(picture.values, dtype=np.float64)
    rows = decimate(values, max_points)
    parts = []
    if picture.bounds is not None and len(values):
        for name in PARTS:
            first, end = picture.bounds.rows(name)
            if end > first:
                x = positions(picture.index, [first, min(end, len(values) - 1)])
                parts.append((name, x[0], x[1], end - first))
    return SeriesInfo(
        x=positions(picture.index, rows), y=values[rows].astype(np.float32), decimated=len(rows) < len(values), parts=tuple(parts)
    )


def plot_series(pictures: Sequence[SeriesPicture]) -> go.Figure:
    """One panel per series, on one time axis, the parts shaded.

    Long series are thinned to 4,000 points each: the smallest and largest value of every pixel stay, gaps too.
    """
    pictures = [picture for picture in pictures if np.isfinite(np.asarray(picture.values, dtype=np.float64)).any()]
    if not pictures:
        return empty_figure("The series over time", "there is no value to draw")
    several = len(pictures) > 1
    figure = make_subplots(rows=len(pictures), cols=1, shared_xaxes=True, vertical_spacing=min(0.05, 0.3 / len(pictures)))
    for row, picture in enumerate(pictures, start=1):
        info = _series_info(picture)
        figure.add_trace(
            go.Scatter(
                x=info.x,
                y=info.y,
                mode="lines",
                line={"color": MODEL, "width": 1.3},
                name=as_text(picture.name),
                showlegend=False,
                connectgaps=False,
                hovertemplate="%{x}<br>%{y:.6g}<extra></extra>",
            ),
            row=row,
            col=1,
        )
        _shade(figure, info, row)
        figure.update_yaxes(title_text=as_text(picture.name, 24 if several else 48), row=row, col=1)
    height = PANEL + 60 if not several else SMALL_PANEL * len(pictures) + 60
    return arrange(figure, height)


def _shade(figure: go.Figure, info: SeriesInfo, row: int) -> None:
    for name, first, last, count in info.parts:
        figure.add_vrect(
            x0=edge(first),
            x1=edge(last),
            fillcolor=PARTS[name],
            line_width=0,
            layer="below",
            row=row,
            col=1,
            name=f"{name} ({count:,} rows)",
            legendgroup=name,
            showlegend=row == 1,
        )
