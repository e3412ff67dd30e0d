"""The answer to the sequence on the screen through training: one number of every snapshot, and the answer of the chosen one."""

from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.figures.answer_so_far import NumberLines, plot_numbers
from seqlab.figures.palette import MODEL
from seqlab.figures.sequence_change import plot_class_change
from seqlab.figures.through_training import Curve, StoryRow
from seqlab.records import Forecast
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.class_answers import classes_said, right_classes
from seqlab.ui.lab.said_view import MOST_WORDS, answer_sentence
from seqlab.ui.messages import escape
from seqlab.ui.tagged_text import TaggedToken, draw_tagged_text

if TYPE_CHECKING:
    from seqlab.gates.through_training import ThroughTraining

__all__ = ["answer_row", "draw_answer"]

Doubles = npt.NDArray[np.float64]


def answer_row(bench: Bench, story: "ThroughTraining") -> StoryRow:
    """How right the answer to the sequence on the screen was at every snapshot."""
    steps = story.steps.astype(np.float64)

    def curve(name: str, values: npt.NDArray[np.floating]) -> Curve:
        return Curve(name=name, steps=steps, values=np.asarray(values, dtype=np.float64), color=MODEL)

    if bench.task == "classify":
        probability, said = classes_said(bench, story.prediction, first_only=True)
        right = int(right_classes(bench)[0, 0])
        shown = right if right >= 0 else int(said[-1, 0])
        name = f"{bench.sequences.classes[shown]}{' (right)' if right >= 0 else ''}, this {bench.noun}"
        return StoryRow(title="probability", share=True, curves=[curve(name, probability[:, 0, shown])])
    if bench.task in {"tag", "translate"}:
        right = right_classes(bench)[0]
        asked = np.flatnonzero(right >= 0)
        said = _by_themselves(story)
        shares = (said[:, asked] == right[asked]).mean(axis=1) if len(asked) else np.full(len(said), np.nan)
        return StoryRow(title="share right", share=True, curves=[curve(f"{_what(bench)}, this {bench.noun}", shares)])
    made, truth = _numbers(bench, story)
    if bench.task == "regress":
        level = float(truth[0, 0]) if np.isfinite(truth[0, 0]) else None
        name = bench.sequences.target_names[0]
        return StoryRow(title="answer", curves=[curve(f"{name}, this {bench.noun}", made[:, 0, 0])], level=level, level_label="right")
    off = np.abs(made[:, : len(truth)] - truth)
    seen = np.isfinite(truth)
    return StoryRow(title="mean |error|", log=True, curves=[curve(f"this {bench.noun}", off[:, seen].mean(axis=1))])


def draw_answer(bench: Bench, story: "ThroughTraining", place: int) -> None:
    """What the network said at one snapshot, and what the finished one says."""
    step = int(story.steps[place])
    if bench.task == "classify":
        probability, said = classes_said(bench, story.prediction, first_only=True)
        classes = bench.sequences.classes
        finished, _ = classes_said(bench, _finished(bench), first_only=True)
        chosen = int(said[place, 0])
        show_figure(
            plot_class_change(
                finished[0, 0],
                probability[place, 0],
                classes,
                right=int(right_classes(bench)[0, 0]),
                of=("finished model", f"step {step:,}"),
            ),
            key="training_classes",
            alt="Probability of each class at this step and of the finished model",
        )
        st.caption(f"At step {step:,} it says {escape(classes[chosen])}.")
    elif bench.task == "tag":
        _draw_tags(bench, story, place)
    elif bench.task == "translate":
        _draw_symbols(bench, story, place)
    else:
        _draw_numbers(bench, story, place)


def _by_themselves(story: "ThroughTraining") -> npt.NDArray[np.int64]:
    """(moment, step) the likeliest class of each step by itself: each snapshot had transitions of its own, where it had any."""
    return np.asarray(story.prediction.argmax(axis=-1), dtype=np.int64)


def _what(bench: Bench) -> str:
    if bench.task == "translate":
        return "symbols, told the right ones before"
    return "tags, each chosen by itself" if bench.loss == "crf" else "tags"


def _draw_tags(bench: Bench, story: "ThroughTraining", place: int) -> None:
    prepared, right = bench.sequences, right_classes(bench)[0]
    labels = prepared.step_labels(bench.choice.part, bench.choice.window)[:MOST_WORDS]
    classes = prepared.classes
    tokens = [
        TaggedToken(text=word, said=classes[now], true=classes[true] if true >= 0 else "")
        for word, now, true in zip(labels, _by_themselves(story)[place].tolist(), right.tolist(), strict=False)
    ]
    draw_tagged_text(tokens, classes)
    each = " (each tag chosen by itself)" if bench.loss == "crf" else ""
    st.caption(f"The tags of step {int(story.steps[place]):,}{each}. Framed: wrong, with the right one behind it. {answer_sentence(bench)}")


def _draw_symbols(bench: Bench, story: "ThroughTraining", place: int) -> None:
    from seqlab.training.writing import symbols_of  # imports torch

    prepared = bench.sequences
    made = prepared.joint.join(symbols_of(_by_themselves(story)[place], prepared.classes))
    st.markdown(f"Told the right symbols before, it says **{escape(made) or '(nothing)'}** at step {int(story.steps[place]):,}.")
    st.caption(f"The finished model, left alone: {answer_sentence(bench)}")


def _numbers(bench: Bench, story: "ThroughTraining") -> tuple[Doubles, Doubles]:
    """(moment, step, target) what was said and (step, target) what is right, in the data's own units."""
    return bench.sequences.to_data_units(story.prediction), np.asarray(cast("Forecast", bench.said).y_true[0], dtype=np.float64)[
        : story.prediction.shape[1]
    ]


def _draw_numbers(bench: Bench, story: "ThroughTraining", place: int) -> None:
    made, truth = _numbers(bench, story)
    names = cast("Forecast", bench.said).targets
    if bench.task == "regress":
        for number, name in enumerate(names):
            st.metric(escape(name), f"{made[place, 0, number]:.4g}", f"right: {truth[0, number]:.4g}", delta_color="off", delta_arrow="off")
        st.caption(f"The finished model: {answer_sentence(bench)}")
        return
    steps = len(bench.sequences.step_labels(bench.choice.part, bench.choice.window))
    lines = [NumberLines(name=name, said=made[place, :steps, number], right=truth[:steps, number]) for number, name in enumerate(names)]
    show_figure(plot_numbers(lines, step=bench.step), key="training_numbers", alt="What was said at every step, and what is right")


def _finished(bench: Bench) -> npt.NDArray[np.floating]:
    """(1, step, output) logits of the finished model for the sequence on the screen."""
    import torch

    model = bench.fitted.model
    with torch.no_grad():
        made: npt.NDArray[np.floating] = model(torch.from_numpy(bench.x[:1])).numpy()
    return made
