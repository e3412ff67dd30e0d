"""The forecasts of all models from one starting point, and how their errors grow along the way."""

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.figures.comparison import plot_error_by_step
from seqlab.figures.forecast import plot_forecast
from seqlab.records import Forecast, SeriesPicture
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.scores import score_of
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import NETWORK, Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.compare.verdict import best_model, reference_model
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import choose_number
from seqlab.ui.when import when

__all__ = ["draw"]

MOST = 7  # colours there are, and so lines that a picture carries; the others are chosen by name


def draw(stand: Stand) -> None:
    """Forecasts from one origin, and the error by step ahead."""
    models = _choose_models(stand)
    pairs = [(model, forecast) for model in models if (forecast := stand.forecast(model)) is not None]
    if not pairs:
        st.info("The forecasts of these models are gone. Compare again.", icon=":material/info:")
        return
    forecasts = [forecast for _, forecast in pairs]
    origins = [int(origin) for origin in forecasts[0].origins]
    st.subheader("From one starting point", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        target = 0
        if len(stand.targets) > 1:
            name = st.selectbox("Column", stand.targets, key="column", bind="query-params", width=240)
            target = stand.targets.index(name) if name in stand.targets else 0
        number = choose_number("Starting point", "start", len(origins))
    origin = origins[number - 1]
    st.caption(
        f"Starting point {number:,} of {len(origins):,}: the first step forecast is {when(stand.index, origin)}. "
        "Switch models on and off in the legend."
    )
    shown = {NETWORK, *(model.key for model in _first(stand))}
    name = stand.targets[target]
    show_figure(
        plot_forecast(
            forecasts,
            series=SeriesPicture(name=name, index=stand.index, values=stand.values(name)),
            origins=[origin],
            context_length=min(stand.run.spec.window.context_length, max(3 * stand.horizon, 24)),
            target=target,
            hidden=[model.model for model, _ in pairs if model.key not in shown],
        ),
        key="compare_forecast",
        alt=f"Forecasts of {name} by every model beside the truth, from one starting point",
    )
    if stand.horizon > 1:
        st.subheader("Error by step ahead", anchor=False)
        show_figure(plot_error_by_step(forecasts), key="compare_steps", alt="Mean absolute error of every model by number of steps ahead")
    offer(stand, "forecasts", lambda: _long(stand, forecasts), stamp=stamp_lines(stand))


def _first(stand: Stand) -> list[ComparedModel]:
    found = (reference_model(stand.models, stand.season_length), best_model(stand.models))
    return [model for model in found if model is not None]


def _choose_models(stand: Stand) -> list[ComparedModel]:
    """The network, the forecast to beat, the best, then the others by their error."""
    ranked = sorted(stand.models, key=lambda model: (model.key != NETWORK, np.nan_to_num(score_of(model, "mae"), nan=np.inf)))
    if len(ranked) <= MOST:
        return ranked
    names = {model.model: model for model in ranked}
    first = [model.model for model in ranked if model in _first(stand) or model.key == NETWORK]
    default = [*first, *[name for name in names if name not in first][: MOST - len(first)]]
    chosen = st.multiselect(
        "Models", list(names), default, key="forecasts_models", bind="query-params", help="In the order of their mean absolute error."
    )
    return [names[name] for name in names if name in chosen] or ranked[:MOST]


def _long(stand: Stand, forecasts: list[Forecast]) -> pd.DataFrame:
    """Every forecast of the models shown: one row per model, starting point, step and column."""
    parts = []
    for forecast in forecasts:
        origins, horizon, targets = forecast.y_pred.shape
        rows = (forecast.origins[:, None] + np.arange(horizon)).repeat(targets)
        parts.append(
            pd.DataFrame(
                {
                    "model": forecast.model,
                    "starts_at": stand.index[forecast.origins].repeat(horizon * targets),
                    "step": np.tile(np.arange(1, horizon + 1).repeat(targets), origins),
                    "time": stand.index[rows],
                    "column": np.tile(np.array(forecast.targets), origins * horizon),
                    "forecast": forecast.y_pred.ravel(),
                    "value": forecast.y_true.ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
