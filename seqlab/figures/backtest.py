"""A backtest in pictures: which rows each fold learnt from, what it forecast, and how wrong every model was in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.axis import extend, positions
from seqlab.figures.decimate import decimate
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH, model_style
from seqlab.records import SeriesPicture

__all__ = [
    "FoldErrors",
    "FoldPaths",
    "FoldSpan",
    "StepErrors",
    "plot_backtest_steps",
    "plot_fold_errors",
    "plot_fold_forecasts",
    "plot_folds",
]

Floats = npt.NDArray[np.float64]

LEARNT, STOPPED, AHEAD = TRUTH, BASELINE_COLORS[0], MODEL
BAR = 9  # pixels
WIDE_APART = 30.0  # errors that differ by more than this factor are drawn on a logarithmic axis
SHOWN_BEFORE = 1.0  # history shown before the first fold, as a share of the rows from there to the end


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldSpan:
    """The rows of one fold for one model; each pair is a first row and one past the last.

    Args:
        number: of the fold, from 1.
        fitted: what the model's parameters were estimated from.
        validated: what decided when training stopped; equal numbers if nothing did.
        forecast: what was forecast.
    """

    number: int
    fitted: tuple[int, int]
    validated: tuple[int, int]
    forecast: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldPaths:
    """What one model forecast: per fold the row of its first step and (horizon,) values."""

    model: str
    paths: tuple[tuple[int, Floats], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldErrors:
    """The error of one model in every fold: (fold,), NaN where there is none."""

    model: str
    errors: Floats
    network: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepErrors:
    """The error of one model at every step ahead, over all folds: (horizon,), NaN where there is none."""

    model: str
    error: Floats
    shown: bool = True


def plot_folds(spans: Sequence[FoldSpan], series: SeriesPicture) -> go.Figure:
    """One bar per fold, the first on top: learnt from, validated on, forecast.

    Args:
        spans: the folds of one model.
        series: for the axis.
    """
    if not spans:
        return empty_figure("The folds", "no fold has been forecast yet")
    end = max(span.forecast[1] for span in spans)
    index = extend(series.index, end + 1)
    figure = go.Figure()
    for name, color, rows in (
        ("learnt from", LEARNT, [span.fitted for span in spans]),
        ("decided when to stop", STOPPED, [span.validated for span in spans]),
        ("forecast", AHEAD, [span.forecast for span in spans]),
    ):
        at, places, said = _bars(rows, spans)
        if not len(at):
            continue
        figure.add_scatter(
            x=positions(index, at),
            y=places,
            mode="lines+markers" if color == AHEAD else "lines",  # of a long series the forecast would be too short to be seen
            line={"color": color, "width": BAR},
            marker={"color": color, "size": BAR, "symbol": "square"},
            name=name,
            connectgaps=False,
            text=said,
            hovertemplate=f"fold %{{y}}: {name} %{{text}}<extra></extra>",
        )
    figure.update_yaxes(title_text="fold", autorange="reversed", dtick=1, tickformat="d", showgrid=False)
    return arrange(figure, 80 + 26 * max(len(spans), 3))


def _bars(rows: Sequence[tuple[int, int]], spans: Sequence[FoldSpan]) -> tuple[npt.NDArray[np.int64], Floats, list[str]]:
    """Rows, heights and texts of bars; a height of NaN separates two."""
    at: list[int] = []
    places: list[float] = []
    said: list[str] = []
    for (first, end), span in zip(rows, spans, strict=True):
        if end > first:
            at += [first, end - 1, end - 1]
            places += [span.number, span.number, np.nan]
            said += [f"{end - first:,} row{'s' if end - first > 1 else ''}"] * 3
    return np.array(at, dtype=np.int64), np.array(places), said


def plot_fold_forecasts(paths: Sequence[FoldPaths], series: SeriesPicture, *, hidden: Sequence[str] = (), height: int = 340) -> go.Figure:
    """The forecasts of all folds over the series, with some history before the first.

    Args:
        paths: one per model; the first is drawn as the network.
        series: the target column, in the data's own units.
        hidden: models that start hidden and can be switched on in the legend.
        height: pixels.
    """
    origins = [row for one in paths for row, _ in one.paths]
    if not origins:
        return empty_figure("Forecasts of the folds", "there is no forecast yet", height)
    end = max(row + len(values) for one in paths for row, values in one.paths)
    first = max(0, min(origins) - int(np.ceil(SHOWN_BEFORE * (end - min(origins)))))
    index = extend(series.index, end)
    truth = np.asarray(series.values, dtype=np.float64)[first:end]
    shown = decimate(truth)
    figure = go.Figure()
    figure.add_scatter(
        x=positions(index, first + np.arange(len(truth))[shown]),
        y=truth[shown].astype(np.float32),
        mode="lines",
        line={"color": TRUTH, "width": 2},
        name="truth",
        connectgaps=False,
        hovertemplate="%{x}<br>truth %{y:.6g}<extra></extra>",
    )
    for number, one in enumerate(paths):
        rows, values = _path_info(one)
        single = all(len(path) == 1 for _, path in one.paths)
        figure.add_scatter(
            x=positions(index, rows),
            y=values.astype(np.float32),
            mode="markers" if single else "lines",
            line=model_style(number),
            marker={"color": model_style(number)["color"]},
            name=as_text(one.model),
            visible="legendonly" if one.model in hidden else True,
            connectgaps=False,
            hovertemplate=f"%{{x}}<br>{as_text(one.model)} %{{y:.6g}}<extra></extra>",
        )
    figure.update_yaxes(title_text=as_text(series.name))
    return arrange(figure, height)


def _path_info(paths: FoldPaths) -> tuple[npt.NDArray[np.int64], Floats]:
    """Rows and values of all folds in one line; NaN separates them."""
    rows = [np.append(np.arange(row, row + len(values)), row + len(values) - 1) for row, values in paths.paths]
    values = [np.append(np.asarray(path, dtype=np.float64), np.nan) for _, path in paths.paths]
    return np.concatenate(rows)[:-1].astype(np.int64), np.concatenate(values)[:-1]


def _errors_info(models: Sequence[FoldErrors]) -> tuple[FoldErrors, ...]:
    """The models with a number, the smallest mean first; a model that lacks a fold comes after those that lack none."""
    judged = [one for one in models if np.isfinite(one.errors).any()]
    return tuple(sorted(judged, key=lambda one: (int(np.isnan(one.errors).sum()), float(np.nanmean(one.errors)))))


def plot_fold_errors(models: Sequence[FoldErrors], *, metric: str) -> go.Figure:
    """A row per model, the best on top: a dot per fold, and their mean.

    Args:
        models: the models.
        metric: name of the error, for the axis.
    """
    ordered = _errors_info(models)
    if not ordered:
        return empty_figure("Error in every fold", "no fold has a number yet")
    names = [as_text(one.model, 28) for one in ordered]
    figure = go.Figure()
    for network in (False, True):
        chosen = [(name, one) for name, one in zip(names, ordered, strict=True) if one.network == network]
        color = MODEL if network else TRUTH
        who = "network" if network else "baselines"
        if not chosen:
            continue
        figure.add_scatter(
            x=np.concatenate([one.errors for _, one in chosen]),
            y=[name for name, one in chosen for _ in one.errors],
            text=[str(number + 1) for _, one in chosen for number in range(len(one.errors))],
            mode="markers",
            marker={"color": color, "size": 8, "opacity": 0.55},
            name=f"{who}: one fold",
            hovertemplate="%{y}<br>fold %{text}: %{x:.4g}<extra></extra>",
        )
        figure.add_scatter(
            x=[float(np.nanmean(one.errors)) for _, one in chosen],
            y=[name for name, _ in chosen],
            mode="markers",
            marker={"color": color, "size": 13, "symbol": "line-ns", "line": {"width": 3, "color": color}},
            name=f"{who}: mean",
            hovertemplate="%{y}<br>mean %{x:.4g}<extra></extra>",
        )
    every = np.concatenate([one.errors for one in ordered])
    every = every[np.isfinite(every) & (every > 0)]
    wide = len(every) > 1 and every.max() > WIDE_APART * np.median(every)
    figure.update_xaxes(title_text=as_text(metric), **({"type": "log"} if wide else {"rangemode": "tozero"}))
    figure.update_yaxes(categoryorder="array", categoryarray=names, autorange="reversed", dtick=1)
    return arrange(figure, 110 + 24 * max(len(ordered), 3))


def plot_backtest_steps(models: Sequence[StepErrors], *, metric: str, height: int = 300) -> go.Figure:
    """One line per model: the error one step ahead, two steps ahead, and so on, over all folds.

    Args:
        models: the first is drawn as the network.
        metric: name of the error, for the axis.
        height: pixels.
    """
    lines = [one for one in models if np.isfinite(one.error).any()]
    if not lines:
        return empty_figure("Error by step ahead", "no fold has a number yet", height)
    figure = go.Figure()
    for number, one in enumerate(lines):
        style = model_style(number)
        figure.add_scatter(
            x=np.arange(1, len(one.error) + 1),
            y=one.error.astype(np.float32),
            mode="lines+markers" if len(one.error) <= 12 else "lines",
            line=style,
            marker={"size": 5},
            name=as_text(one.model),
            visible=True if one.shown else "legendonly",
            hovertemplate=f"{as_text(one.model)}<br>step %{{x}}: %{{y:.4g}}<extra></extra>",
        )
    figure.update_xaxes(title_text="steps ahead", tickformat="d")
    if max(len(one.error) for one in lines) <= 12:
        figure.update_xaxes(dtick=1)
    figure.update_yaxes(title_text=as_text(metric), rangemode="tozero")
    return arrange(figure, height)
