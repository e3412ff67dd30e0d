"""What the search looks for: gate, threshold, rule, units and the marked span; all of it in the address."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.gates.search import RULES, Span, active_signs
from seqlab.models.table import GateEntry
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.choice import follow_default, one_of

__all__ = ["CANVAS", "SearchChoice", "busiest", "choose_search", "take_span"]

FIRST_STEPS = 3  # marked at first
SPAN, CANVAS = "search_span", "search_canvas"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchChoice:
    """What is looked for.

    Args:
        gate: the gate or state.
        span: the marked steps of the window on the screen.
        threshold: from which |value| on a unit is active.
        units: units to look for, or ``None`` for those active throughout.
        only_here: whether units active just before or after are left out.
        rule: a key of ``RULES``.
    """

    gate: GateEntry
    span: Span
    threshold: float
    units: list[int] | None
    only_here: bool
    rule: str


def choose_search(bench: Bench) -> SearchChoice:
    """The widgets, and what they say."""
    gates = {f"{gate.label} {gate.name}": gate for gate in bench.entry.gates}
    states = [label for label, gate in gates.items() if gate.name == "h"]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        picked = st.selectbox("Gate or state", list(gates), list(gates).index(states[0]), key="search_gate", bind="query-params", width=240)
        gate = gates.get(picked, gates[states[0]])
        threshold = st.number_input(
            "Threshold",
            min_value=0.01,
            max_value=10.0,
            value=0.3,
            step=0.05,
            key="search_threshold",
            bind="query-params",
            width=130,
            help="A unit is active where its value, sign ignored, is at least this. LSTMVis begins with 0.3.",
        )
        rules = {label: key for key, label in RULES.items()}
        rule = one_of(
            "Ranked by",
            list(rules),
            RULES["lstmvis"],
            key="search_rule",
            help="Most units in common, then fewest others: LSTMVis's rule. Jaccard: units in common over all that are active in either.",
        )
        chosen = st.multiselect(
            "Units",
            [str(unit) for unit in range(len(bench.order))],
            key="search_units",
            bind="query-params",
            placeholder="Those active throughout",
            width=260,
            help="Leave empty to take all units that are active in every marked step.",
        )
        only_here = st.toggle(
            "Only here",
            key="search_only_here",
            bind="query-params",
            help="Leave out units that are active in the step just before or just after too: what is left begins and ends with the span.",
        )
    units = sorted(int(unit) for unit in chosen) or None
    first, last = _choose_span(bench)
    return SearchChoice(
        gate=gate,
        span=Span(window=0, first=first - 1, last=last - 1),
        threshold=float(threshold or 0.3),
        units=units,
        only_here=only_here and units is None,
        rule=rules[rule],
    )


def _choose_span(bench: Bench) -> tuple[int, int]:
    """First and last marked step, from 1; at first where most units of the hidden state are active."""
    steps = bench.steps
    first = busiest(bench.values("h")[0])
    default = (first + 1, min(first + FIRST_STEPS, steps))
    follow_default(SPAN, default)
    value = st.session_state.get(SPAN)
    if isinstance(value, list | tuple) and len(value) == 2:  # what another run or part left behind is moved into the bounds
        low, high = (min(max(int(end), 1), steps) for end in sorted(value))
        if (low, high) != tuple(value):
            st.session_state[SPAN] = (low, high)
    chosen = st.slider(
        "Marked steps", min_value=1, max_value=steps, value=default, step=1, key=SPAN, bind="query-params",
        help="In the picture, hold Shift and drag.",
    )  # fmt: skip
    low, high = sorted(int(end) for end in chosen)  # an address may name the last step first
    return low, high


def busiest(values: npt.NDArray[np.floating], length: int = FIRST_STEPS, threshold: float = 0.3) -> int:
    """First step of the span through which most units are active; the last such span.

    Args:
        values: (step, hidden)
        length: steps of the span.
        threshold: from which |value| on a unit is active.

    Example:
        >>> busiest(np.array([[0.9], [0.0], [0.9], [0.9], [0.9]]))
        2
    """
    signs = active_signs(values, threshold)
    length = min(length, len(signs))
    spans = np.lib.stride_tricks.sliding_window_view(signs, length, axis=0)
    counts = ((spans != 0) & (spans == spans[..., :1])).all(axis=2).sum(axis=1)
    return int(len(counts) - 1 - counts[::-1].argmax())


def take_span() -> None:
    """The span that was marked in the picture becomes the slider's."""
    span = (st.session_state.get(CANVAS) or {}).get("span")
    if isinstance(span, list) and len(span) == 2 and all(isinstance(end, int) for end in span):
        st.session_state[SPAN] = (min(span) + 1, max(span) + 1)
