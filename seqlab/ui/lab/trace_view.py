"""Every gate of one window at every step, under its input and forecast: pick a unit and a step, and follow both."""

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.gates.hand_table import HAND_CELLS
from seqlab.gates.memory import memory_steps
from seqlab.models.table import CellEntry, cell_entry
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.check import draw_check
from seqlab.ui.lab.choice import note_inputs
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.memory_text import unit_remembers
from seqlab.ui.lab.said_view import answer_sentence, draw_said
from seqlab.ui.lab.step_view import draw_step
from seqlab.ui.lab.take_away import offer, offer_trace
from seqlab.ui.lab.trace_picture import FEW_ROWS, trace_canvas

__all__ = ["draw", "pick"]

_CANVAS = "trace_canvas"

SCRIPT = """
import numpy as np
import pandas as pd

trace = seqlab.trace_gates(fitted.model, x)
table = pd.DataFrame({"step": np.arange(1, trace.steps() + 1)})
for gate in trace.gate_names:
    table[gate] = trace.values(gate, layer, direction)[0, : trace.steps(), unit]
"""


def intro(entry: CellEntry, noun: str = "window", answer: str = "forecast") -> Intro:
    """What a newcomer needs before the picture of a cell's gates.

    Args:
        entry: the cell.
        noun: what is looked at.
        answer: what the model gives.
    """
    keep = entry.keep_gate
    look_for = (
        f"Look for units whose gate {keep} stays bright for many steps: they carry something on. Click a cell to follow one unit."
        if keep
        else "Look for units that follow the input at once, and for those that lag behind it. Click a cell to follow one unit."
    )
    return Intro(
        shown="Each row is one unit of the network and each column one step of the input above: this is all that the model does.",
        look_for=look_for,
        formulas=entry.equations,
        sources=(f"σ squeezes into 0 to 1, tanh into −1 to 1, ⊙ multiplies unit by unit. {entry.note}",),
        myths=(
            (
                "“One picture shows what a unit does.”",
                f"It shows one {noun}. The strip beside each map and the bands around the lines come from many {noun}s of the part.",
            ),
            ("“A bright gate is an important one.”", f"Not by itself: change it and see whether the {answer} changes (Change gates)."),
        ),
    )


def draw(bench: Bench) -> None:
    """Picture, check, and the picked step with its numbers."""
    entry, trace = bench.entry, bench.trace
    introduce(intro(entry, bench.noun, bench.answer))
    if not bench.of_series:
        st.markdown(answer_sentence(bench))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        names = st.pills(
            "Gates", list(entry.gate_names), selection_mode="multi", default=list(entry.gate_names), key="gates", bind="query-params"
        )
        rows = _choose_rows(len(bench.order))
    chosen = [gate for gate in names if gate in entry.gate_names]
    forecast = bench.forecast if bench.of_series else None
    canvas = trace_canvas(bench, chosen, forecast=forecast, rows=max(rows, int(np.flatnonzero(bench.order == bench.unit)[0]) + 1))
    canvas.draw(_CANVAS, on_select=pick)
    for sentence in _reading(bench, shown=len(canvas.rows)):
        st.caption(sentence)
    draw_check(
        trace.max_error,
        held=(
            f"the output {entry.output}, recomputed from these gates, equals the output of the trained network; "
            f"largest difference |Δ| = {trace.max_error:.2g} over all layers and {bench.noun}s."
        ),
        broken="The recomputed output differs from the network's by up to",
    )
    also = note_inputs(bench.prepared, bench.choice.column) if bench.of_series else ""
    if also:
        st.caption(also)
    with st.container(horizontal=True, gap="small"):
        offer(bench, "trace", lambda: _table(bench), SCRIPT)
        offer_trace(bench)
    if not bench.of_series:
        draw_said(bench)
    _draw_meanings(entry)
    if entry.key in HAND_CELLS:
        draw_step(bench, terms=False)


def pick(key: str = _CANVAS) -> None:
    """Puts the cursor of all views where a canvas was clicked. Runs before the page is drawn again."""
    selected = (st.session_state.get(key) or {}).get("selected") or {}
    unit, step = selected.get("unit"), selected.get("step")
    if isinstance(unit, int) and isinstance(step, int):
        st.session_state["unit"] = str(unit)
        st.session_state["step"] = step + 1


def _choose_rows(hidden: int) -> int:
    """How many units are drawn; a question only where there are many."""
    if hidden <= FEW_ROWS:
        return hidden
    options = [str(count) for count in (32, FEW_ROWS, 128, 256) if count < hidden] + [str(hidden)]
    chosen = st.segmented_control("Units drawn", options, default=str(FEW_ROWS), key="rows", bind="query-params", required=True)
    return int(chosen) if chosen in options else FEW_ROWS


def _table(bench: Bench) -> pd.DataFrame:
    table = pd.DataFrame({"step": np.arange(1, bench.steps + 1)})
    for gate in bench.entry.gate_names:
        table[gate] = bench.values(gate)[0, :, bench.unit]
    return table


def _reading(bench: Bench, *, shown: int) -> list[str]:
    """Sentences about what is drawn: columns, rows, the unit."""
    trace, unit = bench.trace, bench.unit
    windows, steps, hidden = bench.values(bench.entry.output).shape
    said, noun = [], bench.noun
    if trace.segment_length > 1:
        said.append(
            f"One column is one segment of {trace.segment_length} steps: this model reads {trace.segment_length} steps at once, so {steps} "
            f"columns cover {steps * trace.segment_length:,} steps."
        )
    if shown < hidden:
        said.append(f"The first {shown} of {hidden} units in this order are drawn.")
    remembered = memory_steps(trace, bench.layer, bench.direction)
    if remembered is not None:
        length = float(remembered[unit]) * trace.segment_length
        gate = cell_entry(trace.cell).keep_gate
        said.append(f"{unit_remembers(unit, length, noun)} (τ = −1 / mean log {gate}, over {windows} {noun}{'' if windows == 1 else 's'}).")
    if windows > 1:
        said.append(
            f"Maps and lines: this {noun}. The strip beside each map: each unit's mean over {windows} {noun}s spread over the part. "
            f"Bands: the middle 80 % of those {noun}s at the same step{'' if trace.lengths is None else ', as far as they reach'}."
        )
    return said


def _draw_meanings(entry: CellEntry) -> None:
    with st.grid(3 if len(entry.gates) > 4 else len(entry.gates), min_column_width=260, gap="xsmall"):
        for gate in entry.gates:
            st.caption(f"**{gate.name}** {gate.label}: {gate.meaning}")
