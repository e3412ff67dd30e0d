"""The panel above the heat maps of a sequence: what was measured, or how sure the model is after every word."""

from typing import cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.figures.class_probability import mind_info
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH
from seqlab.records import ClassPrediction
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.reading import measured
from seqlab.ui.opened import model_key
from seqlab.ui.trace_canvas import InputLine, InputPanel

__all__ = ["classes_as_read", "sequence_input"]

MOST_LINES = 6
COLORS = (MODEL, *BASELINE_COLORS)

Floats = npt.NDArray[np.float64]


def sequence_input(bench: Bench, length: int) -> InputPanel | None:
    """The panel; ``None`` where there is nothing that belongs to single steps.

    Args:
        bench: what is looked at; no series.
        length: input steps of the picture.
    """
    if not bench.sequences.vocabulary:
        return _measurements(bench, length)
    if bench.task == "classify":
        return _sure_as_read(bench, length)
    return _sure_of_tags(bench, length) if bench.task == "tag" else None


def _measurements(bench: Bench, length: int) -> InputPanel:
    values, names = measured(bench), bench.sequences.feature_names
    drawn = list(range(len(names))) if len(names) <= MOST_LINES else [bench.choice.column]
    # one line is the data itself; several are told apart
    colors = (TRUTH,) if len(drawn) == 1 else COLORS
    lines = [
        InputLine(name=names[place], values=_filled(values[:, place], length), color=colors[number % len(colors)])
        for number, place in enumerate(drawn)
    ]
    what = f"Input: {names[drawn[0]]}" if len(drawn) == 1 else "Input"
    return InputPanel(title=f"{what} (one of {len(names)} features)" if len(names) > MOST_LINES else what, lines=lines)


def classes_as_read(bench: Bench) -> tuple[npt.NDArray[np.int64], Floats]:
    """(beginning,) lengths of beginnings of the sequence on the screen, (beginning, class) what the model says of each."""
    return _beginnings(*model_key(bench.run.folder), bench.choice.part, bench.choice.window, _bench=bench)


@st.cache_data(max_entries=64, show_spinner=False)
def _beginnings(path: str, stamp: int, part: str, window: int, _bench: Bench) -> tuple[npt.NDArray[np.int64], Floats]:  # noqa: ARG001
    from seqlab.evaluation.beginnings import beginnings  # its work imports torch

    return beginnings(_bench.fitted, part, window)


def _sure_as_read(bench: Bench, length: int) -> InputPanel:
    lengths, probability = classes_as_read(bench)
    said = cast("ClassPrediction", bench.said)
    right = said.classes[int(said.y_true[0, 0])] if said.y_true[0, 0] >= 0 else ""
    info = mind_info(probability, list(said.classes), true=right, most=4)
    steps = np.arange(1, int(lengths[-1]) + 1)
    lines = []
    for number, (name, line) in enumerate(zip(info.names, info.lines, strict=True)):
        if len(said.classes) == 2 and number:
            break  # it mirrors the first
        shown = f"{name} (right)" if name == right else name
        values = np.interp(steps, lengths, line)
        lines.append(InputLine(name=shown, values=_filled(values, length), color=COLORS[number % len(COLORS)]))
    return InputPanel(title="Probability so far", lines=lines)


def _sure_of_tags(bench: Bench, length: int) -> InputPanel | None:
    said = cast("ClassPrediction", bench.said)
    if said.probability is None:
        return None
    steps = int((said.y_pred[0] >= 0).sum())
    every = np.arange(steps)
    lines = [("of the tag that was said", said.y_pred[0, :steps], MODEL), ("of the right tag", said.y_true[0, :steps], TRUTH)]
    return InputPanel(
        title="Probability",
        lines=[
            InputLine(
                name=name,
                values=_filled(np.where(tags >= 0, said.probability[0, every, np.maximum(tags, 0)], np.nan), length),
                color=color,
                dashed=color == TRUTH,
            )
            for name, tags, color in lines
        ],
    )


def _filled(values: npt.NDArray[np.floating], length: int) -> Floats:
    """With NaN up to so many steps."""
    kept = np.asarray(values[:length], dtype=np.float64)
    return np.pad(kept, (0, length - len(kept)), constant_values=np.nan)
