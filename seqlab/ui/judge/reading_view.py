"""Step by step: the probability of each class as one sequence is read, and when the model made up its mind."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.class_probability import MindInfo, mind_info, plot_class_probability
from seqlab.records import ClassPrediction
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.judge.samples import draw_gates_link, draw_pictures, sample_text
from seqlab.ui.judge.stamp import stamp_lines
from seqlab.ui.judge.stand import JudgeStand
from seqlab.ui.messages import escape
from seqlab.ui.opened import model_key, open_fitted
from seqlab.ui.tagged_text import draw_valued_text

__all__ = ["draw", "mind_sentence"]

_WHICH = {"All": "all", "Wrong ones": "wrong", "Right ones": "right"}


def draw(stand: JudgeStand) -> None:
    """A sequence of the test part, what the model says of each of its beginnings, and what it read."""
    prediction = stand.classes(stand.network)
    row = _choose(prediction)
    if row is None:
        return
    sample = int(prediction.samples[row])
    steps, probability = _beginnings(stand, row)
    labels = [stand.steps_of(sample)[step - 1] for step in steps.tolist()]
    numbered = stand.unit == "step"
    true = prediction.classes[int(prediction.y_true[row, 0])] if prediction.y_true[row, 0] >= 0 else ""
    info = mind_info(probability, list(prediction.classes), true=true)
    st.markdown(escape(mind_sentence(info, steps, labels, true, stand.unit)))
    show_figure(
        plot_class_probability(probability, prediction.classes, labels=labels, true=true, unit=stand.unit),
        key="reading",
        alt=f"Probability of each class after each {stand.unit}",
    )
    if not numbered:
        # What each word did for the answer that was given in the end.
        final = probability[:, prediction.classes.index(info.final)]
        st.caption(f"What each {stand.unit} changed in the probability of {escape(info.final)}:")
        draw_valued_text(labels, np.diff(final, prepend=1 / len(prediction.classes)).tolist(), low=-1.0, high=1.0, close=stand.close)
    draw_pictures(stand, [sample], [sample_text(stand, sample)], key="reading_picture")
    draw_gates_link(stand, row)
    st.caption(
        "Each beginning is read anew, as if the sequence ended there, so nothing that stands later has any influence. A model that was "
        "trained on whole sequences has never had to answer early: a wrong answer on the way is no mistake."
    )
    offer(stand, "step_by_step", lambda: _long(steps, labels, probability, prediction.classes), stamp=stamp_lines(stand))


def _choose(prediction: ClassPrediction) -> int | None:
    """A row of the prediction; ``None`` if there is none of the kind that is asked for."""
    right = prediction.y_true[:, 0] == prediction.y_pred[:, 0]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        which = st.segmented_control("Sequences", list(_WHICH), default="All", key="reading_which", bind="query-params", required=True)
        kind = _WHICH.get(which or "", "all")
        rows = np.flatnonzero(~right if kind == "wrong" else right if kind == "right" else np.ones_like(right))
        if not len(rows):
            st.info(f"There are no {(which or '').lower()} in the test part.", icon=":material/info:")
            return None
        number = st.number_input(f"Sequence, of {len(rows):,}", 1, len(rows), 1, key=f"reading_row.{kind}", width=180)
    return int(rows[min(int(number or 1), len(rows)) - 1])


def mind_sentence(info: MindInfo, steps: npt.NDArray[np.int64], labels: list[str], true: str, unit: str) -> str:
    """When it made up its mind, in words.

    Args:
        info: the numbers of the picture.
        steps: (beginning,) lengths of the beginnings that were read.
        labels: (beginning,) their last words or steps.
        true: the right class; empty if unknown.
        unit: what a step is called.
    """
    at, whole = int(steps[info.settled]), int(steps[-1])
    word = f" ({labels[info.settled]!r})" if unit != "step" else ""
    end = f"It settled on {info.final!r} after {unit} {at:,}{word} of {whole:,}"
    if info.settled == 0:
        end = f"It said {info.final!r} from the first {unit} on"
    elif at == whole:
        end = f"It was undecided to the last {unit}, and ended with {info.final!r}"
    if not true:
        return f"{end}."
    return f"{end}, which is right." if info.final == true else f"{end}; {true!r} would have been right."


def _beginnings(stand: JudgeStand, row: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    with st.spinner("Reading it beginning by beginning …", show_time=False):
        return _computed(*model_key(stand.run.folder), row, _folder=stand)


@st.cache_data(max_entries=100, show_spinner=False)
def _computed(path: str, stamp: int, row: int, _folder: JudgeStand) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:  # noqa: ARG001
    from seqlab.evaluation.beginnings import beginnings  # opening a model imports torch

    return beginnings(open_fitted(_folder.run.folder), "test", row)


def _long(steps: npt.NDArray[np.int64], labels: list[str], probability: npt.NDArray[np.float64], classes: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({"steps_read": steps, "last": labels, **{name: probability[:, place] for place, name in enumerate(classes)}})
