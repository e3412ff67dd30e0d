"""The list of changes a user makes to a model: lessons, one's own, as text in the address."""

from typing import Any

import streamlit as st

from seqlab.errors import SeqlabError
from seqlab.gates.intervention import Intervention, in_words
from seqlab.models.table import CellEntry
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.change_lessons import lessons
from seqlab.ui.lab.change_text import FORM, NOTHING, read_changes, read_numbers, write_changes
from seqlab.ui.lab.choice import follow_default
from seqlab.ui.messages import attempt, draw_problem, escape, show_error

__all__ = ["choose_changes"]

KEY = "change_list"
OPS = {"set": "set to (:=)", "scale": "times (×)", "shift": "plus, before the activation (+)", "mean": "set to its mean"}
WHICH_UNITS = ("All", "The picked unit", "Some")


def choose_changes(bench: Bench) -> list[Intervention] | None:
    """The changes, checked against the model; ``None`` if they cannot be made, which then is said."""
    offered = lessons(bench.entry, steps=bench.steps, layer=bench.layer, direction=bench.direction, noun=bench.noun, answer=bench.answer)
    default = write_changes(offered[0].changes)
    follow_default(KEY, default)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for number, lesson in enumerate(offered):
            text = write_changes(lesson.changes)
            st.button(lesson.label, key=f"change_lesson_{number}", help=lesson.help, on_click=_put, args=(text,), icon=":material/school:")
        with st.popover("Add a change", icon=":material/add:"):
            _draw_adding(bench)
        st.button("Remove all", key="change_none", on_click=_put, args=(NOTHING,), icon=":material/delete_sweep:")
    draw_problem()
    given: dict[str, Any] = {"key": KEY, "bind": "query-params"} | ({} if KEY in st.session_state else {"value": default})
    text = st.text_input("Changes as text", **given, help=f"What the address keeps. It reads {FORM}.")
    try:
        changes = read_changes(text or "")
        _check(bench, changes)
    except SeqlabError as error:
        show_error(error)
        st.caption(f"Correct the text above, or choose one of the lessons: they fit this cell and this {bench.noun}.")
        return None
    with st.container(gap=None):
        for number, change in enumerate(changes):
            _draw_change(bench.entry, changes, number, change)
    return changes


def _check(bench: Bench, changes: list[Intervention]) -> None:
    from seqlab.gates.opening import open_stack  # imports torch
    from seqlab.gates.replay import check_all

    check_all(open_stack(bench.fitted.model), changes, steps=bench.steps, count_from=1)


def _put(text: str) -> None:
    st.session_state[KEY] = text


def _draw_change(entry: CellEntry, changes: list[Intervention], number: int, change: Intervention) -> None:
    gate = next(gate for gate in entry.gates if gate.name == change.gate)
    beyond = ""
    if change.op == "set" and isinstance(change.value, float) and gate.low is not None and gate.high is not None:
        beyond = "" if gate.low <= change.value <= gate.high else f" (by itself it stays within {gate.low:g} and {gate.high:g})"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(escape(f"{number + 1}. {in_words(change, label=gate.label, first_step=1)}{beyond}"), width="content")
        left = write_changes([*changes[:number], *changes[number + 1 :]])
        st.button("Remove", key=f"change_remove_{number}", icon=":material/close:", type="tertiary", on_click=_put, args=(left,))


def _draw_adding(bench: Bench) -> None:
    entry = bench.entry
    gate = st.segmented_control(
        "Gate or state", list(entry.gate_names), default=entry.keep_gate or entry.gate_names[-1], key="change_gate", required=True
    )
    op = st.selectbox("Becomes", list(OPS), format_func=lambda op: OPS[op], key="change_op")
    value = None
    if op != "mean":
        value = st.number_input("Value", value=1.0, step=0.1, key="change_value", help="0 closes a gate, 1 opens it.")
    which = st.segmented_control("Units", list(WHICH_UNITS), default=WHICH_UNITS[0], key="change_which", required=True)
    some = ""
    if which == "Some":
        some = st.text_input("Which", value=str(bench.unit), key="change_units", help="Unit numbers, such as 3 or 0-4,7.")
    steps = (1, bench.steps)
    if bench.steps > 1:
        kept = st.session_state.get("change_steps")
        if kept is not None and not 1 <= kept[0] <= kept[1] <= bench.steps:
            st.session_state.pop("change_steps")
        steps = st.slider("Steps, first and last", 1, bench.steps, (1, bench.steps), key="change_steps")
    st.button(
        "Add",
        key="change_add",
        type="primary",
        icon=":material/add:",
        on_click=attempt,
        args=(_add, bench, gate, op, value, which, some, steps),
    )


def _add(bench: Bench, gate: str, op: str, value: float | None, which: str, some: str, steps: tuple[int, int]) -> None:
    units = None if which == "All" else [bench.unit] if which == "The picked unit" else read_numbers(some, "The units")
    every = steps == (1, bench.steps)
    change = Intervention(
        gate=gate,
        op=op,
        value=value,
        units=units,
        steps=None if every else range(steps[0] - 1, steps[1]),
        layer=bench.layer,
        direction=bench.direction,
    )
    _check(bench, [change])
    together = write_changes([*read_changes(st.session_state.get(KEY) or ""), change])
    read_changes(together)  # refuses too many
    _put(together)
