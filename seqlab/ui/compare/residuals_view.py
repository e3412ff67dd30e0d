"""Residuals: what a model leaves unexplained, and whether anything in it could still have been forecast."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.figures.residuals import plot_by_phase, plot_correlations, plot_histogram, plot_qq, plot_residuals
from seqlab.ui.compare.residual_text import read_bias, read_correlation, read_season, read_shape
from seqlab.ui.compare.season_phase import season_phases
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import escape

if TYPE_CHECKING:
    from seqlab.evaluation.residuals import Residuals

__all__ = ["draw"]


def draw(stand: Stand) -> None:
    """Bias, autocorrelation, distribution and season of one model's residuals."""
    from seqlab.evaluation.residuals import residuals_of

    st.markdown(
        "A residual is what happened minus what was forecast. If a model has used all there is to know, its residuals are around 0, know "
        "nothing about each other, and are alike in every season. Whatever pattern is left here could have been forecast."
    )
    models = {model.model: model for model in (*stand.models, *stand.seeds)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.selectbox("Model", list(models), key="residuals_model", bind="query-params", width=260)
        step = 1
        if stand.horizon > 1:
            step = int(
                st.selectbox(
                    "Steps ahead",
                    [str(one) for one in range(1, stand.horizon + 1)],
                    key="residuals_step",
                    bind="query-params",
                    width=140,
                    help="One step ahead is the honest place to look for patterns: further ahead, neighbouring forecasts miss the same "
                    "surprises, so their residuals are related even for the best model.",
                )
            )
        column = stand.targets[0]
        if len(stand.targets) > 1:
            column = st.selectbox("Column", stand.targets, key="residuals_column", bind="query-params", width=240)
    forecast = stand.forecast(models.get(name, stand.models[0]))
    if forecast is None:
        st.info("The forecasts of this model are gone. Compare again.", icon=":material/info:")
        return
    step = min(step, stand.horizon)
    target = stand.targets.index(column) if column in stand.targets else 0
    residuals = residuals_of(forecast, step=step, target=target)
    if residuals.reason:
        st.info(escape(residuals.reason), icon=":material/info:")
        return
    _draw_time(stand, residuals)
    _draw_correlation(stand, residuals)
    _draw_shape(residuals)
    _draw_season(stand, residuals)
    offer(stand, "residuals", lambda: _table(stand, residuals), stamp=stamp_lines(stand))


def _draw_time(stand: Stand, residuals: "Residuals") -> None:
    from seqlab.evaluation.residuals import bias

    st.subheader("Too high or too low?", anchor=False)
    st.markdown(escape(read_bias(bias(residuals), residuals)))
    show_figure(
        plot_residuals(stand.index, residuals.rows, residuals.values, unit=residuals.target),
        key="residuals_time",
        alt=f"Residuals of {residuals.model} {residuals.step} steps ahead over time",
    )


def _draw_correlation(stand: Stand, residuals: "Residuals") -> None:
    from seqlab.evaluation.residuals import autocorrelation

    st.subheader("Do they know something about each other?", anchor=False)
    found = autocorrelation(residuals, stand.season_length)
    st.markdown(escape(read_correlation(found, residuals)))
    if found.reason:
        return
    rows = float(np.mean(residuals.spacing))
    season = stand.season_length / rows
    marks = [round(season), round(2 * season)] if stand.season_length > 1 and season >= 2 else []
    show_figure(
        plot_correlations(found.lags, found.acf, found.pacf, found.bound, lag=residuals.lag, overlap=residuals.overlap, marks=marks),
        key="residuals_correlation",
        alt="Autocorrelation and partial autocorrelation of the residuals by lag, with the band that unrelated residuals stay in",
    )


def _draw_shape(residuals: "Residuals") -> None:
    from seqlab.evaluation.residual_shape import normal_fit

    st.subheader("How large do they get?", anchor=False)
    fit = normal_fit(residuals)
    st.markdown(escape(read_shape(fit)))
    if fit.reason:
        return
    left, right = st.columns(2)
    with left:
        show_figure(
            plot_histogram(fit.edges, fit.density, fit.grid, fit.normal, unit=residuals.target),
            key="residuals_histogram",
            alt="Histogram of the residuals beside a normal distribution",
        )
    with right:
        show_figure(
            plot_qq(fit.expected, fit.ordered, unit=residuals.target),
            key="residuals_qq",
            alt="Quantiles of the residuals against those of a normal distribution",
        )


def _draw_season(stand: Stand, residuals: "Residuals") -> None:
    from seqlab.evaluation.residual_shape import by_phase

    st.subheader("Alike in every season?", anchor=False)
    ways = season_phases(stand.index, residuals.rows, stand.season_length)
    if not ways:
        st.markdown("This data has no season and no dates to group its rows by.")
        return
    labels = [way.name for way in ways]
    chosen = labels[0]
    if len(labels) > 1:
        picked = st.segmented_control("By", labels, default=chosen, key="residuals_season", bind="query-params", required=True)
        chosen = picked if picked in labels else chosen
    way = ways[labels.index(chosen)]
    spread = by_phase(residuals, way.phases)
    names = [way.labels[int(phase)] for phase in spread.phases]
    st.markdown(escape(read_season(spread, names, way.name)))
    show_figure(
        plot_by_phase(names, spread.quantiles, spread.mean, season=way.name, unit=residuals.target),
        key="residuals_by_season",
        alt=f"Spread of the residuals by {way.name}",
    )


def _table(stand: Stand, residuals: "Residuals") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": residuals.model,
            "column": residuals.target,
            "step": residuals.step,
            "time": stand.index[residuals.rows],
            "residual": residuals.values,
        }
    )
