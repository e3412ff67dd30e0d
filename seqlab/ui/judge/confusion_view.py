"""Which classes are taken for which, and the sequences behind every cell."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.confusion import ConfusionInfo, confusion_info, plot_confusion
from seqlab.records import ClassPrediction
from seqlab.ui.compare.take_away import offer
from seqlab.ui.judge.model_choice import choose_model
from seqlab.ui.judge.samples import draw_list, draw_pictures, sample_text
from seqlab.ui.judge.stamp import stamp_lines
from seqlab.ui.judge.stand import JudgeStand
from seqlab.ui.messages import escape

__all__ = ["behind", "draw", "worst_pair"]

_CHART, _TRUE, _SAID = "confusion_chart", "true", "said"
MOST = 200  # sequences in the list
_WAYS = {"Counts": "count", "Share of the true class": "share"}
_CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False, "responsive": True}


def draw(stand: JudgeStand) -> None:
    """The matrix; below it the sequences of the cell that was clicked."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        model = choose_model(stand)
        way = st.segmented_control("Show", list(_WAYS), default="Counts", key="confusion_show", bind="query-params", required=True)
    prediction = stand.classes(model)
    info = confusion_info(prediction)
    if not info.classes:
        st.info("No sequence of the test part has a class, so there is nothing to take for another.", icon=":material/info:")
        return
    st.plotly_chart(
        plot_confusion(prediction, show="share" if _WAYS.get(way or "Counts") == "share" else "count"),
        key=_CHART,
        on_select=lambda: _take(prediction.classes),
        selection_mode="points",
        config=_CONFIG,
        alt=f"How often each class was taken for each, of {int(info.count.sum()):,} answers",
    )
    st.caption("Click a cell for the sequences behind it. Colours are shares of the true class: blue right, orange wrong.")
    true, said = _cell(prediction, info)
    _draw_behind(stand, prediction, true, said)
    offer(stand, "confusion", lambda: _long(info), stamp=stamp_lines(stand))


def _take(classes: tuple[str, ...]) -> None:
    """A click chooses in the menus below, which are also there for those who cannot click."""
    points = st.session_state[_CHART]["selection"]["points"]
    cell = points[0].get("customdata") if points else None
    if cell and min(cell) >= 0:
        st.session_state[_TRUE], st.session_state[_SAID] = classes[int(cell[0])], classes[int(cell[1])]


def worst_pair(info: ConfusionInfo) -> tuple[int, int]:
    """Numbers of the two classes that were confused most often; the most frequent right one if nothing was.

    Args:
        info: the matrix.
    """
    size = len(info.classes)
    wrong = info.count[:, :size] * ~np.eye(size, dtype=bool)
    chosen = wrong if wrong.any() else info.count[:, :size]
    row, column = np.unravel_index(int(chosen.argmax()), chosen.shape)
    return info.numbers[row], info.numbers[column]


def _cell(prediction: ClassPrediction, info: ConfusionInfo) -> tuple[int, int]:
    """The cell that is looked at: two menus, kept in the address."""
    classes = [prediction.classes[number] for number in info.numbers]
    defaults = [prediction.classes[number] for number in worst_pair(info)]
    chosen = []
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for key, label, default in ((_TRUE, "True class", defaults[0]), (_SAID, "Said", defaults[1])):
            if st.session_state.get(key) not in classes:
                st.session_state.pop(key, None)
            picked = st.selectbox(label, classes, classes.index(default), key=key, bind="query-params", width=240)
            chosen.append(prediction.classes.index(picked if picked in classes else default))
    return chosen[0], chosen[1]


def behind(prediction: ClassPrediction, true: int, said: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and steps of the answers in a cell; those the model was surest of come first.

    Args:
        prediction: what one model said.
        true, said: numbers of the two classes.
    """
    rows, steps = np.nonzero((prediction.y_true == true) & (prediction.y_pred == said))
    if prediction.probability is not None:
        order = np.argsort(-np.nan_to_num(prediction.probability[rows, steps, said]), kind="stable")
        rows, steps = rows[order], steps[order]
    return rows, steps


def _draw_behind(stand: JudgeStand, prediction: ClassPrediction, true: int, said: int) -> None:
    rows, steps = behind(prediction, true, said)
    name, other = escape(prediction.classes[true]), escape(prediction.classes[said])
    what = "words" if stand.task == "tag" and stand.unit == "word" else "steps" if stand.task == "tag" else "sequences"
    if not len(rows):
        st.markdown(f"No **{name}** was taken for **{other}**." if true != said else f"No **{name}** was recognized.")
        return
    done = f"are **{name}** and were recognized" if true == said else f"are **{name}** and were taken for **{other}**"
    sure = "; the model was surest of the first" if prediction.probability is not None and len(rows) > 1 else ""
    st.markdown(f"{len(rows):,} {what} {done}{sure}.")
    shown, at = rows[:MOST], steps[:MOST]
    samples = prediction.samples[shown].tolist()
    columns: dict[str, list[object]] = {"Sequence": [sample_text(stand, sample) for sample in samples]}
    if stand.task == "tag":
        spoken = [stand.steps_of(sample)[step] for sample, step in zip(samples, at.tolist(), strict=True)]
        columns = {"Word" if stand.unit == "word" else "Step": [*spoken], "In": columns["Sequence"], "Step number": [*(at + 1).tolist()]}
    if prediction.probability is not None:
        columns["Probability said"] = [*prediction.probability[shown, at, said].astype(float).tolist()]
        if true != said:
            columns["Probability true"] = [*prediction.probability[shown, at, true].astype(float).tolist()]
    draw_list(stand, shown.tolist(), columns, key="behind", alt=f"Sequences of the class {prediction.classes[true]}")
    if len(rows) > MOST:
        st.caption(f"The first {MOST:,} are listed.")
    draw_pictures(stand, samples[:12], [f"{sample + 1:,}" for sample in samples[:12]], key="behind_pictures")


def _long(info: ConfusionInfo) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"true": true, "said": said, "count": int(info.count[row, column]), "share_of_true": float(info.share[row, column])}
            for row, true in enumerate(info.classes)
            for column, said in enumerate(info.said)
        ]
    )
