"""Two models side by side, under one cursor: their gates, their numbers, the paths of their states."""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.config import TrainConfig
from seqlab.figures.trajectory import plot_trajectory
from seqlab.gates.memory import memory_steps
from seqlab.gates.trajectory import project_states
from seqlab.models.table import CellEntry
from seqlab.options import option_of
from seqlab.ui import frame
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.memory_text import timescale
from seqlab.ui.lab.pair_canvas import linked_canvas, shared_limit
from seqlab.ui.lab.reading import named_step
from seqlab.ui.lab.said_view import answer_sentence
from seqlab.ui.lab.second_model import Alignment, align, choose_second, open_beside, same_step, step_beside
from seqlab.ui.lab.state_path import path_picture
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.opened import open_fitted
from seqlab.ui.run_text import number
from seqlab.ui.score_text import score_texts
from seqlab.ui.when import when

__all__ = ["draw", "gates_of"]

INTRO = Intro(
    shown=(
        "Two trained models read the same dates, side by side. What does the same work in both is drawn in the same order, "
        "such as the gate that keeps the memory: f in an LSTM, z in a GRU."
    ),
    look_for=(
        "Look for what both do at the same date: that is in the data. What only one of them does is its own way of solving the task."
    ),
    formulas=(
        r"\text{LSTM: } c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        r"\text{GRU: } h_t = z_t \odot h_{t-1} + (1 - z_t) \odot n_t",
        r"\text{RNN: } h_t = \tanh(W x_t + U h_{t-1} + b)",
        r"\tau = -1 \big/ \operatorname{mean}_t \log f_t \quad (z_t \text{ in place of } f_t \text{ for a GRU})",
    ),
    sources=(
        "Hochreiter & Schmidhuber 1997; Gers et al. 2000; Cho et al. 2014; Elman 1990. Timescale τ: Mahto et al. 2021, arXiv 2009.12727.",
    ),
    myths=(
        (
            "“Unit 3 of one model is unit 3 of the other.”",
            "Units have no names: two trainings of the same network put the same work into different units. Compare patterns, not rows.",
        ),
        (
            "“The model with the smaller error is the better kind of cell.”",
            "One run with one seed decides nothing. Compare several seeds, and models with about as many parameters.",
        ),
        (
            "“A GRU's update gate at 1 replaces the state.”",
            "Here 1 keeps, as in PyTorch. Cho et al. 2014 write it the other way round.",
        ),
    ),
)

SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    shown=(
        "Two trained models read the same sequence, side by side. What does the same work in both is drawn in the same order, "
        "such as the gate that keeps the memory: f in an LSTM, z in a GRU."
    ),
    look_for=(
        "Look for what both do at the same step: that is in the data. What only one of them does is its own way of solving the task."
    ),
    myths=(INTRO.myths[0], (INTRO.myths[1][0].replace("smaller error", "better score"), INTRO.myths[1][1]), INTRO.myths[2]),
)

ROLES = ("What is kept", "Memory", "Output", "Other gates")


def gates_of(entry: CellEntry, roles: Sequence[str]) -> list[str]:
    """The gates that do some work in a cell; the same work has different letters in different cells.

    Example:
        >>> from seqlab.models.table import cell_entry
        >>> [gates_of(cell_entry(cell), ["What is kept", "Memory"]) for cell in ("lstm", "gru", "rnn")]
        [['f', 'c'], ['z', 'h'], ['h']]
    """
    doing = {
        "What is kept": [entry.keep_gate] if entry.keep_gate else [],
        "Memory": [entry.kept_state or entry.output],  # a cell that keeps nothing has its output only
        "Output": [entry.output],
        "Other gates": [gate.name for gate in entry.gates if gate.name not in (*entry.result_names, entry.keep_gate)],
    }
    return list(dict.fromkeys(gate for role in ROLES if role in roles for gate in doing[role]))


CANVASES = ("pair_canvas_1", "pair_canvas_2")
UNIT = "pair_unit"

SCRIPT = """
import numpy as np
import pandas as pd

trace = seqlab.trace_gates(fitted.model, x)
columns = []
for gate in {gates}:
    values = trace.values(gate, layer, direction)[0, : trace.steps()]  # (step, unit) of the window on the screen
    steps, units = values.shape
    columns.append(pd.DataFrame({{
        "gate": gate, "unit": np.tile(np.arange(units), steps), "step": np.repeat(np.arange(1, steps + 1), units), "value": values.ravel(),
    }}))
table = pd.concat(columns, ignore_index=True)
"""


def draw(bench: Bench) -> None:
    """The second model, both pictures, the table of both, the paths of their states."""
    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    other = choose_second(bench.run)
    if other is None:
        st.info("There is no second trained model yet. Train one, for example with another cell on the same data.", icon=":material/info:")
        frame.link("train", "Train another model", icon=":material/play_circle:")
        return
    fitted = open_fitted(other.folder)
    alignment = align(bench, fitted)
    second = open_beside(bench, other, fitted, alignment, unit=st.session_state.get(UNIT))
    roles = st.pills(
        "Compared", list(ROLES), selection_mode="multi", default=["What is kept", "Output"], key="pair_roles", bind="query-params"
    )
    benches = (bench, second)
    limit = shared_limit(benches)
    with st.grid(2, min_column_width=420):
        for place, each in enumerate(benches):
            with st.container():
                _draw_about(each, alignment.said if place else ())
                canvas = linked_canvas(each, gates_of(each.entry, roles), limit=limit, by_date=alignment.same_dates)
                canvas.draw(CANVASES[place], on_select=functools.partial(_take, place, benches))
    st.caption(_reading(benches, alignment))
    _draw_numbers(benches)
    _draw_paths(benches)
    with st.grid(2, min_column_width=420):
        for place, each in enumerate(benches):
            gates = gates_of(each.entry, roles)
            with st.container():
                st.caption(f"The gates of {_name(each)} to take away:")
                offer(each, f"pair_{place + 1}", functools.partial(_table, each, gates), SCRIPT.format(gates=gates))


def _name(bench: Bench) -> str:
    return f"**{escape(bench.run.name)}**"


def _draw_about(bench: Bench, said: tuple[str, ...]) -> None:
    """The name of a model, what it reads, and what differs from the first."""
    st.markdown(_name(bench))
    if not bench.of_series:
        steps = f"{bench.steps:,} step{'' if bench.steps == 1 else 's'}"
        st.caption(f"{escape(bench.entry.label)}, layer {bench.layer + 1}, {steps}. {escape(' '.join(said))} {answer_sentence(bench)}")
        return
    index = bench.prepared.index
    length, horizon = bench.fitted.spec.window.context_length, bench.fitted.spec.window.horizon
    read = f"It reads {when(index, bench.choice.origin - length)} to {when(index, bench.choice.origin - 1)}"
    about = [f"{bench.entry.label}, layer {bench.layer + 1}. {read} and forecasts {horizon:,} step{'' if horizon == 1 else 's'}.", *said]
    if not bench.entry.kept_state:
        about.append("This cell has no gate that keeps its state: it is written anew at every step.")
    st.caption(escape(" ".join(about)))


def _take(place: int, benches: tuple[Bench, Bench]) -> None:
    """A unit and a step were picked on a canvas: the page's own cursor follows, and with it everything else."""
    picked = (st.session_state.get(CANVASES[place]) or {}).get("selected") or {}
    unit, step = picked.get("unit"), picked.get("step")
    bench, first = benches[place], benches[0]
    if not isinstance(unit, int) or not isinstance(step, int) or unit not in bench.order or not 0 <= step < bench.steps:
        return  # the browser may speak of another model's canvas
    if place:
        st.session_state[UNIT] = unit
        if first.of_series:
            step = step_beside(step, bench.steps, bench.trace.segment_length, first.steps, first.trace.segment_length)
        else:
            step = same_step(step, bench.trace.segment_length, first.steps, first.trace.segment_length)
    else:
        st.session_state["unit"] = str(unit)
    st.session_state["step"] = step + 1


def _reading(benches: tuple[Bench, Bench], alignment: Alignment) -> str:
    if not benches[0].of_series or not benches[1].of_series:
        if not alignment.same_dates:
            return "They read different things, so only the shapes can be compared."
        first, second = (named_step(bench, bench.step) for bench in benches)
        return f"Both cursors stand at {first}." if first == second else f"The cursors stand at {first} and at {second}."
    if not alignment.same_dates:
        return "The two windows show different dates, so only their shapes can be compared."
    spans = [_rows_at(bench.first_row, bench.step, bench.trace.segment_length) for bench in benches]
    names = [_dates(benches[0], rows) for rows in spans]
    if spans[0] == spans[1]:
        return f"Both cursors stand at {names[0]}."
    shared = range(max(rows.start for rows in spans), min(rows.stop for rows in spans))
    said = f"The cursors stand at {names[0]} and at {names[1]}"
    if not shared:
        return f"{said}: one of the models reads no step at the other's date."
    return f"{said}: there both read {_dates(benches[0], shared)}."


def _rows_at(first_row: int, step: int, length: int) -> range:
    """Rows of the data that a step of a trace reads: several, where a step is a segment."""
    return range(first_row + step * length, first_row + (step + 1) * length)


def _dates(bench: Bench, rows: range) -> str:
    index = bench.prepared.index
    return when(index, rows[0]) if len(rows) == 1 else f"{when(index, rows[0])} to {when(index, rows[-1])}"


def _draw_numbers(benches: tuple[Bench, Bench]) -> None:
    """What the two models are and do, as a small table."""
    columns = {}
    for place, bench in enumerate(benches):
        name = bench.run.name if benches[0].run.name != benches[1].run.name else f"{bench.run.name} ({place + 1})"
        columns[escape(name)] = _numbers(bench)
    st.table(pd.DataFrame(columns).fillna("–"))  # not a data frame: its cells do not wrap on a narrow screen
    st.caption(
        ("MAE is the mean absolute error in the data's own units. " if benches[0].of_series else "")
        + "Timescale: after so many steps 37 % of what the slowest unit stored is left. Saturated: share of gate values below 0.1 or above "
        f"0.9, over all {benches[0].noun}s of the part that are looked at."
    )


def _numbers(bench: Bench) -> dict[str, str]:
    result, spec, column = bench.run.result, bench.fitted.spec, bench.choice.column
    remembered = memory_steps(bench.trace, bench.layer, bench.direction)
    longest = "no gate keeps the state"
    if remembered is not None:
        longest = timescale(float(remembered.max()) * bench.trace.segment_length)
    gates = [gate.name for gate in bench.entry.gates if (gate.low, gate.high) == (0.0, 1.0)]
    saturated = "no gates"
    if gates:
        values = np.stack([bench.everywhere(gate) for gate in gates])
        saturated = f"{100 * float(((values < 0.1) | (values > 0.9)).mean()):.0f} %"
    inside = {"Longest timescale": longest, "Saturated": saturated}
    parameters = f"{result.parameters:,}" if result else "–"
    best = number(result.best_validation_loss) if result else "–"
    if not bench.of_series:
        scores = {f"Test {text.label}": text.value for text in score_texts(bench.run)[:2]} if result else {}
        return {"Parameters": parameters, **scores, "Best validation loss": best, **inside}
    y_pred, y_true = bench.forecast.y_pred[0, :, column], bench.forecast.y_true[0, :, column]
    seen = np.isfinite(y_true)
    error = float(np.abs(y_pred - y_true)[seen].mean()) if seen.any() else float("nan")
    return {
        "Parameters": parameters,
        "Test MAE": number(result.scores.get("mae", float("nan"))) if result else "–",
        "Trained to make small": (option_of(TrainConfig, "loss").choices or {}).get(spec.training.loss, spec.training.loss),
        "Best validation loss": best,
        **inside,
        "First step forecast here": number(float(y_pred[0])),
        "What came": number(float(y_true[0])),
        "MAE of this window": number(error),
    }


def _draw_paths(benches: tuple[Bench, Bench]) -> None:
    st.markdown("**Paths of both states**, each in the two directions in which it moves most")
    with st.grid(2, min_column_width=420):
        for place, bench in enumerate(benches):
            output = bench.entry.output
            info = path_picture(
                project_states(bench.trace.values(output, bench.layer, bench.direction), inside=bench.trace.inside()), bench
            )
            with st.container():
                st.caption(_name(bench))
                show_figure(
                    plot_trajectory(info, height=400), key=f"pair_path_{place + 1}", alt=f"Path of the output {output} of {bench.run.name}"
                )  # fmt: skip
    st.caption("The axes of the two pictures have nothing to do with each other; shapes can be compared: loops, drifts, where paths meet.")


def _table(bench: Bench, gates: list[str]) -> pd.DataFrame:
    columns = []
    for gate in gates:
        values = bench.values(gate)[0]
        steps, units = values.shape
        unit, step = np.tile(np.arange(units), steps), np.repeat(np.arange(1, steps + 1), units)
        columns.append(pd.DataFrame({"gate": gate, "unit": unit, "step": step, "value": values.ravel()}))
    return pd.concat(columns, ignore_index=True) if columns else pd.DataFrame(columns=["gate", "unit", "step", "value"])
