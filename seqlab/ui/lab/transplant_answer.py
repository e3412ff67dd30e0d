"""The answer to a sequence with the memory of another one at the cursor's step, beside the answers of both."""

from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from seqlab.figures.answer_so_far import NumberLines, plot_numbers
from seqlab.figures.palette import BASELINE_COLORS, MODEL, UNIT
from seqlab.figures.sequence_change import plot_class_bars
from seqlab.records import Forecast
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.class_answers import classes_said, right_classes
from seqlab.ui.lab.said_view import MOST_WORDS
from seqlab.ui.messages import escape
from seqlab.ui.tagged_text import TaggedToken, draw_tagged_text

if TYPE_CHECKING:
    from seqlab.gates.transplant import Transplant

__all__ = ["draw_transplanted"]

DONOR = BASELINE_COLORS[1]


def draw_transplanted(bench: Bench, made: "Transplant", at: int) -> None:
    """The answers after the exchange at one step.

    Args:
        bench: what is looked at; no series.
        made: the transplant, the chosen donor first.
        at: place of the cursor's step among the steps of the transplant.
    """
    if made.there is not None and not made.there[0, at].any():
        return  # said above: the donor ends before
    if bench.task == "classify":
        probability, said = classes_said(bench, np.stack([made.receiver, made.donors[0], made.mixed[0, at]]), first_only=True)
        named = zip(("A", "B", "A with B's state"), probability[:, 0], (MODEL, DONOR, UNIT), strict=True)
        classes = bench.sequences.classes
        show_figure(
            plot_class_bars(list(named), classes, right=int(right_classes(bench)[0, 0])), key="transplant_classes",
            alt="Probability of each class for A, for B, and for A with B's state",
        )  # fmt: skip
        a, b, mixed = (escape(classes[int(number)]) for number in said[:, 0])
        st.caption(f"A says {a}, B {b}; with B's memory after step {bench.step + 1:,}, A says {mixed}. Right for A is the class marked so.")
    elif bench.task == "tag":
        _draw_tags(bench, made, at)
    elif bench.task == "translate":
        _draw_symbols(bench, made, at)
    else:
        _draw_numbers(bench, made, at)


def _draw_tags(bench: Bench, made: "Transplant", at: int) -> None:
    prepared = bench.sequences
    _, said = classes_said(bench, _padded(bench, np.stack([made.receiver, made.mixed[0, at]])), first_only=True)
    labels = prepared.step_labels(bench.choice.part, bench.choice.window)[:MOST_WORDS]
    tokens = [
        TaggedToken(text=word, said=prepared.classes[now], true=prepared.classes[was])
        for word, was, now in zip(labels, said[0].tolist(), said[1].tolist(), strict=False)
        if was >= 0
    ]
    draw_tagged_text(tokens, prepared.classes)
    st.caption(
        f"A's tags with B's memory after step {bench.step + 1:,}. Framed: tags that flip, with A's own behind them. At the step itself the "
        "tag is said from B's state alone."
    )


def _padded(bench: Bench, logits: np.ndarray) -> np.ndarray:
    """(answer, step, output) with the padding that the bench's x has."""
    missing = bench.x.shape[1] - logits.shape[1]
    return np.pad(logits, ((0, 0), (0, missing), (0, 0)))


def _draw_symbols(bench: Bench, made: "Transplant", at: int) -> None:
    from seqlab.training.writing import symbols_of  # imports torch

    prepared = bench.sequences

    def text(logits: np.ndarray) -> str:
        return escape(prepared.joint.join(symbols_of(logits.argmax(axis=-1), prepared.classes))) or "(nothing)"

    st.markdown(
        f"Told A's symbols all the way, the decoder says **{text(made.receiver)}** for A, **{text(made.donors[0])}** for B, and "
        f"**{text(made.mixed[0, at])}** for A with B's memory after step {bench.step + 1:,}."
    )


def _draw_numbers(bench: Bench, made: "Transplant", at: int) -> None:
    prepared, said = bench.sequences, cast("Forecast", bench.said)
    a, b, mixed = (prepared.to_data_units(values) for values in (made.receiver, made.donors[0], made.mixed[0, at]))
    if bench.task == "regress":
        for place, name in enumerate(said.targets):
            st.metric(
                escape(name), f"A {a[0, place]:.4g} → {mixed[0, place]:.4g}", f"B: {b[0, place]:.4g}", delta_color="off",
                delta_arrow="off", border=True, width=300,
            )  # fmt: skip
        return
    lines = [
        NumberLines(name=name, said=a[:, place], right=said.y_true[0, : len(a), place], changed=mixed[:, place])
        for place, name in enumerate(said.targets)
    ]
    show_figure(plot_numbers(lines, step=bench.step), key="transplant_numbers", alt="What A says, and with B's state")
    st.caption("“Said with the change” is A with B's memory.")
