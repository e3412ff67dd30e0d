"""One step with the numbers: a unit's gates at one step, computed again term by term, in a picture, in words and in equations."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.figures.gate_terms import plot_terms, term_bars
from seqlab.gates.hand_table import HAND_CELLS
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.check import draw_check
from seqlab.ui.lab.choice import one_of
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.reading import name_of_step
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.step_walk import StepPicture, draw_walk, scale_of

if TYPE_CHECKING:
    from seqlab.gates.one_step import GateSum, OneStep, Term

__all__ = ["draw", "draw_step"]

NAMED = 3  # terms that are named in a sentence

INTRO = Intro(
    shown=(
        "One unit at one step: how its gates come about from the input and from the last outputs of its layer, with every number computed "
        "again from the weights of the trained network."
    ),
    look_for=(
        "Step through the stages with Next; then look which input or which other unit opens or shuts a gate. "
        "Choose the unit and the step above."
    ),
    sources=(
        "Every gate is a weighted sum of the inputs and of the last outputs of all units, plus two biases, squeezed by σ or tanh.",
        "σ(a) = 1 / (1 + exp(−a)) lies between 0 and 1, tanh(a) between −1 and 1. Equations as in torch's documentation.",
    ),
    formulas=(r"\sigma(a) = \frac{1}{1 + e^{-a}}", r"a = \textstyle\sum_j W_{ij}\, x_j + b_i + \sum_k W_{hk}\, h_{k,t-1} + b_h"),
    myths=(
        (
            "“z = 1 means: update.”",
            "In PyTorch z = 1 keeps the old state. Cho et al. 2014 and Chung et al. 2014 print the opposite roles.",
        ),
        (
            "“The reset gate hides the old state before the matrix product.”",
            "In the paper, yes. In PyTorch (and cuDNN) it acts after the product: on W h + b, the bias included.",
        ),
        (
            "“A large weight means a large influence.”",
            "What counts is weight times value: a large weight on an input that is near 0 adds nothing at this step.",
        ),
    ),
)

SCRIPT = """
from seqlab.gates.one_step import one_step

trace = seqlab.trace_gates(fitted.model, x)
names = {names!r}
seen = one_step(fitted.model, x, trace, layer=layer, direction=direction, unit=unit, step=step, feature_names=names)
print("largest difference from the trace:", seen.max_error)
table = seen.table()
"""


def draw(bench: Bench) -> None:
    """The view by itself."""
    introduce(INTRO)
    if bench.entry.key in HAND_CELLS:
        offer(bench, "one_step", draw_step(bench).table(), SCRIPT.replace("{names!r}", repr(_input_names(bench))))
    else:
        st.info(f"The cell {bench.entry.label} cannot be taken apart step by step.", icon=":material/info:")


def draw_step(bench: Bench, *, terms: bool = True) -> "OneStep":
    """Picture and walk, the sum of one gate, the check; for the chosen layer, direction, unit and step.

    Args:
        bench: what is looked at.
        terms: whether the sum of one gate is drawn. Its chart brings 5 MB of script, which a page that should appear at once can spare.
    """
    from seqlab.gates.one_step import one_step  # cheap, but its work imports torch

    seen = one_step(
        bench.fitted.model,
        bench.x,
        bench.trace,
        layer=bench.layer,
        direction=bench.direction,
        unit=bench.unit,
        step=bench.step,
        feature_names=_input_names(bench),
    )
    st.subheader("One step, with the numbers", anchor=False)
    st.markdown(_where(bench, seen))
    values = dict(seen.values) | ({"x": float(seen.x[0])} if len(seen.x) == 1 else {})
    draw_walk(
        StepPicture(
            key="step",
            recipe=seen.recipe,
            values=values,
            sums=seen.sums,
            scale=scale_of(values, seen.recipe),
            alt=f"The {bench.entry.label} cell at step {bench.step + 1}, with the numbers of unit {bench.unit} on its lines",
        )
    )
    if not terms:
        _draw_check(seen)
        st.caption("The view One step also shows each gate's sum, term by term.")
        return seen
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _draw_terms(bench, seen)
    with right:
        _draw_check(seen)
    return seen


def _where(bench: Bench, seen: "OneStep") -> str:
    layers = f" of layer {bench.layer + 1}" if bench.trace.num_layers > 1 else ""
    read = "number" if len(seen.x) == 1 else "numbers"
    below = f"layer {bench.layer}" if bench.layer else _source(bench)
    name = name_of_step(bench, bench.step)
    last = "it has read nothing yet" if _is_first(bench) else f"and the last output{'' if len(seen.h_before) == 1 else 's'} of "
    last = last if _is_first(bench) else f"{last}all {len(seen.h_before)} units of this layer"
    way = ", reading backward" if bench.direction == "backward" else ""
    return (
        f"Unit {bench.unit}{layers}{way} at step {bench.step + 1:,} of {bench.steps:,}{f' ({name})' if name else ''}. "
        f"It reads {len(seen.x):,} {read} from {below}{';' if _is_first(bench) else ''} {last}.{_relative(bench)}"
    )


def _source(bench: Bench) -> str:
    """What the first layer reads."""
    if bench.fitted.model.front is not None:
        return "the convolutions below"
    if bench.of_series or not bench.sequences.vocabulary:
        return "the data"
    return f"the embedding of this {bench.sequences.unit}"


def _input_names(bench: Bench) -> tuple[str, ...]:
    """One name per number that the first layer reads of a step."""
    prepared, width = bench.fitted.prepared, int(bench.fitted.model.recurrent.input_size) if bench.fitted.model.recurrent is not None else 0
    if bench.fitted.model.front is not None:
        return tuple(f"filter {place + 1}" for place in range(width))
    if not bench.of_series and bench.sequences.vocabulary:
        return tuple(f"embedding {place + 1}" for place in range(width))
    return tuple(prepared.feature_names)


def _relative(bench: Bench) -> str:
    """Why x is not the value in the data: the first layer reads what is forecast as a difference."""
    if not bench.of_series:
        return ""
    base = {"last": "the window's last value, so it is 0 at the last step", "mean": "the window's mean", "seasonal": "the window's mean"}
    relative_to = base.get(bench.fitted.spec.model.reference)
    if not relative_to or bench.layer:
        return ""
    return f" What is to be forecast is read, scaled, as its difference from {relative_to}."


def _is_first(bench: Bench) -> bool:
    return bench.step == (bench.steps - 1 if bench.direction == "backward" else 0)


@st.fragment
def _draw_terms(bench: Bench, seen: "OneStep") -> None:
    sums = {one.name: one for one in seen.sums}
    st.markdown("**What a gate's sum is made of**")
    name = one_of("Gate", list(sums), bench.entry.keep_gate or next(iter(sums)), key="step_gate")
    chosen = sums[name]
    label = seen.recipe.node(name).label
    function = "σ" if chosen.activation == "sigmoid" else "tanh"
    st.markdown(_terms_in_words(chosen, label, function))
    terms = [(term.name, term.product) for term in chosen.terms if term.source != "bias"]
    show_figure(
        plot_terms(term_bars(terms, chosen.subtotal("bias")), before=f"{function} of {name}"),
        key="step_terms",
        alt=f"The largest terms of the sum of {label}, one after the other",
    )


def _terms_in_words(chosen: "GateSum", label: str, function: str) -> str:
    def named(source: str) -> str:
        largest = [term for term in chosen.largest(NAMED, source) if term.product]
        return ", ".join(_term_in_words(term) for term in largest) or "none, all are 0"

    through = ""
    if chosen.factor_name:
        through = f" (all already times {chosen.factor_name} = {chosen.factor:.3f})"
    return (
        f"{label}: inputs add {_signed(chosen.subtotal('x'))}, the last states {_signed(chosen.subtotal('h'))}{through}, biases "
        f"{_signed(chosen.subtotal('bias'))}; {function} turns the sum {_signed(chosen.total)} into **{chosen.value:.3f}**. "
        f"Largest terms of W·x: {named('x')}. Largest terms of W·h: {named('h')}."
    ).replace("-", "−")


def _term_in_words(term: "Term") -> str:
    return f"{escape(term.name)} ({term.weight:.2f} × {term.value:.2f} = {_signed(term.product)})"


def _signed(number: float) -> str:
    return f"{number:+.2f}"


def _draw_check(seen: "OneStep") -> None:
    names = list(seen.traced)
    table = pd.DataFrame(
        {
            "": names,
            "what": [seen.recipe.node(name).label for name in names],
            "recomputed": [seen.values[name] for name in names],
            "in the trace": [seen.traced[name] for name in names],
        }
    )
    table["difference"] = [f"{abs(a - b):.1e}" for a, b in zip(table["recomputed"], table["in the trace"], strict=True)]
    st.markdown("**Computed again, and compared with the trace**")
    number = st.column_config.NumberColumn(format="%.5f")
    st.dataframe(
        table, hide_index=True, width="content", key="step_check", column_config={"recomputed": number, "in the trace": number}
    )  # fmt: skip
    if np.isnan(seen.max_error):
        st.warning("The trace holds NaN at this step, so there is nothing to compare with.")
        return
    draw_check(
        seen.max_error,
        held=(
            "every number above, computed again from the weights, equals the trace; "
            f"largest difference |Δ| = {seen.max_error:.1e}, the rounding of single precision."
        ),
        broken="The recomputed numbers differ from the trace by up to",
    )
