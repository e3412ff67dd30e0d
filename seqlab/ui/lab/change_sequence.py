"""Changed gates and a sequence: the classes, tags, numbers or symbols that the network says without and with the changes."""

from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.answer_so_far import NumberLines, plot_numbers
from seqlab.figures.sequence_change import plot_class_change, plot_moved
from seqlab.gates.intervention import Intervention
from seqlab.records import Forecast
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.change_effect import Effect, measure_effect
from seqlab.ui.lab.change_parts import as_python, bands_of, draw_losses, draw_metric, effect_check
from seqlab.ui.lab.class_answers import classes_said, right_classes
from seqlab.ui.lab.reading import named_step, words_of
from seqlab.ui.lab.said_view import MOST_WORDS
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.tagged_text import TaggedToken, draw_tagged_text

__all__ = ["draw_changed_sequence"]

SCRIPT = """
import numpy as np
import pandas as pd
from seqlab import Intervention

changes = [
{changes}
]
without = seqlab.replay(fitted.model, x, future=future).prediction
changed = seqlab.replay(fitted.model, x, changes, future=future).prediction
sequences, steps, outputs = without.shape
table = pd.DataFrame({{
    "sample": np.repeat({samples}, steps * outputs),
    "step": np.tile(np.repeat(np.arange(1, steps + 1), outputs), sequences),
    "output": np.tile(np.arange(1, outputs + 1), sequences * steps),
    "without": without.ravel(),
    "with": changed.ravel(),
}})
"""

Numbers = npt.NDArray[np.int64]


def draw_changed_sequence(bench: Bench, changes: list[Intervention]) -> None:
    """Metrics, the answer without and with the changes, how far the outputs move, the check."""
    effect = measure_effect(bench, changes)
    if bench.task in {"classify", "tag"}:
        _draw_classes(bench, effect)
    elif bench.task == "translate":
        _draw_written(bench, effect, changes)
    else:
        _draw_numbers(bench, effect)
    draw_losses(bench, effect)
    st.caption(_reading(bench, effect, changes))
    usual = _mean_there(effect.moved) if len(effect.moved) > 1 else None
    output = bench.entry.output
    bands = bands_of(changes, bench.steps, 1)
    show_figure(
        plot_moved(effect.moved[0], usual, bands=bands, labels=words_of(bench), output=output, noun=bench.noun),
        key="change_moved",
        alt=f"How far the output {output} moves at every step",
    )
    effect_check(bench, effect)
    script = SCRIPT.format(changes=as_python(changes), samples=bench.samples.tolist())
    offer(bench, "changed_answers", lambda: _table(bench, effect), script)


def _mean_there(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    there = ~np.isnan(values)
    return np.asarray(np.where(there, values, 0.0).sum(axis=0) / np.maximum(1, there.sum(axis=0)))


# ---- classes and tags ----------------------------------------------------------------------------------


def _draw_classes(bench: Bench, effect: Effect) -> None:
    (before, first), (after, second) = classes_said(bench, effect.without), classes_said(bench, effect.changed)
    classes = bench.sequences.classes
    right = right_classes(bench)
    asked = (right >= 0) & (first >= 0)
    flips = (first != second) & (first >= 0)
    with st.container(horizontal=True, gap="medium"):
        if bench.task == "classify":
            said = int(first[0, 0])
            draw_metric(f"Probability of {_short(classes[said])}", float(before[0, 0, said]), float(after[0, 0, said]), better="up")
            st.metric(
                f"Answers that flip, {len(flips)} {bench.noun}s", f"{int(flips.sum()):,}", f"{100 * flips.mean():.0f} %", delta_color="off",
                delta_arrow="off", border=True, width=260,
            )  # fmt: skip
        else:
            here = int((first[0] >= 0).sum())
            st.metric(f"Tags that flip, this {bench.noun}", f"{int(flips[0].sum()):,} of {here:,}", border=True, width=220)
            share = 100 * flips.sum() / (first >= 0).sum()
            st.metric(f"Tags that flip, {len(flips)} {bench.noun}s", f"{share:.1f} %", border=True, width=240)
        if asked.any():
            shares = [float((chosen == right)[asked].mean()) for chosen in (first, second)]
            draw_metric(f"Share right, {len(flips)} {bench.noun}s", *shares, better="up")
    if bench.task == "classify":
        answer = int(right[0, 0])
        verdict = _flip_sentence(bench, int(first[0, 0]), int(second[0, 0]), answer)
        st.markdown(verdict)
        show_figure(
            plot_class_change(before[0, 0], after[0, 0], classes, right=answer), key="change_classes",
            alt="Probability of each class without and with the change",
        )  # fmt: skip
        return
    _draw_tags(bench, first[0], second[0])


def _short(name: str) -> str:
    return escape(name if len(name) <= 16 else f"{name[:15]}…")


def _flip_sentence(bench: Bench, before: int, after: int, right: int) -> str:
    classes = bench.sequences.classes
    named = f"**{escape(classes[before])}**"
    if before == after:
        return f"It says {named} without and with the change."
    now = "" if right < 0 else " That is right." if after == right else " That was right." if before == right else " Neither is right."
    return f"The answer flips from {named} to **{escape(classes[after])}**.{now}"


def _draw_tags(bench: Bench, before: Numbers, after: Numbers) -> None:
    classes = bench.sequences.classes
    labels = bench.sequences.step_labels(bench.choice.part, bench.choice.window)[:MOST_WORDS]
    tokens = [
        TaggedToken(text=word, said=classes[now], true=classes[was])
        for word, was, now in zip(labels, before.tolist(), after.tolist(), strict=False)
        if was >= 0
    ]
    draw_tagged_text(tokens, classes)
    st.caption("Below each step the tag with the change. Framed: tags that flip, with the one that was said without it behind them.")


# ---- numbers -------------------------------------------------------------------------------------------


def _draw_numbers(bench: Bench, effect: Effect) -> None:
    prepared, said = bench.sequences, cast("Forecast", bench.said)
    before, after = (prepared.to_data_units(values[0]) for values in (effect.without, effect.changed))
    if bench.task == "regress":
        with st.container(horizontal=True, gap="medium"):
            for place, name in enumerate(said.targets):
                right = float(said.y_true[0, 0, place])
                value = f"{before[0, place]:.4g} → {after[0, place]:.4g}"
                st.metric(_short(name), value, f"right: {right:.4g}", delta_color="off", delta_arrow="off", border=True, width=280)
        return
    steps = len(prepared.step_labels(bench.choice.part, bench.choice.window))
    lines = [
        NumberLines(name=name, said=before[:steps, place], right=said.y_true[0, :steps, place], changed=after[:steps, place])
        for place, name in enumerate(said.targets)
    ]
    show_figure(plot_numbers(lines, step=bench.step), key="change_numbers", alt="What is said at every step, without and with the change")


# ---- written sequences ---------------------------------------------------------------------------------


def _draw_written(bench: Bench, effect: Effect, changes: list[Intervention]) -> None:
    from seqlab.gates.replay import replay
    from seqlab.training.writing import symbols_of

    joint = bench.sequences.joint

    def written(made: list[Intervention]) -> str:
        # Left alone, the decoder reads what it has written itself.
        logits = replay(bench.fitted.model, bench.x[:1], made).prediction
        return joint.join(symbols_of(logits[0].argmax(axis=-1), bench.sequences.classes)) if logits is not None else ""

    before, after = written([]), written(changes)
    same = "the same with the change" if before == after else f"with the change **{escape(after) or '(nothing)'}**"
    st.markdown(f"It writes **{escape(before) or '(nothing)'}**; {same}. Changed are the gates of the encoder, which reads.")
    asked = ~np.isnan(bench.y[..., 0])
    shares = [float((values.argmax(axis=-1) == bench.y[..., 0])[asked].mean()) for values in (effect.without, effect.changed)]
    draw_metric(f"Right symbols, {len(asked)} {bench.noun}s", *shares, better="up", help="Told the right symbols before. Without → with.")


# ---- all of them ---------------------------------------------------------------------------------------


def _reading(bench: Bench, effect: Effect, changes: list[Intervention]) -> str:
    if not changes:
        return "Nothing is changed yet: both answers are the same. Choose a lesson, or add a change."
    moved = np.nan_to_num(effect.moved)
    if not moved.any():
        return f"Nothing moves at all: with this change every output of every {bench.noun} is the same, to the last bit."
    step = int(np.argmax(moved[0]))
    several = len(effect.moved) > 1
    usual = f", on average over {len(effect.moved)} {bench.noun}s {effect.moved_last.mean():.2g}" if several else ""
    return (
        f"The output {bench.entry.output} moves farthest at {named_step(bench, step)}, by {moved[0, step]:.2g}; the last state by "
        f"{effect.moved_last[0]:.2g}{usual}. Shaded: the steps that are changed."
    )


def _table(bench: Bench, effect: Effect) -> pd.DataFrame:
    sequences, steps, outputs = effect.without.shape
    return pd.DataFrame(
        {
            "sample": np.repeat(bench.samples, steps * outputs),
            "step": np.tile(np.repeat(np.arange(1, steps + 1), outputs), sequences),
            "output": np.tile(np.arange(1, outputs + 1), sequences * steps),
            "without": effect.without.ravel(),
            "with": effect.changed.ravel(),
        }
    )
