"""Backtest: the same forecasts again from several starting points, so that one lucky stretch of data decides nothing."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from seqlab.config import BacktestConfig
from seqlab.errors import ConfigError
from seqlab.evaluation.backtest_scores import BACKTEST_METRICS, step_errors
from seqlab.evaluation.folds import FoldResult
from seqlab.evaluation.metric_table import METRICS
from seqlab.figures.backtest import (
    FoldErrors,
    FoldPaths,
    FoldSpan,
    StepErrors,
    plot_backtest_steps,
    plot_fold_errors,
    plot_fold_forecasts,
    plot_folds,
)
from seqlab.options import option_of
from seqlab.records import SeriesPicture
from seqlab.runs.backtest_log import StoredBacktest, read_backtest
from seqlab.ui.compare.backtest_form import draw_form
from seqlab.ui.compare.backtest_numbers import ModelFolds, long_table, models_of, ranked, reading, reference_of
from seqlab.ui.compare.backtest_table import draw_notes, draw_table, say_skipped
from seqlab.ui.compare.stand import NETWORK, Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import one_of
from seqlab.ui.messages import escape
from seqlab.ui.side_job import GOING_ON, follow_side, say_end
from seqlab.ui.when import when
from seqlab.version import __version__

__all__ = ["draw"]

KIND = "backtest"
EVERY = "Mean over all columns"
MOST_LINES = 5
IN_UNITS = ("mae", "rmse")


def draw(stand: Stand) -> None:
    """What a backtest is, its settings, its progress, its results."""
    st.markdown(
        "One test part is one stretch of time, and a model may be lucky in it. A backtest forecasts again and again from different "
        "starting points (**folds**), every time knowing only what came before. Look for a model that is good in every fold, not only "
        "on average."
    )
    folder = stand.run.folder
    status, request = folder.side_status(KIND), folder.side_request(KIND)
    if status in GOING_ON:
        follow_side(stand.run, KIND, lambda: _draw_arriving(stand))
        return
    if not stand.run.read_only:
        say_end(stand.run, KIND)
        holder = st.expander("Backtest again, with other settings", icon=":material/tune:") if status else st.container()
        with holder:
            draw_form(stand, _current(request))
    stored = read_backtest(folder.job(KIND).path, request)
    if stored is not None and stored.results:
        _draw_results(stand, stored)
    elif stand.run.read_only:
        st.info("This example comes without a backtest. Train a run of your own to backtest it.", icon=":material/info:")


def _current(request: dict[str, object] | None) -> BacktestConfig:
    """The settings of the last backtest, or the usual ones."""
    try:
        return BacktestConfig.from_dict(request["config"]) if request else BacktestConfig()  # type: ignore[arg-type]
    except (ConfigError, KeyError):  # asked for by another version of seqlab
        return BacktestConfig()


def _draw_arriving(stand: Stand) -> None:
    """Rows as they arrive; the pictures wait for the end."""
    stored = read_backtest(stand.run.folder.job(KIND).path, stand.run.folder.side_request(KIND))
    if stored is not None and stored.results:
        draw_table(stored, ranked(models_of(stored, stand.dataset), "mae"))


def _draw_results(stand: Stand, stored: StoredBacktest) -> None:
    metric, target = _choose(stand)
    name = METRICS[metric].label
    models = ranked(models_of(stored, stand.dataset, target), metric)
    said = reading(models, metric, name, stand.season_length)
    st.markdown(f"**{escape(said)}**" if said else "")
    draw_table(stored, models)
    say_skipped(stored, models)
    axis = name
    if len(stand.targets) > 1:
        axis = f"{name}, {target}" if target else f"{name}, mean over the columns"
    elif metric in IN_UNITS:
        axis = f"{name}, {stand.targets[0]}"
    show_figure(
        plot_fold_errors([FoldErrors(model=one.label, errors=one.errors[metric], network=one.network) for one in models], metric=axis),
        key="backtest_folds",
        alt=f"{name} of every model in every fold, a dot each, with the mean",
    )
    st.caption("A dot is one fold, the bar the mean over the folds. Dots far apart: how good the model is depends on the stretch of time.")
    chosen = _choose_models(models, stand.season_length)
    if stored.folds[0].horizon > 1:
        st.subheader("Error by step ahead", anchor=False)
        lines = [StepErrors(model=one.label, error=step_errors(one.results, stand.dataset, metric, target)) for one in chosen]
        show_figure(plot_backtest_steps(lines, metric=axis), key="backtest_steps", alt=f"{name} by number of steps ahead, over all folds")
    _draw_folds(stand, chosen, target or stand.targets[0])
    draw_notes(models)
    with st.expander("How this backtest was measured", icon=":material/rule:"):
        st.markdown("\n".join(f"- {escape(line)}" for line in _stamp(stand, stored)))
    offer(stand, "backtest", lambda: long_table(stored, stand.dataset), stamp=_stamp(stand, stored))


def _choose(stand: Stand) -> tuple[str, str]:
    """The metric, and the column; empty for the mean over all."""
    target = ""
    labels = {METRICS[key].label: key for key in BACKTEST_METRICS}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if len(stand.targets) > 1:
            chosen = st.selectbox("Column", [EVERY, *stand.targets], key="backtest_column", bind="query-params", width=260)
            target = chosen if chosen in stand.targets else ""
        metric = one_of("Error", list(labels), METRICS["mae"].label, key="backtest_metric")
    return labels[metric], target


def _choose_models(models: Sequence[ModelFolds], season_length: int) -> list[ModelFolds]:
    """The models of the pictures: the network first, then the forecast to beat, the best, and whoever is chosen."""
    names = {one.label: one for one in sorted(models, key=lambda one: one.key != NETWORK)}
    reference = reference_of(models, season_length)
    own = sorted((one for one in models if one.key.startswith(NETWORK)), key=lambda one: one.key)  # and its recursive forecasts
    first = [one.label for one in (*own, *([reference] if reference else []), models[0])]
    chosen = st.multiselect(
        "Models in the pictures below", list(names), list(dict.fromkeys(first)), key="backtest_models", bind="query-params",
        max_selections=MOST_LINES,
    )  # fmt: skip
    return [names[label] for label in names if label in chosen] or [names[label] for label in dict.fromkeys(first)]


def _draw_folds(stand: Stand, chosen: Sequence[ModelFolds], target: str) -> None:
    """The forecasts over the series, and which rows each fold learnt from."""
    st.subheader("The folds", anchor=False)
    series = SeriesPicture(name=target, index=stand.index, values=stand.values(target))
    paths = [FoldPaths(model=one.label, paths=tuple(_path(result, target) for result in one.results if result.forecast)) for one in chosen]
    show_figure(
        plot_fold_forecasts([one for one in paths if one.paths], series),
        key="backtest_paths",
        alt=f"Forecasts of {target} from every starting point beside the truth",
    )
    label = one_of("Which rows it learnt from", [one.label for one in chosen], chosen[0].label, key="backtest_rows")
    one = next((one for one in chosen if one.label == label), chosen[0])
    spans = [
        FoldSpan(number=r.fold.number, fitted=r.fitted, validated=r.validated, forecast=(r.fold.origin, r.fold.end)) for r in one.results
    ]
    show_figure(plot_folds(spans, series), key="backtest_spans", alt="For every fold the rows that were learnt from and those forecast")
    st.caption(escape(_learnt(stand, one)))


def _path(result: FoldResult, target: str) -> tuple[int, np.ndarray]:
    assert result.forecast is not None  # noqa: S101  the caller has looked
    return result.fold.origin, result.forecast.y_pred[0, :, result.forecast.targets.index(target)]


def _learnt(stand: Stand, one: ModelFolds) -> str:
    first, last = one.results[0], one.results[-1]
    if first.fitted == last.fitted and len(one.results) > 1:
        until = when(stand.index, first.fitted[1] - 1)
        return f"{one.label} was fitted once, to {first.fitted[1] - first.fitted[0]:,} rows up to {until}, for all folds."
    return (
        f"{one.label} was fitted anew in every fold: to {first.fitted[1] - first.fitted[0]:,} rows in the first, "
        f"{last.fitted[1] - last.fitted[0]:,} in the last. It never met a row it forecasts, nor one after it."
    )


def _stamp(stand: Stand, stored: StoredBacktest) -> list[str]:
    """What was measured, and how."""
    config = _current(dict(stored.request))
    said = [f"{option_of(BacktestConfig, name).label}: {_shown(name, value)}" for name, value in config.to_dict().items()]
    origins = ", ".join(when(stand.index, fold.origin) for fold in stored.folds)
    return [
        f"Backtest of {stand.run.name} ({stand.run.run_id}) on {stand.dataset.label}, with seqlab {__version__}.",
        f"First steps forecast: {origins}. All models forecast from the same ones.",
        (
            "A baseline is fitted in the data's own units. A network trained again has its scales fitted inside the fold, to the rows it "
            "is trained on, and stops by the rows that follow them. No value from the first step forecast on is read."
        ),
        f"MASE is scaled by the mean change over m = {stand.season_length:,} steps in all rows before the fold.",
        "A value that was never observed counts in no error. With several columns an error is the mean over them.",
        *said,
    ]


def _shown(name: str, value: object) -> str:
    option = option_of(BacktestConfig, name)
    if value is None:
        return option.none_label
    return option.choices[str(value)] if option.choices else str(value)
