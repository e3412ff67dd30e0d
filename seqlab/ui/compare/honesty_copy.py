"""The first honesty check: whether a model's forecast is a late copy of what was known already."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from seqlab.figures.lag_copy import plot_late_path, plot_shifts
from seqlab.records import Forecast
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import NETWORK, Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import one_of
from seqlab.ui.messages import escape

if TYPE_CHECKING:
    from seqlab.evaluation.lag_copy import LagCopy

__all__ = ["draw_copy"]

_BADGES = {
    "none": ("No late copy", ":material/check_circle:", "green"),
    "last": ("Copies the last value", ":material/content_copy:", "orange"),
    "seasonal": ("Copies the last season", ":material/content_copy:", "orange"),
    "late": ("Follows late", ":material/schedule:", "orange"),
    "unknown": ("Cannot be judged", ":material/help:", "gray"),
}


def draw_copy(stand: Stand) -> None:
    """The finding, the numbers by shift, and the path over the truth."""
    from seqlab.evaluation.lag_copy import find_lag_copy
    from seqlab.evaluation.shift_profile import shift_profile

    st.subheader("Does it only repeat what it has just seen?", anchor=False)
    st.markdown(
        "A forecast that is the last value, a step late, follows the curve so closely that it looks excellent. "
        "So compare it with the truth of its own time, and with values that were known already when it was made."
    )
    forecasts = _forecasts(stand)
    if not forecasts:
        st.info("There is no forecast of the test part yet.", icon=":material/info:")
        return
    forecast, target = _choose(stand, forecasts)
    name = forecast.targets[target]
    values = stand.values(name)
    others = [one for one in forecasts.values() if one is not forecast and one.y_pred.shape == forecast.y_pred.shape]
    found = find_lag_copy(forecast, values, stand.season_length, target=target, others=others)
    _say(found)
    step, shift = _choose_step(stand, found)
    profile = shift_profile(forecast, values, step=step, season_length=stand.season_length, target=target)
    ahead = f"{step} step{'s' if step > 1 else ''} ahead"
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown(f"**What the forecast {ahead} resembles:** the shortest bar is what it is nearest to.")
        show_figure(
            plot_shifts(profile.shifts.tolist(), profile.distance, step=step, season_length=stand.season_length, unit=name),
            key="honesty_shifts",
            alt=f"Mean distance of the forecasts {ahead} from the truth, and from the series so many steps earlier",
        )
    with right:
        st.markdown(f"**The forecasts {ahead} beside the truth, and the truth {shift} late:** a copy covers the dotted line.")
        show_figure(
            plot_late_path(forecast, values, stand.index, step=step, shift=shift, target=target),
            key="honesty_path",
            alt=f"Forecasts of {name} {ahead}, the truth, and the truth drawn that many steps late",
        )
    offer(stand, "lag_copy", lambda: _table(forecast, stand, target), stamp=stamp_lines(stand))


def _forecasts(stand: Stand) -> dict[str, Forecast]:
    """Name → forecasts of the test part, the network first; without a comparison, those the run itself has stored."""
    found = {model.model: forecast for model in stand.models if (forecast := stand.forecast(model)) is not None}
    if any(model.key == NETWORK for model in stand.models):
        return found
    own = stand.run.folder.forecast()
    return {own.model: own, **found} if own is not None else found


def _choose(stand: Stand, forecasts: dict[str, Forecast]) -> tuple[Forecast, int]:
    names = list(forecasts)
    name, target = names[0], 0
    if len(names) < 2 and len(stand.targets) < 2:
        return forecasts[name], 0
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if len(names) > 1:
            name = st.selectbox("Model", names, key="honesty_model", bind="query-params", width=260)
        if len(stand.targets) > 1:
            column = st.selectbox("Column", stand.targets, key="honesty_column", bind="query-params", width=240)
            target = stand.targets.index(column) if column in stand.targets else 0
    return forecasts.get(name, forecasts[names[0]]), target


def _choose_step(stand: Stand, found: "LagCopy") -> tuple[int, int]:
    """Steps ahead, and by how many steps the truth is drawn late: to the last value, or to the season that is nearer."""
    steps = [str(step) for step in range(1, stand.horizon + 1)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        step = 1
        if stand.horizon > 1:
            chosen = st.selectbox("Steps ahead", steps, key="honesty_step", bind="query-params", width=140)
            step = int(chosen) if chosen in steps else 1
        if stand.season_length < 2:
            return step, step
        labels = ["the last value", "one season earlier"]
        nearer = found.seasonal is not None and found.seasonal.away < found.last.away
        late = one_of("Late line", labels, labels[nearer], key="honesty_late")
    season = stand.season_length * -(-step // stand.season_length)
    return step, step if late == labels[0] else season


def _say(found: "LagCopy") -> None:
    worse = found.kind == "none" and min(one.skill for one in (found.last, found.seasonal) if one is not None) <= 0
    label, icon, colour = ("No late copy, but no better than one", ":material/warning:", "orange") if worse else _BADGES[found.kind]
    st.badge(label, icon=icon, color=colour)  # type: ignore[arg-type]  # one of the colours it knows
    st.markdown(f"**{escape(found.sentences[0])}** {escape(' '.join(found.sentences[1:]))}")


def _table(forecast: Forecast, stand: Stand, target: int) -> pd.DataFrame:
    """Distance and correlation of every step and shift."""
    from seqlab.evaluation.shift_profile import shift_profile

    values = stand.values(forecast.targets[target])
    parts = []
    for step in range(1, stand.horizon + 1):
        profile = shift_profile(forecast, values, step=step, season_length=stand.season_length, target=target)
        parts.append(
            pd.DataFrame(
                {
                    "model": forecast.model,
                    "column": forecast.targets[target],
                    "step": step,
                    "shift": profile.shifts,
                    "mean_distance": profile.distance,
                    "correlation_of_movements": profile.correlation,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
