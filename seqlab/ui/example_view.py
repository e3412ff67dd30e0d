"""The first screen's result: the example that comes with seqlab, its forecast and one of its gates, without torch."""

from typing import cast

import streamlit as st

from seqlab.baselines.table import BASELINES
from seqlab.data.catalog import DATASETS
from seqlab.data.series import SeriesDataset
from seqlab.figures.gates import plot_gates
from seqlab.gates.memory import memory_steps
from seqlab.gates.unit_order import order_units
from seqlab.models.table import cell_entry
from seqlab.records import Forecast, SeriesPicture
from seqlab.runs.arrays import StoredTrace
from seqlab.runs.store import RunSummary
from seqlab.ui import selection
from seqlab.ui.compare.scores import score_of
from seqlab.ui.compare.stand import stand_of
from seqlab.ui.compare.verdict import reference_model, verdict
from seqlab.ui.datasets import open_dataset
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import panels_of
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number
from seqlab.ui.supervision import store
from seqlab.ui.when import when

__all__ = ["draw_example"]


def draw_example() -> None:
    """Forecast and gate of the shipped run, each number from its own files.

    Raises:
        RunError: the package comes without its example.
    """
    run = store().get(selection.EXAMPLE_RUN)
    forecast, stored = run.folder.forecast(), run.folder.trace()
    if forecast is None or stored is None:
        st.info("The example that comes with seqlab is not complete. Install seqlab again, or train a model of your own.")
        return
    _draw_facts(run, forecast)
    _draw_picture(run, forecast, stored)


def _draw_facts(run: RunSummary, forecast: Forecast) -> None:
    spec, data = run.spec, DATASETS[run.spec.dataset]
    stand = stand_of(run)
    reference, own = reference_model(stand.models, stand.season_length), stand.network
    layers = f"{spec.model.num_layers} layers" if spec.model.num_layers > 1 else "one layer"
    said = verdict(own, stand.seeds, reference, stand.models).headline if own is not None and reference is not None else ""
    summary = data.summary.rstrip(".")
    st.markdown(
        f"**A finished example.** {escape(forecast.model)}: {layers} of {spec.model.hidden_size} {cell_entry(spec.model.cell).label} "
        f"units, trained on *{escape(data.label)}* ({escape(summary[0].lower() + summary[1:])}). It reads {spec.window.context_length:,} "
        f"steps and forecasts the next {spec.window.horizon:,}. Below is a forecast from the test part, which it never saw. "
        f"{escape(said)}"
    )
    scores = dict(run.result.scores) if run.result is not None else {}
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            "Test error (MAE)",
            number(scores.get("mae", float("nan"))),
            width="content",
            help="Mean absolute error in the data's own units.",
        )
        if reference is not None and own is not None:
            st.metric(
                f"{reference.model} (MAE)",
                number(score_of(reference, "mae")),
                width="content",
                help=f"What a forecast has to beat. {BASELINES[reference.key].sentence}",
            )
        st.metric(
            "MASE", number(scores.get("mase", float("nan"))), width="content", help="Below 1 is better than repeating the last season was."
        )
        if run.result is not None:
            st.metric("Parameters", f"{run.result.parameters:,}", width="content")


def _draw_picture(run: RunSummary, forecast: Forecast, stored: StoredTrace) -> None:
    """The last traced window: forecast above, the gate that keeps the memory below."""
    spec, trace = run.spec, stored.trace
    sample = int(stored.origins.argmax())
    origin = int(stored.origins[sample])
    dataset = cast("SeriesDataset", open_dataset(spec.dataset, spec.dataset_options))
    name = forecast.targets[0]
    layer, direction = trace.num_layers - 1, trace.directions[0]
    order = order_units(trace, layer, direction, "memory").units
    gate = cell_entry(trace.cell).keep_gate or cell_entry(trace.cell).output
    remembered = memory_steps(trace, layer, direction)
    figure = plot_gates(
        trace,
        panels_of(cell_entry(trace.cell), [gate]),
        sample=sample,
        layer=layer,
        direction=direction,
        unit=int(order[0]),
        order=order,
        series=SeriesPicture(name=name, index=dataset.frame.index, values=dataset.frame[name].to_numpy()),
        first_row=origin - spec.window.context_length,
        forecast=forecast,
        unit_lines=False,
    )
    show_figure(figure, key="example", alt=f"Forecast of {name} beside the truth, and the gate {gate} of every unit at every step")
    entry = next(one for one in cell_entry(trace.cell).gates if one.name == gate)
    memory = ""
    if remembered is not None:
        steps = remembered * trace.segment_length
        longest, shortest = steps[order[0]], steps[order[-1]]
        memory = f" The framed unit {int(order[0])} remembers longest, about {longest:,.0f} steps; the last one only {shortest:,.1f}."
    st.caption(
        f"Grey: what happened. Blue: the forecast from {when(dataset.frame.index, origin)} on. Below, each row is one unit of the "
        f"network and each column one step: {entry.label.lower()}, {entry.meaning[0].lower()}{entry.meaning[1:]}{memory}"
    )
