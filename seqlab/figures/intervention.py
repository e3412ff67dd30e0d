"""What a change inside a model does: the forecast with and without it, and how far the output of every step moves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.axis import edge, extend, positions
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure, panel_title
from seqlab.figures.palette import MODEL, PARTS, TRUTH, UNIT
from seqlab.records import SeriesPicture

__all__ = ["ChangeInfo", "change_info", "plot_change"]

TOP, BELOW = 250, 150  # pixels of the two panels
TITLE, DATES = 26, 36


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInfo:
    """The numbers of the picture; rows are rows of the data.

    Args:
        rows, truth: (point,) the window and the steps of the forecast; NaN where nothing was observed.
        forecast_rows: (step,) steps of the forecast.
        unchanged, changed: (step,) forecasts in the data's own units.
        moved_rows, moved: (point,) ‖Δh‖ and the rows where it was read.
        usual: (point,) the mean of ‖Δh‖ over several windows, or None.
        bands: (first, last) rows of the steps that are changed.
        starts: first rows of the forecasts: one, or several that follow each other.
    """

    rows: npt.NDArray[np.int64]
    truth: npt.NDArray[np.float64]
    forecast_rows: npt.NDArray[np.int64]
    unchanged: npt.NDArray[np.float64]
    changed: npt.NDArray[np.float64]
    moved_rows: npt.NDArray[np.int64]
    moved: npt.NDArray[np.float64]
    usual: npt.NDArray[np.float64] | None
    bands: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]


def change_info(
    series: SeriesPicture,
    *,
    first_row: int,
    context: int,
    unchanged: npt.ArrayLike,
    changed: npt.ArrayLike,
    moved: npt.ArrayLike,
    moved_at: npt.ArrayLike,
    usual: npt.ArrayLike | None = None,
    steps: Sequence[tuple[int, int]] = (),
    horizon: int | None = None,
) -> ChangeInfo:
    """Numbers of the change picture.

    Args:
        series: the target column over all rows, in the data's own units.
        first_row: row of the window's first input step.
        context: steps the window reads.
        unchanged, changed: (step,) forecasts without and with the change, in the data's own units.
        moved: (point,) ‖Δh‖.
        moved_at: (point,) the data step each of those was read at, counted from the window's first.
        usual: (point,) the mean of ‖Δh‖ over several windows.
        steps: (first, last) data steps that are changed, counted from the window's first.
        horizon: steps of one forecast, where several follow each other.
    """
    first, second = np.asarray(unchanged, dtype=np.float64), np.asarray(changed, dtype=np.float64)
    origin, count = first_row + context, len(first)
    known = np.asarray(series.values, dtype=np.float64)
    rows = np.arange(first_row, origin + count)
    truth = np.where(rows < len(known), known[np.minimum(rows, len(known) - 1)], np.nan)
    return ChangeInfo(
        rows=rows,
        truth=truth,
        forecast_rows=np.arange(origin, origin + count),
        unchanged=first,
        changed=second,
        moved_rows=first_row + np.asarray(moved_at, dtype=np.int64),
        moved=np.asarray(moved, dtype=np.float64),
        usual=None if usual is None else np.asarray(usual, dtype=np.float64),
        bands=tuple((first_row + low, first_row + high) for low, high in steps),
        starts=tuple(range(origin, origin + count, horizon or max(1, count))),
    )


def plot_change(info: ChangeInfo, series: SeriesPicture) -> go.Figure:
    """Forecasts with and without a change beside the truth, and ‖Δh‖ below on the same time axis.

    Args:
        info: the numbers.
        series: gives the name and the dates.
    """
    if not len(info.forecast_rows):
        return empty_figure("Forecast with and without the change", "there is no forecast")
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True)
    whole = TOP + TITLE + DATES + BELOW
    figure.update_yaxes(domain=[1 - TOP / whole, 1], title_text=as_text(series.name, 24), row=1, col=1)
    figure.update_yaxes(domain=[0, BELOW / whole], title_text="‖Δh‖", rangemode="tozero", row=2, col=1)
    figure.update_xaxes(showticklabels=True, row=1, col=1)
    index = extend(series.index, int(max(info.rows[-1], info.moved_rows[-1])) + 1)
    _draw_forecasts(figure, info, index)
    _draw_moved(figure, info, index)
    for first, last in info.bands:
        ends = positions(index, [first, last + 1])
        figure.add_vrect(x0=edge(ends[0]), x1=edge(ends[1]), fillcolor=PARTS["validation"], line_width=0, layer="below", row="all", col=1)
    for start in info.starts:
        figure.add_vline(x=edge(positions(index, [start])[0]), line={"color": TRUTH, "width": 1, "dash": "dot"}, row=1, col=1)
    panel_title(
        figure,
        1,
        f'<span style="color:{TRUTH}"><b>Truth</b></span>, forecast <span style="color:{MODEL}"><b>without</b></span> '
        f'and <span style="color:{UNIT}"><b>with</b></span> the change',
    )
    usual = f', <span style="color:{TRUTH}"><b>mean of all</b></span>' if info.usual is not None else ""
    panel_title(figure, 2, f'How far h moves: <span style="color:{UNIT}"><b>this window</b></span>{usual}')
    return arrange(figure, whole + TITLE + DATES, showlegend=False, margin={"l": 8, "r": 8, "t": TITLE, "b": DATES})


def _draw_forecasts(figure: go.Figure, info: ChangeInfo, index: pd.Index) -> None:
    lines = (
        ("truth", info.rows, info.truth, {"color": TRUTH, "width": 2}),
        ("without", info.forecast_rows, info.unchanged, {"color": MODEL, "width": 2.5}),
        ("with", info.forecast_rows, info.changed, {"color": UNIT, "width": 2.5, "dash": "dash"}),
    )
    for size, (name, rows, values, line) in zip((15, 11, 7), lines, strict=True):  # single points may lie on each other
        figure.add_scatter(
            x=positions(index, rows),
            y=values,
            mode="lines" if len(rows) > 1 else "markers",
            line=line,
            marker={"color": line["color"], "size": size},
            connectgaps=False,
            hovertemplate=f"%{{x}}<br>{name} %{{y:.6g}}<extra></extra>",
            row=1,
            col=1,
        )


def _draw_moved(figure: go.Figure, info: ChangeInfo, index: pd.Index) -> None:
    x = positions(index, info.moved_rows)
    mode = "lines+markers" if len(x) < 60 else "lines"
    if info.usual is not None:
        figure.add_scatter(
            x=x,
            y=info.usual,
            mode="lines",
            line={"color": TRUTH, "width": 1.5},
            hovertemplate="%{x}<br>mean ‖Δh‖ %{y:.3g}<extra></extra>",
            row=2,
            col=1,
        )
    figure.add_scatter(
        x=x,
        y=info.moved,
        mode=mode,
        line={"color": UNIT, "width": 1.8},
        marker={"size": 4},
        hovertemplate="%{x}<br>‖Δh‖ %{y:.3g}<extra></extra>",
        row=2,
        col=1,
    )
    if not np.any(info.moved):
        figure.update_yaxes(range=[-0.05, 1], row=2, col=1)
