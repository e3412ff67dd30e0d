"""A run beside the statistical baselines: the button, rows as they arrive, verdict, pictures and fine print."""

import streamlit as st

from seqlab.baselines.table import BASELINES, by_cost
from seqlab.data.catalog import DATASETS
from seqlab.data.series import SeriesDataset
from seqlab.data.split import split_bounds
from seqlab.errors import SeqlabError
from seqlab.evaluation.metrics import METRICS
from seqlab.figures.comparison import plot_error_by_step
from seqlab.figures.forecast import plot_forecast
from seqlab.records import Forecast, SeriesPicture
from seqlab.runs.comparison_log import ComparedModel
from seqlab.runs.store import RunSummary
from seqlab.ui.comparison_table import draw_notes, draw_table
from seqlab.ui.datasets import open_dataset
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import choose_number
from seqlab.ui.messages import escape, guard, show_error
from seqlab.ui.supervision import store, supervise
from seqlab.ui.verdict import NETWORK, best_model, reference_model, verdict
from seqlab.ui.when import when

__all__ = ["draw_comparison"]

GOING_ON = ("queued", "running", "paused")
POLL = 0.5


def draw_comparison(run: RunSummary) -> None:
    """Everything below the page's head, for a run that has a model."""
    status = run.folder.comparison_status
    dataset = open_dataset(run.spec.dataset, run.spec.dataset_options)
    _draw_start(run, status)
    if not status:
        return
    if status in GOING_ON:
        supervise()
        st.fragment(_follow, run_every=POLL, key="comparison")(run, dataset)
        return
    models, _ = run.folder.comparison()
    _draw_end(run, status)
    if models:
        _draw_rows(models, dataset)
        _draw_pictures(run, models, dataset)
        _draw_stamp(run, models, dataset)
        draw_notes(models)


def _draw_start(run: RunSummary, status: str) -> None:
    """The button, while there is something left to compare."""
    if run.read_only:
        if not status:
            st.info("This example comes without a comparison. Train a run of your own to compare it.", icon=":material/info:")
        return
    if status in GOING_ON:
        return
    done = {model.key for model in run.folder.comparison()[0]}
    left = [key for key in by_cost(BASELINES) if key not in done]
    if not left:
        return
    if not status:
        st.markdown(
            "How good is this model really? Simple statistical methods forecast the same test part from the same starting points. "
            "They are fitted in the background; rows appear as they are ready."
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills(
            "Baselines",
            left,
            selection_mode="multi",
            default=left,
            format_func=lambda key: BASELINES[key].label,
            key=f"baselines.{run.run_id}",
        )
        st.button(
            "Compare",
            type="primary",
            icon=":material/leaderboard:",
            key="compare",
            disabled=not chosen,
            on_click=_start,
            args=(run.run_id, (*[key for key in by_cost(BASELINES) if key in done], *chosen)),
        )


def _start(run_id: str, baselines: tuple[str, ...]) -> None:
    with guard("starting the comparison"):
        supervise()
        store().submit_comparison(run_id, baselines)


def _follow(run: RunSummary, dataset: SeriesDataset) -> None:
    """Rows as they arrive; one rerun of the page when the last one is there."""
    status = run.folder.comparison_status
    if status not in GOING_ON:
        st.rerun()
    models, _ = run.folder.comparison()
    wanted = run.folder.compared_with or ()
    done = {model.key for model in models}
    next_one = next((BASELINES[key].label for key in by_cost(wanted) if key not in done), "")
    text = f"{len(models)} of {len(wanted) + 1} models are judged." + (f" Now: {next_one}." if next_one and status == "running" else "")
    st.progress(len(models) / (len(wanted) + 1), text="Waiting for a worker …" if status == "queued" else text)
    st.button("Stop", icon=":material/stop:", key="stop_compare", on_click=_stop, args=(run.run_id,))
    if models:
        _draw_rows(models, dataset)


def _stop(run_id: str) -> None:
    try:
        store().request(run_id, "stop", "compare")
    except SeqlabError as error:
        show_error(error)


def _draw_end(run: RunSummary, status: str) -> None:
    result = run.folder.comparing.result
    if status == "finished" or result is None:
        return
    st.warning(escape(f"The comparison is not complete ({status}). {result.message}"), icon=":material/warning:")


def _draw_rows(models: list[ComparedModel], dataset: SeriesDataset) -> None:
    entry = DATASETS.get(dataset.key)
    sentences = verdict(models, dataset.season_length, entry.caution if entry is not None else "")
    if sentences:
        st.markdown(f"**{escape(sentences[0])}** {escape(' '.join(sentences[1:]))}")
    draw_table(models)


def _draw_pictures(run: RunSummary, models: list[ComparedModel], dataset: SeriesDataset) -> None:
    """Forecasts from one origin, and the error by step ahead."""
    forecasts = _forecasts(run, models)
    if not forecasts:
        return
    origins = [int(origin) for origin in forecasts[0].origins]
    targets = forecasts[0].targets
    st.subheader("Forecasts from one starting point", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        target = 0
        if len(targets) > 1:
            name = st.selectbox("Column", targets, key="column", bind="query-params", width=240)
            target = targets.index(name) if name in targets else 0
        number = choose_number("Starting point", "start", len(origins))
    origin = origins[number - 1]
    st.caption(
        f"Starting point {number:,} of {len(origins):,}: the first step forecast is {when(dataset.frame.index, origin)}. "
        "Switch models on and off in the legend."
    )
    shown = {NETWORK, *(model.key for model in (reference_model(models, dataset.season_length), best_model(models)) if model is not None)}
    name = targets[target]
    show_figure(
        plot_forecast(
            forecasts,
            series=SeriesPicture(name=name, index=dataset.frame.index, values=dataset.frame[name].to_numpy()),
            origins=[origin],
            context_length=min(run.spec.window.context_length, max(3 * run.spec.window.horizon, 24)),
            target=target,
            hidden=[model.model for model in models if model.key not in shown],
        ),
        key="compare_forecast",
        alt=f"Forecasts of {name} by every model beside the truth, from one starting point",
    )
    if run.spec.window.horizon > 1:
        st.subheader("Error by step ahead", anchor=False)
        show_figure(plot_error_by_step(forecasts), key="compare_steps", alt="Mean absolute error of every model by number of steps ahead")


def _forecasts(run: RunSummary, models: list[ComparedModel]) -> list[Forecast]:
    """The network's forecasts first, then the others as in the comparison."""
    ordered = sorted(models, key=lambda model: model.key != NETWORK)
    return [forecast for model in ordered if (forecast := run.folder.comparison_forecast(model)) is not None]


def _draw_stamp(run: RunSummary, models: list[ComparedModel], dataset: SeriesDataset) -> None:
    """What was measured, and how: enough to do it again."""
    spec, index = run.spec, dataset.frame.index
    bounds = split_bounds(len(index), spec.split, dataset.published_test_start)
    first, end = bounds.rows("test")
    forecasts = _forecasts(run, models[:1])
    origins = len(forecasts[0].origins) if forecasts else 0
    with st.expander("How this was measured", icon=":material/rule:"):
        st.markdown(
            f"- Test part: {when(index, first)} to {when(index, end - 1)} ({end - first:,} rows). Training part up to "
            f"{when(index, bounds.train_end - 1)}, validation part up to {when(index, bounds.validation_end - 1)}.\n"
            f"- {origins:,} starting points, horizon {spec.window.horizon:,}, season m = {dataset.season_length:,}. The network reads "
            f"{spec.window.context_length:,} steps of context.\n"
            "- The baselines are fitted once, to the training and validation part together, in the data's own units; at every starting "
            "point they know all values before it, without being fitted again. The network was trained on the training part only.\n"
            "- A value that was never observed counts in no error. With several target columns a metric is the mean over them.\n"
            f"- MASE is scaled by the training part's mean change over m = {dataset.season_length:,} steps."
        )
        for entry in METRICS.values():
            st.latex(rf"\text{{{entry.label.replace('%', chr(92) + '%')}}} = {entry.formula}")
            st.caption(entry.sentence)
