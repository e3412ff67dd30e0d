"""What the network says of the sequence on the screen, beside the right answer; and its units over the words."""

from typing import cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.figures.answer_so_far import NumberLines, plot_numbers
from seqlab.figures.attention import plot_attention
from seqlab.figures.class_probability import plot_class_probability
from seqlab.figures.gate_numbers import round_limit
from seqlab.records import ClassPrediction, Forecast, WrittenPrediction
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.choice import one_of
from seqlab.ui.lab.reading import words_of
from seqlab.ui.lab.sequence_input import classes_as_read
from seqlab.ui.messages import escape
from seqlab.ui.opened import model_key
from seqlab.ui.tagged_text import TaggedToken, draw_tagged_text, draw_valued_text

__all__ = ["answer_sentence", "draw_said", "draw_unit_over_words", "tags_of", "written_of"]

MOST_CLASSES = 4
MOST_WORDS = 400


def answer_sentence(bench: Bench) -> str:
    """What the network says and whether it is right, as Markdown; empty for a forecast."""
    if bench.of_series:
        return ""
    return {
        "classify": _class_sentence,
        "tag": _tag_sentence,
        "regress": _number_sentence,
        "regress_steps": _step_sentence,
        "translate": _written_sentence,
    }[bench.task](bench)


def draw_said(bench: Bench) -> None:
    """The answer, how it came about, and the picked unit over the words."""
    st.subheader("How the answer comes about", anchor=False)
    if bench.task == "classify":
        _draw_classes(bench)
    elif bench.task == "tag":
        _draw_tags(bench)
    elif bench.task == "translate":
        _draw_written(bench)
    else:
        _draw_numbers(bench)
    draw_unit_over_words(bench)


def draw_unit_over_words(bench: Bench) -> None:
    """The words, each coloured by a gate or state of the picked unit; nothing where there are none."""
    words = words_of(bench)[:MOST_WORDS]
    if not words:
        return
    gates = {f"{gate.label} {gate.name}": gate for gate in bench.entry.gates}
    default = next(label for label, gate in gates.items() if gate.name == (bench.entry.kept_state or bench.entry.output))
    st.markdown(f"**Unit {bench.unit} over the {'characters' if bench.sequences.unit == 'character' else 'words'}**")
    gate = gates[one_of("Coloured by", list(gates), default, key="words_gate")]
    values = bench.values(gate.name)
    limit = round_limit(bench.everywhere(gate.name)[:, bench.unit])
    low, high = (-limit if gate.low is None else gate.low), (limit if gate.high is None else gate.high)
    draw_valued_text(words, values[0, : len(words), bench.unit].tolist(), low=low, high=high, close=bench.sequences.unit == "character")
    usual = bench.everywhere(gate.name)[:, bench.unit]
    st.caption(
        f"{gate.label} {gate.name} of unit {bench.unit} after each {bench.sequences.unit}. Over all {len(bench.samples):,} texts that are "
        f"opened its mean is {_signed(float(usual.mean()))}, and the middle 80 % lie between {_signed(float(np.quantile(usual, 0.1)))} and "
        f"{_signed(float(np.quantile(usual, 0.9)))}: one text alone proves nothing."
    )


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


# ---- classes -------------------------------------------------------------------------------------------


def _class_sentence(bench: Bench) -> str:
    said = cast("ClassPrediction", bench.said)
    chosen, right = int(said.y_pred[0, 0]), int(said.y_true[0, 0])
    sure = "" if said.probability is None else f" with a probability of **{100 * float(said.probability[0, 0, chosen]):.1f} %**"
    text = f"It says **{escape(said.classes[chosen])}**{sure}"
    if right < 0:
        return f"{text}."
    if chosen == right:
        return f"{text}: :green[right]."
    its = "" if said.probability is None else f", to which it gives {100 * float(said.probability[0, 0, right]):.1f} %"
    return f"{text}: :red[wrong]. Right is **{escape(said.classes[right])}**{its}."


def _draw_classes(bench: Bench) -> None:
    said = cast("ClassPrediction", bench.said)
    lengths, probability = classes_as_read(bench)
    words = bench.sequences.step_labels(bench.choice.part, bench.choice.window)
    right = said.classes[int(said.y_true[0, 0])] if said.y_true[0, 0] >= 0 else ""
    unit = bench.sequences.unit
    show_figure(
        plot_class_probability(
            probability,
            said.classes,
            labels=[words[length - 1] for length in lengths.tolist()] if bench.sequences.vocabulary else (),
            true=right,
            unit=unit,
            height=300,
        ),
        key="said_classes",
        alt=f"Probability of each class after each {unit}",
    )
    st.caption(
        f"As it is read: after each {unit} the network is asked as if the {bench.noun} ended there, so nothing that comes later has a say. "
        "It was never trained to answer early."
    )


# ---- tags ----------------------------------------------------------------------------------------------


def tags_of(bench: Bench) -> tuple[list[str], list[str]]:
    """(step,) tags that were said and the right ones, which are empty where none is wanted."""
    said = cast("ClassPrediction", bench.said)
    steps = int((said.y_pred[0] >= 0).sum())

    def named(numbers: npt.NDArray[np.int64]) -> list[str]:
        return [said.classes[number] if number >= 0 else "" for number in numbers[:steps].tolist()]

    return named(said.y_pred[0]), named(said.y_true[0])


def _tag_sentence(bench: Bench) -> str:
    said, right = tags_of(bench)
    asked = [(one, other) for one, other in zip(said, right, strict=True) if other]
    if not asked:
        return "No answer is wanted at any step."
    hits = sum(one == other for one, other in asked)
    unit = bench.sequences.unit
    return f"It is right at **{hits:,} of {len(asked):,}** {unit}s that have an answer."


def _draw_tags(bench: Bench) -> None:
    said, right = tags_of(bench)
    labels = bench.sequences.step_labels(bench.choice.part, bench.choice.window)
    tokens = [TaggedToken(text=word, said=one, true=other) for word, one, other in zip(labels[:MOST_WORDS], said, right, strict=False)]
    draw_tagged_text(tokens, bench.sequences.classes)
    st.caption("Below each step the tag that was said. Framed: wrong, with the right one behind it.")


# ---- numbers -------------------------------------------------------------------------------------------


def _number_sentence(bench: Bench) -> str:
    said = cast("Forecast", bench.said)
    pieces = []
    for place, name in enumerate(said.targets):
        made, right = float(said.y_pred[0, 0, place]), float(said.y_true[0, 0, place])
        came = f"; right is **{right:.4g}**, so it is off by {abs(made - right):.3g}" if np.isfinite(right) else ""
        pieces.append(f"It says **{made:.4g}**{f' for {escape(name)}' if len(said.targets) > 1 else ''}{came}.")
    return " ".join(pieces)


def _step_sentence(bench: Bench) -> str:
    said = cast("Forecast", bench.said)
    off = np.abs(said.y_pred[0] - said.y_true[0])
    off = off[np.isfinite(off)]
    if not off.size:
        return "No answer is wanted at any step."
    count = said.y_pred.shape[2]
    return f"It says {count} number{'' if count == 1 else 's'} at every step; mean |error| here **{off.mean():.3g}**."


def _draw_numbers(bench: Bench) -> None:
    said = cast("Forecast", bench.said)
    if bench.task == "regress_steps":
        steps = len(bench.sequences.step_labels(bench.choice.part, bench.choice.window))
        lines = [
            NumberLines(name=name, said=said.y_pred[0, :steps, place], right=said.y_true[0, :steps, place])
            for place, name in enumerate(said.targets)
        ]
        note = ""
    else:
        made = _numbers_as_read(*model_key(bench.run.folder), bench.choice.part, bench.choice.window, _bench=bench)
        lines = [
            NumberLines(name=name, said=made[:, place], right=np.full(len(made), said.y_true[0, 0, place]))
            for place, name in enumerate(said.targets)
        ]
        note = "As it is read: after each step the network is asked as if the sequence ended there. It was never trained to answer early."
    show_figure(plot_numbers(lines, step=bench.step), key="said_numbers", alt="What the network says at every step, and what is right")
    if note:
        st.caption(note)


@st.cache_data(max_entries=32, show_spinner=False)
def _numbers_as_read(path: str, stamp: int, part: str, window: int, _bench: Bench) -> npt.NDArray[np.float64]:  # noqa: ARG001
    """(step, target) what is said of every beginning, in the data's own units."""
    x = _bench.x[:1]
    steps = len(_bench.sequences.step_labels(part, window))
    beginnings = np.where((np.arange(x.shape[1]) < np.arange(1, steps + 1)[:, None])[..., None], x, np.float32(np.nan))
    return np.asarray(_bench.fitted.predict(beginnings.astype(np.float32))[:, 0], dtype=np.float64)


# ---- written sequences ---------------------------------------------------------------------------------


def written_of(bench: Bench) -> str:
    """What was written, as text."""
    said = cast("WrittenPrediction", bench.said)
    return said.joint.join(said.y_pred[0])


def _written_sentence(bench: Bench) -> str:
    said = cast("WrittenPrediction", bench.said)
    right = said.joint.join(said.y_true[0])
    mark = ":green[right]" if said.y_pred[0] == said.y_true[0] else f":red[wrong]. Right is **{escape(right)}**"
    return f"It writes **{escape(written_of(bench)) or '(nothing)'}**: {mark}. The gates here are the encoder's, which reads."


def _draw_written(bench: Bench) -> None:
    looked = _attention(*model_key(bench.run.folder), bench.choice.part, bench.choice.window, _bench=bench)
    if looked is None:
        st.caption("This network has no attention: it writes from the encoder's last state alone.")
        return
    symbols, weights = looked
    said = cast("WrittenPrediction", bench.said)
    source = bench.sequences.step_labels(bench.choice.part, bench.choice.window)
    written = [*said.y_pred[0], "(end)"][: len(symbols)]
    show_figure(plot_attention(weights, source, written), key="said_attention", alt="Where the network looked while it wrote each symbol")
    st.caption("Each row is a symbol that was written: bright is where it looked while it was written.")


@st.cache_data(max_entries=32, show_spinner=False)
def _attention(
    path: str,  # noqa: ARG001  names the model for the cache, as the stamp does
    stamp: int,  # noqa: ARG001
    part: str,  # noqa: ARG001
    window: int,  # noqa: ARG001
    _bench: Bench,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.floating]] | None:
    from seqlab.training.writing import write  # imports torch

    symbols, looked = write(_bench.fitted.model, _bench.x[:1], _bench.sequences.windows("train").y.shape[2])
    return None if looked is None else (symbols[0], looked[0])
