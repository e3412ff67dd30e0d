"""Whether a forecast comes late: what it resembles by shift, and its path laid over the truth and over the truth shifted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import ABOVE, BASELINE_COLORS, MODEL, TRUTH
from seqlab.records import Forecast

__all__ = ["plot_late_path", "plot_shifts"]

Floats = npt.NDArray[np.float64]
LAST, SEASON, OTHER = ABOVE, BASELINE_COLORS[0], "rgba(128, 128, 128, 0.55)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftBars:
    """Bars of one meaning: shifts, lengths, what they are and their colour."""

    name: str
    color: str
    shifts: tuple[int, ...]
    lengths: tuple[float, ...]


def _shift_info(shifts: Sequence[int], distance: Floats, step: int, season_length: int) -> tuple[ShiftBars, ...]:
    """Bars by meaning: the truth, the last value known, one season earlier, all others; empty kinds are left out."""
    season = season_length * -(-step // season_length) if season_length > 1 else -1
    kinds = (
        ("the truth of that time", MODEL, lambda shift: shift == 0),
        ("the last value known", LAST, lambda shift: shift == step),
        ("one season earlier", SEASON, lambda shift: shift == season != step),
        ("other values", OTHER, lambda shift: shift not in (0, step, season)),
    )
    made = []
    for name, color, belongs in kinds:
        chosen = [(int(shift), float(length)) for shift, length in zip(shifts, distance, strict=True) if belongs(shift)]
        chosen = [(shift, length) for shift, length in chosen if np.isfinite(length)]
        if chosen:
            made.append(ShiftBars(name=name, color=color, shifts=tuple(s for s, _ in chosen), lengths=tuple(d for _, d in chosen)))
    return tuple(made)


def plot_shifts(
    shifts: Sequence[int], distance: npt.ArrayLike, *, step: int, season_length: int = 1, unit: str = "", height: int = 280
) -> go.Figure:
    """Mean distance of the forecasts of one step ahead from the truth, and from the truth so many steps earlier.

    A good forecast is nearest to the truth, at shift 0. A copy of the last value is nearest at shift ``step``.

    Args:
        shifts: (shift,) steps earlier.
        distance: (shift,) in the data's own units, NaN where there is none.
        step: steps ahead of the forecasts.
        season_length: m, 1 if there is no season.
        unit: name of the values, for the axis.
        height: pixels.
    """
    bars = _shift_info(shifts, np.asarray(distance, dtype=np.float64), step, season_length)
    if not bars:
        return empty_figure("What the forecast resembles", "too few values were observed", height)
    # Shifts far apart, such as a season, stand side by side: what counts is which bar is the shortest.
    order = sorted({shift for bar in bars for shift in bar.shifts})
    place = {shift: str(shift) for shift in order}
    figure = go.Figure()
    for bar in bars:
        figure.add_bar(
            x=[place[shift] for shift in bar.shifts],
            y=bar.lengths,
            name=bar.name,
            marker_color=bar.color,
            hovertemplate=f"{bar.name}<br>%{{x}} steps earlier: %{{y:.4g}}<extra></extra>",
        )
    figure.update_xaxes(
        title_text="compared with the series so many steps earlier",
        type="category",
        categoryorder="array",
        categoryarray=[place[shift] for shift in order],
    )
    if len(order) > 16:
        figure.update_xaxes(nticks=12)
    figure.update_yaxes(title_text=f"mean distance{f' ({as_text(unit, 20)})' if unit else ''}", rangemode="tozero")
    return arrange(figure, height, barmode="overlay", bargap=0.25)


def _path_info(
    forecast: Forecast, step: int, target: int, values: Floats, shift: int, most: int
) -> tuple[npt.NDArray[np.int64], Floats, Floats, Floats]:
    """The newest rows forecast, and at each of them the forecast, the truth, and the truth so many steps before."""
    rows = forecast.origins[-most:] + step - 1
    earlier = rows - shift
    return (
        rows,
        np.asarray(forecast.y_pred[-most:, step - 1, target], dtype=np.float64),
        np.asarray(forecast.y_true[-most:, step - 1, target], dtype=np.float64),
        np.where(earlier >= 0, values[np.maximum(earlier, 0)], np.nan),
    )


def plot_late_path(
    forecast: Forecast,
    values: npt.ArrayLike,
    index: pd.Index,
    *,
    step: int,
    shift: int = 0,
    target: int = 0,
    most: int = 120,
    height: int = 340,
) -> go.Figure:
    """The forecasts of one step ahead over the truth, and over the truth drawn so many steps late: what covers the late line is a copy.

    Args:
        forecast: from several origins.
        values: (time,) the whole column.
        index: (time,) dates or row numbers.
        step: steps ahead.
        shift: by how many steps the truth is drawn late; 0 for ``step``, which makes it the last value known.
        target: which target column.
        most: forecasts drawn, the newest.
        height: pixels.
    """
    shift = shift or step
    rows, made, truth, known = _path_info(forecast, step, target, np.asarray(values, dtype=np.float64), shift, most)
    if not (np.isfinite(made) & np.isfinite(truth)).any():
        return empty_figure("Forecast and truth", "there is no forecast with an observed value", height)
    figure = go.Figure()
    x = index[rows]
    late = f"truth, {shift} step{'s' if shift > 1 else ''} late"
    lines = (
        ("truth", truth, {"color": TRUTH, "width": 2}),
        (late, known, {"color": LAST if shift == step else SEASON, "width": 1.6, "dash": "dot"}),
        (as_text(forecast.model), made, {"color": MODEL, "width": 2.2}),
    )
    for name, y, style in lines:
        figure.add_scatter(x=x, y=y, mode="lines", name=name, line=style, hovertemplate=f"{name}: %{{y:.4g}}<extra></extra>")
    figure.update_yaxes(title_text=as_text(forecast.targets[target], 24))
    figure.update_xaxes(title_text="" if isinstance(index, pd.DatetimeIndex) else "row")
    return arrange(figure, height, hovermode="x unified")
