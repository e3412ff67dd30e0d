"""The compared runs' loss curves, and their forecasts from one starting point, laid over each other."""

import dataclasses
import math
from typing import cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.data.series import SeriesDataset
from seqlab.figures.run_curves import RunCurve, plot_run_curves
from seqlab.figures.run_forecasts import plot_run_forecasts
from seqlab.records import EpochRecord, Forecast, SeriesPicture
from seqlab.runs.run_comparison import same_data
from seqlab.tasks import task_entry
from seqlab.ui.datasets import open_dataset
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import choose_number, one_of
from seqlab.ui.messages import escape
from seqlab.ui.run_task import task_of_spec
from seqlab.ui.run_text import number
from seqlab.ui.several.choice import Chosen
from seqlab.ui.when import when

__all__ = ["draw_curves", "draw_forecasts"]

MOST = 12  # lines that an eye can follow


def draw_curves(chosen: Chosen) -> None:
    """Validation loss per epoch, one line per run."""
    st.markdown(
        "How the validation loss fell, epoch by epoch; the circle is the epoch whose weights are kept. Look whether a run was still "
        "falling when it ended (more epochs may help), or rose again long before (it learned the training part by heart)."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        scale = one_of("Loss axis", ["Logarithmic", "Linear"], "Logarithmic", key="curves_axis")
        train = st.toggle("Training loss too", key="curves_train", bind="query-params", help="Thin and dotted, in the colour of its run.")
    places = _first_places(chosen)
    curves = [
        RunCurve(name=chosen.labels[place], history=_history(chosen, place), position=position) for position, place in enumerate(places)
    ]
    show_figure(
        plot_run_curves(curves, train=train, log=scale == "Logarithmic"),
        key="compared_curves",
        alt="Validation loss per epoch of the compared runs",
    )
    st.caption(_left_out(chosen, len(places)) + "Click a name in the legend to switch its line off, twice to see it alone.")


def _first_places(chosen: Chosen) -> list[int]:
    """The runs that are drawn: all, or those with the smallest validation loss."""
    places = list(range(len(chosen.rows)))
    if len(places) <= MOST:
        return places
    return sorted(places, key=lambda place: _or_infinite(chosen.rows[place].validation_loss))[:MOST]


def _or_infinite(value: float) -> float:
    return value if math.isfinite(value) else math.inf


def _left_out(chosen: Chosen, drawn: int) -> str:
    left = len(chosen.rows) - drawn
    return f"Drawn are the {drawn} runs with the smallest validation loss; {left} more would hide each other. " if left else ""


def _history(chosen: Chosen, place: int) -> list[EpochRecord]:
    records, _ = chosen.folders[place].read_metrics()
    return [record for record in records if isinstance(record, EpochRecord)]


def draw_forecasts(chosen: Chosen) -> None:
    """The runs' forecasts from the same origin of the test part."""
    st.markdown(
        "What each run forecast from the same starting point of the test part, beside what really happened. One starting point can "
        "flatter anybody: move through several before you believe it."
    )
    if all(task_of_spec(row.spec) != "forecast" for row in chosen.rows):
        st.info("None of these runs forecasts a series. What each of them said stands on its Compare page.", icon=":material/info:")
        return
    alike, left_out = _alike(chosen)
    for sentence in left_out:
        st.caption(sentence)
    if not alike:
        st.info("None of these runs has forecasts yet. They are made when a run ends.", icon=":material/info:")
        return
    forecasts = dict(alike)
    spec = chosen.rows[alike[0][0]].spec
    origins = _common_origins([forecast for _, forecast in alike])
    targets = alike[0][1].targets
    if not len(origins):
        st.info("These runs have no starting point in common: their test parts do not overlap.", icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        target = targets[0]
        if len(targets) > 1:
            picked = st.selectbox("Column", targets, key="compared_column", bind="query-params", width=240)
            target = picked if picked in targets else targets[0]
        at = choose_number("Starting point", "compared_start", len(origins))
    origin = int(origins[at - 1])
    dataset = cast("SeriesDataset", open_dataset(spec.dataset, spec.dataset_options))
    values = dataset.frame[target].to_numpy(dtype=np.float64)
    context = min(spec.window.context_length, max(3 * spec.window.horizon, 24))
    show_figure(
        plot_run_forecasts(
            list(forecasts.values()),
            [_first_places(chosen).index(place) if place in _first_places(chosen) else place for place in forecasts],
            series=SeriesPicture(name=target, index=dataset.frame.index, values=values),
            origin=origin,
            context_length=context,
            target=targets.index(target),
        ),
        key="compared_forecasts",
        alt=f"Forecasts of {target} by the compared runs beside the truth, from one starting point",
    )
    st.markdown(_reading(list(forecasts.values()), origin, targets.index(target), when(dataset.frame.index, origin)))


def _alike(chosen: Chosen) -> tuple[list[tuple[int, Forecast]], list[str]]:
    """(place, forecast) of the runs that forecast the same columns of the same data; and why the others are left out."""
    found: list[tuple[int, Forecast]] = []
    reasons: dict[str, list[str]] = {}
    for place in _first_places(chosen):
        task, reason = task_of_spec(chosen.rows[place].spec), ""
        forecast = chosen.folders[place].forecast() if task == "forecast" else None
        if task != "forecast":
            reason = task_entry(task).label.lower()
        elif forecast is None:
            reason = "no forecasts"
        elif found:
            reason = same_data(chosen.rows[found[0][0]].spec, chosen.rows[place].spec)
        if forecast is not None and not reason and found and forecast.targets != found[0][1].targets:
            reason = "other target columns"
        if forecast is None or reason:
            reasons.setdefault(reason, []).append(chosen.labels[place])
        else:
            found.append((place, dataclasses.replace(forecast, model=chosen.labels[place])))
    return found, [f"Left out ({reason}): {escape(', '.join(names))}." for reason, names in reasons.items()]


def _common_origins(forecasts: list[Forecast]) -> npt.NDArray[np.int64]:
    origins = forecasts[0].origins
    for forecast in forecasts[1:]:
        origins = np.intersect1d(origins, forecast.origins)
    return np.sort(origins)


def _reading(forecasts: list[Forecast], origin: int, target: int, moment: str) -> str:
    """The mean absolute error of each run's forecast from here."""
    errors = []
    for forecast in forecasts:
        place = int(np.flatnonzero(forecast.origins == origin)[0])
        error = np.abs(forecast.y_pred[place, :, target] - forecast.y_true[place, :, target])
        if np.isfinite(error).any():
            errors.append((float(np.nanmean(error)), forecast.model))
    if not errors:
        return f"Nothing was observed after {moment}."
    (best, nearest), (worst, farthest) = min(errors), max(errors)
    if len(errors) == 1:
        return f"From {moment} on, {escape(nearest)} is off by {number(best)} on average."
    return (
        f"From {moment} on, {escape(nearest)} comes nearest (off by {number(best)} on average), "
        f"{escape(farthest)} is farthest off ({number(worst)})."
    )
