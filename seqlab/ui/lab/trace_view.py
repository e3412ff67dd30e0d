"""The gates of a trained model over one window: picture, check, and what it all means."""

import numpy as np
import streamlit as st

from seqlab.figures.gate_numbers import MAX_COLUMNS, MAX_UNITS
from seqlab.figures.gates import plot_gates
from seqlab.gates.memory import memory_steps
from seqlab.models.table import CellEntry, cell_entry
from seqlab.records import GateTrace, SeriesPicture
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench, panels_of
from seqlab.ui.lab.choice import note_inputs

__all__ = ["draw"]

TOLERANCE = 1e-5


def draw(bench: Bench) -> None:
    """Check, picture, explanations."""
    from seqlab.training.fitted import predict_windows  # imports torch

    fitted, choice, entry, trace = bench.fitted, bench.choice, bench.entry, bench.trace
    prepared = fitted.prepared
    names = st.pills(
        "Gates", list(entry.gate_names), selection_mode="multi", default=list(entry.gate_names), key="gates", bind="query-params"
    )
    _draw_meanings(entry)
    name = prepared.target_names[choice.column]
    picture = SeriesPicture(name=name, index=prepared.index, values=prepared.dataset.frame[name].to_numpy())
    figure = plot_gates(
        trace,
        panels_of(entry, [gate for gate in names if gate in entry.gate_names]),
        sample=0,
        layer=bench.layer,
        direction=bench.direction,
        unit=bench.unit,
        order=bench.order,
        series=picture,
        first_row=bench.first_row,
        forecast=predict_windows(fitted.model, prepared, choice.part, np.array([choice.window]), name=fitted.name),
        target=choice.column,
    )
    for sentence in _reading(trace, bench.layer, bench.direction, bench.unit):
        st.caption(sentence)
    show_figure(figure, key="gates_figure", alt=f"Input, forecast and a heat map per gate of the {entry.label}, units by time steps")
    _draw_check(trace)
    also = note_inputs(prepared)
    if also:
        st.caption(also)
    _draw_formulas(entry)


def _draw_check(trace: GateTrace) -> None:
    text = (
        f"Check: the output h, recomputed from these gates, equals the output of the trained network; "
        f"largest difference |Δ| = {trace.max_error:.2g} over all layers and windows."
    )
    if trace.max_error < TOLERANCE:
        st.caption(f":material/check_circle: {text}")
    else:
        st.warning(f"The recomputed output differs from the network's by up to {trace.max_error:.1e}; below {TOLERANCE:.0e} is expected.")


def _reading(trace: GateTrace, layer: int, direction: str, unit: int) -> list[str]:
    """Sentences about what is drawn: columns, rows, the unit."""
    windows, steps, hidden = trace.values("h", layer, direction).shape
    said = []
    if trace.segment_length > 1:
        said.append(
            f"One column is one segment of {trace.segment_length} steps: this model reads {trace.segment_length} steps at once, so {steps} "
            f"columns cover {steps * trace.segment_length:,} steps."
        )
    if steps > MAX_COLUMNS:
        said.append(f"A column shows the mean of {-(-steps // MAX_COLUMNS)} steps, as {steps:,} would not fit the screen.")
    if hidden > MAX_UNITS:
        said.append(f"The first {MAX_UNITS} of {hidden} units in this order are drawn.")
    remembered = memory_steps(trace, layer, direction)
    if remembered is not None:
        length = remembered[unit] * trace.segment_length
        kept = f"{length:,.1f} steps" if np.isfinite(length) else "any number of steps"
        gate = cell_entry(trace.cell).keep_gate
        said.append(
            f"Unit {unit} remembers for about {kept}: after that, 37 % of what was stored is left "
            f"(τ = −1 / mean log {gate}, over {windows} windows)."
        )
    if windows > 1:
        said.append(
            f"Lines: this window. Bands: the middle 80 % of {windows} windows spread over the part, at the same step of the window."
        )
    return said


def _draw_meanings(entry: CellEntry) -> None:
    with st.grid(3 if len(entry.gates) > 4 else len(entry.gates), min_column_width=260, gap="xsmall"):
        for gate in entry.gates:
            st.caption(f"**{gate.name}** {gate.label}: {gate.meaning}")


def _draw_formulas(entry: CellEntry) -> None:
    with st.expander("Formulas", icon=":material/functions:"):
        for equation in entry.equations:
            st.latex(equation)
        st.caption(f"σ squeezes into 0 to 1, tanh into −1 to 1, ⊙ multiplies unit by unit. {entry.note}")
